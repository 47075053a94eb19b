/// freshness -> blend -> fill -> guard -> quantise: from scores to what the chain stores.
#pragma once

#include "rules/result.hpp"
#include "rules/weights/mechanism_scores.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace sluice {

/// Fraction of the emission each mechanism commands, by its name, 0 to 1; what is left is burned.
/// Sum at most 1 (the configuration checks it).
using mechanism_shares = std::map<std::string, double>;

/// Normalised weights by uid, each 0 to 1, sum 1 (or empty).
using weight_vector = std::map<miner_uid, double>;

/// Scores that still count at `now`: this epoch's, or stored ones at most `age_max` epochs old
/// (none from the future). Per mechanism the newest wins, of equals the last; ordered by mechanism.
/// `age_max` 0 takes those of `now` only; no error.
std::vector<mechanism_scores>
fresh(std::span<const mechanism_scores> all_scores, epoch_no now, uint64_t age_max);

/// Sum over mechanisms of share * score / sum(scores of the unbarred). Who is barred by one
/// mechanism is barred for all. A score that is negative or not finite counts as none. The
/// unclaimed part goes to `burn` - but when no mechanism claimed anything the vector is empty. Each
/// weight is 0 to 1, their sum 1; no error.
weight_vector
blend(std::span<const mechanism_scores> all_scores, const mechanism_shares& shares, miner_uid burn);

/// What becomes of weights of fewer uids than the chain takes.
enum class weight_fill : uint8_t {
  none = 0, // the chain refuses them: WeightVecLengthIsLow
  epsilon,  // everybody who is registered gets a little
};

/// The same weights when `least` uids have one above 0, or nobody has; else 1e-5 for everybody in
/// `registered` beside what they have, and all divided by the sum (facts/mechanisms §E). Weights
/// are 0 to 1 with the sum 1; no error.
weight_vector
fill_up(const weight_vector& weights, const std::set<miner_uid>& registered, size_t least);

/// Bounds of a vector that may be published; weights and distances have no unit, 0 to 1.
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

/// The chain's row: (uid, u16) ascending by uid, the largest is 65535, zeros dropped: v =
/// round_half_even(float32(w) / float32(max) * 65535) (facts/substrate §6). Uids are 0 to 65535,
/// values 1 to 65535; a negative or infinite weight counts as 0. No error.
using weight_row = std::vector<std::pair<uint16_t, uint16_t>>;
/// A vector without a positive weight gives an empty row; no error.
weight_row quantise(const weight_vector& weights);

} // namespace sluice
