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
#include <vector>

namespace sluice::storage {

/// Plans writes; never writes itself. What one of these has read counts as one source: the n-th
/// document of a source that equals another of its request is the n-th such on the disk, so that a
/// source that is read again changes nothing, while two equal documents of one source stay two.
/// Memory: a bit per document read, and the documents that were not written yet.
class result_writer {
public:
  /// `disk` outlives this. `origin`: as in stored_result. `stored_ms`: milliseconds since 1970.
  result_writer(const data_dir& disk, std::string origin) : disk_(disk), origin_(origin) {}

  /// The next document. Answers whether it is new (false: it is stored already). ec::bad_input for
  /// one beyond leads_limits, with which nothing changes; else what the disk reports.
  result<bool> add(const curation_result& x, uint64_t stored_ms);

  /// Everything since the last take(), with the counters, as one batch; empty when nothing is new.
  batch take();
  /// What take() handed out is on the disk: it is not remembered any longer. Until then it counts
  /// as if it were there.
  void written();
  /// How many documents wait for take().
  size_t waiting() const { return planned_.size(); }

  uint64_t added() const { return added_; }       // new ones, since this was made
  uint64_t repeated() const { return repeated_; } // that were stored already

private:
  struct request {
    std::vector<bool> met; // of its documents, by number: read from this source already
    std::vector<curation_result> new_ones; // planned and not written, the last numbers
  };

  result<std::optional<uint32_t>> place_of(const curation_result& x, request& of, uint32_t& next);

  const data_dir& disk_;
  std::string origin_;
  std::map<std::string, request, std::less<>> requests_;
  std::vector<write> planned_;
  std::optional<uint64_t> next_arrival_;
  uint64_t added_ = 0;
  uint64_t repeated_ = 0;
};

} // namespace sluice::storage
