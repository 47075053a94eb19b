/// freshness -> blend -> guard -> quantise: from score sheets to what the chain stores.
#pragma once

#include "rules/result.hpp"
#include "rules/weights/score_sheet.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace sluice {

/// Fraction of the emission each mechanism commands; what is left is burned. Sum at most 1.
using mechanism_shares = std::map<std::string, double>;

/// Normalised weights, sum 1 (or empty).
using weight_vector = std::map<miner_uid, double>;

/// Sheets that still count at `now`: this epoch's, or stored ones at most `age_max` epochs old
/// (none from the future). Per mechanism the newest wins, of equals the last; ordered by mechanism.
std::vector<score_sheet> fresh(std::span<const score_sheet> sheets, epoch_no now, uint64_t age_max);

/// Sum over mechanisms of share * score / sum(scores of the unbarred). Who is barred by one
/// mechanism is barred for all. A score that is negative or not finite counts as none. The
/// unclaimed part goes to `burn` - but when no mechanism claimed anything the vector is empty.
weight_vector
blend(std::span<const score_sheet> sheets, const mechanism_shares& shares, miner_uid burn);

struct guard_terms {
  double moved_max = 1; // total variation distance 0..1 from the last good vector; 1 allows all
  size_t uids_min = 1;  // fewer non-zero entries is "nearly empty"
  miner_uid burn;
  double burn_max = 1; // more than this on the burn uid is refused
};

/// The vector itself, or why it must not be published (ec::refused): empty, not finite, negative,
/// not normalised, nearly empty, an unknown uid, too much burned, moved too far.
result<weight_vector> guard(const weight_vector& weights, const std::optional<weight_vector>& last,
                            const std::set<miner_uid>& known, const guard_terms& terms);

/// The chain's row: (uid, u16) ascending by uid, the largest is 65535, zeros dropped:
/// v = round_half_even(float32(w) / float32(max) * 65535) (facts/substrate §6).
using weight_row = std::vector<std::pair<uint16_t, uint16_t>>;
weight_row quantise(const weight_vector& weights);

} // namespace sluice
