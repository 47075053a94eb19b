/// When scores are computed and weights published. Source: facts/mechanisms D3.6.
#pragma once

#include "rules/ids.hpp"
#include "rules/sports/config.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>

namespace sluice {

/// How far two distributions are apart: the sum of the absolute differences, and half of it.
struct weight_change {
  double l1 = 0;
  double total_variation = 0;
};
/// By place; the shorter one goes on with zeros.
weight_change change_between(std::span<const double> before, std::span<const double> now);
/// By uid; who is missing has 0. Vectors of sum 1, or empty.
weight_change
change_between(const std::map<miner_uid, double>& before, const std::map<miner_uid, double>& now);

/// At least the threshold, with a slack of 1e-12.
bool is_significant(const weight_change& x, double threshold);

/// More than `interval` blocks since the last: the original's rule for weights and for scoring.
constexpr bool blocks_are_due(uint64_t current, uint64_t last, uint64_t interval) {
  return current > last && current - last > interval;
}

/// The block that counts as the last one after a failure: a retry is due after more than `retry`
/// blocks. 0 at the least.
constexpr uint64_t last_block_after_failure(uint64_t current, uint64_t interval, uint64_t retry) {
  const auto back = interval > retry ? interval - retry : 0;
  return current > back ? current - back : 0;
}

/// What publishing is decided from. Times: milliseconds of one clock.
struct publish_moment {
  uint64_t now_ms = 0;
  uint64_t block = 0;                    // of the chain, now
  std::optional<uint64_t> last_ms;       // of the last attempt that succeeded; none: there was none
  uint64_t last_block = 0;               // counts as the last one; 0: none
  bool failed_since = false;             // the last attempt failed
  bool under_way = false;                // an attempt has not ended
  std::map<miner_uid, double> published; // the last one that succeeded
  std::map<miner_uid, double> now_vector; // of the newest scoring; empty: no data
};

/// Why weights are to be published now: "first", "timer", "change 0.0712", "retry"; "": they are
/// not. Never without data, never while an attempt is under way, never before more than
/// weights_blocks (after a failure retry_blocks) have passed.
std::string publish_reason(const publish_moment& x, const sports_settings& rules);

} // namespace sluice
