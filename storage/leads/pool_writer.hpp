/// Sourced leads in, verdicts and writes out: the checks of the intake against the stored pool.
#pragma once

#include "rules/ids.hpp"
#include "rules/leads/intake.hpp"
#include "rules/result.hpp"
#include "storage/batch.hpp"
#include "storage/data_dir.hpp"
#include "storage/leads/records.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace sluice::storage {

/// Plans writes; never writes itself.
class pool_writer {
public:
  /// `disk` outlives this.
  pool_writer(const data_dir& disk, disposable_domains disposable)
    : disk_(disk), disposable_(std::move(disposable)) {}

  /// Checks a lead that `submitted_by` handed in; an accepted one is stored, normalised, with its
  /// source. `stored_ms`: milliseconds since 1970. Faults: what the disk reports.
  result<intake_verdict> add(const lead& x, const hotkey& submitted_by, uint64_t stored_ms);

  /// Everything since the last take(), with the counters and the last K, as one batch.
  batch take();
  /// What take() handed out is on the disk. Until then it counts as if it were there.
  void written() { new_ones_.clear(); }

  /// Verdicts since this was made.
  const intake_counts& counts() const { return counts_; }

private:
  result<uint64_t*> counter(const std::string& name);

  const data_dir& disk_;
  disposable_domains disposable_;
  std::set<std::string, std::less<>> new_ones_; // idents that are planned
  std::map<std::string, uint64_t> counters_;    // as they will be
  std::set<std::string> changed_;               // of these, since the last take()
  std::optional<std::string> k_miner_;
  batch planned_;
  intake_counts counts_;
};

} // namespace sluice::storage
