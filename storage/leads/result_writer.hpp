/// Curation results in, writes out: the same for an actor that stores one and for a whole file.
#pragma once

#include "rules/leads/lead.hpp"
#include "rules/result.hpp"
#include "storage/batch.hpp"
#include "storage/data_dir.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sluice::storage {

/// Plans writes; never writes itself. The n-th document of a source that equals another of its
/// request is the n-th such on the disk: so a source that is read again changes nothing, while two
/// equal documents of one source stay two. Memory: some 100 bytes per request that the source
/// speaks of, and 50 per document that was stored for it before.
class result_writer {
public:
  /// `disk` outlives this. `origin`: as in stored_result.
  result_writer(const data_dir& disk, std::string origin)
    : disk_(disk), origin_(std::move(origin)) {}

  /// The next document. Answers whether it is new (false: it is stored already). `stored_ms`:
  /// milliseconds since 1970. ec::bad_input for one beyond leads_limits, with which nothing
  /// changes; else what the disk reports.
  result<bool> add(const curation_result& x, uint64_t stored_ms);

  /// Everything since the last take(), with the counter, as one batch; empty when nothing is new.
  /// What was handed out counts as stored.
  batch take();
  /// How many documents wait for take().
  size_t waiting() const { return planned_.size(); }

  /// What comes next is another source. Only while everything that take() handed out is on the
  /// disk, and nothing waits (not checked).
  void next_source() { requests_.clear(); }

  uint64_t added() const { return added_; }       // new ones, since this was made
  uint64_t repeated() const { return repeated_; } // that were stored already

private:
  struct request {
    uint32_t next = 0;                       // number of its next document
    std::multimap<uint64_t, uint32_t> unmet; // stored before, by digest: their numbers
  };

  result<request*> find_request(const std::string& id);
  result<bool> is_stored(const curation_result& x, request& of);

  const data_dir& disk_;
  std::string origin_;
  std::map<std::string, request, std::less<>> requests_;
  std::vector<write> planned_;
  std::optional<uint64_t> next_arrival_;
  uint64_t added_ = 0;
  uint64_t repeated_ = 0;
};

} // namespace sluice::storage
