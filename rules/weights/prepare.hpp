/// What clients do to weights before the chain sees them, with the dangerous defaults refused.
#pragma once

#include "rules/ids.hpp"
#include "rules/result.hpp"
#include "rules/weights/pipeline.hpp"

#include <cstdint>
#include <set>
#include <span>
#include <vector>

namespace sluice {

/// No weight above `limit` times their sum, which becomes 1: what is above the cutoff of
/// facts/mechanisms E, step 4, is cut to it. Uniform when the sum is 0 or `limit` times their
/// number is at most 1: whoever calls refuses sums of 0 before (prepare_weights). Weights are from
/// 0, `limit` is 0 to 1; neither is checked. As many values as came in, by place.
std::vector<double> cap_weights(std::span<const double> weights, double limit);

/// Bounds of the chain.
struct prepare_terms {
  size_t least = 1;      // weights that the chain takes
  double weight_max = 1; // the largest share of the sum, 0 to 1
};

/// Steps 1, 2 and 4 of facts/mechanisms E: zeros go, fewer than `least` are filled up with 1e-5 for
/// everybody who is registered, the largest is capped. ec::refused where the original pays
/// everybody the same: no weight above 0, or fewer registered than `least`; and for a weight that
/// is negative or not finite. The result adds up to 1.
result<weight_vector>
prepare_weights(const weight_vector& weights, const std::set<miner_uid>& registered,
                const prepare_terms& terms);

/// As `quantise`, in double precision throughout: v = round_half_even(w / max * 65535), zeros
/// dropped (facts/mechanisms E, step 5). The examples LP-U16 are made so.
weight_row quantise_double(const weight_vector& weights);

/// May weights be set in this block? When `limit` blocks have passed since the last update, or
/// there was none (0). Blocks of the chain; an update later than now has passed none.
bool rate_limit_ok(uint64_t current_block, uint64_t last_update, uint64_t limit);

} // namespace sluice
