#include "rules/liquidity/score.hpp"

#include "rules/math/wide.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <tuple>

namespace sluice {

namespace {

/// 2^exponent; -1022 to 1023.
double power_of_two(int exponent) {
  return std::bit_cast<double>(static_cast<uint64_t>(exponent + 1023) << 52);
}

/// quotient * 2^-scale to the nearest double, halves to even; `sticky`: the true value is a little
/// above it. The quotient has 64 or 65 bits.
double round_to_double(u128 quotient, bool sticky, int scale) {
  const int drop = (quotient >> 64) != 0 ? 12 : 11; // 53 bits are left
  const u128 rest = quotient & ((u128{1} << drop) - 1);
  const u128 half = u128{1} << (drop - 1);
  auto mantissa = static_cast<uint64_t>(quotient >> drop);
  if (rest > half || (rest == half && (sticky || mantissa % 2 == 1)))
    ++mantissa;
  return static_cast<double>(mantissa) * power_of_two(drop - scale);
}

/// NaN would break the order of a sort.
double sortable(double x) {
  return std::isnan(x) ? -std::numeric_limits<double>::infinity() : x;
}

} // namespace

double ratio(const u256& num, const u256& den) {
  if (den.is_zero() || num.is_zero())
    return 0;
  // Both shifted up to 256 bits their quotient is above 1/2 and below 2: one digit of a long
  // division has 64 bits of it behind the point. These and "was there a remainder" decide every
  // rounding of 53 bits. The range is 2^-256 .. 2^256, far from subnormals.
  const auto num_shift = 256 - num.bit_width();
  const auto den_shift = 256 - den.bit_width();
  u256 rest = num << static_cast<unsigned>(num_shift);
  const u256 divisor = den << static_cast<unsigned>(den_shift);
  const bool one = rest >= divisor;
  if (one)
    rest = rest - divisor;
  std::array<uint64_t, 5> u{0, rest.limb(0), rest.limb(1), rest.limb(2), rest.limb(3)};
  const std::array<uint64_t, 4> v{divisor.limb(0), divisor.limb(1), divisor.limb(2),
                                  divisor.limb(3)};
  const uint64_t behind = limbs::digit<4>(u.data(), v.data(), (u128{v[3]} << 64) | v[2],
                                          limbs::reciprocal_of(v[3], v[2]));
  const bool sticky = (u[0] | u[1] | u[2] | u[3]) != 0;
  return round_to_double((u128{one ? 1U : 0U} << 64) | behind, sticky,
                         64 + static_cast<int>(num_shift) - static_cast<int>(den_shift));
}

u256 value_in_token1(const u256& amount0, const u256& amount1, const u256& sqrt_price_x96) {
  const auto p = widen<4>(sqrt_price_x96);
  const auto value0 = narrow(widen<4>(amount0) * (p * p), 3); // 2^192 is three limbs
  if (!value0)
    return u256::max();
  const u256 sum = *value0 + amount1;
  return sum < amount1 ? u256::max() : sum;
}

double impermanent_loss(const u256& hodl_value, const u256& final_value, const u256& fees_value) {
  if (fees_value > final_value) { // cannot come from a pool, but stays defined
    const u256 excess = fees_value - final_value;
    const u256 loss = hodl_value + excess;
    return ratio(loss < excess ? u256::max() : loss, hodl_value);
  }
  const u256 principal = final_value - fees_value;
  return principal >= hodl_value ? 0 : ratio(hodl_value - principal, hodl_value);
}

double range_factor(double capped_gain, double in_range_ratio, const score_terms& terms) {
  const bool turned = terms.range == range_measure::value && capped_gain < 0;
  return terms.range_floor + terms.range_share * (turned ? 1 - in_range_ratio : in_range_ratio);
}

double score(const plan_metrics& metrics, const score_terms& terms) {
  const auto& start = metrics.initial_value;
  const auto& end = metrics.final_value;
  if (start.is_zero())
    return terms.score_min;
  const double gain = end >= start ? ratio(end - start, start) : -ratio(start - end, start);
  const double capped = std::clamp(gain, -terms.return_cap, terms.return_cap);
  const double penalty = std::exp(-terms.penalty_rate * metrics.impermanent_loss);
  double points = capped >= 0 ? capped * penalty : capped / penalty;
  points *= range_factor(capped, metrics.in_range_ratio, terms);
  if (std::isnan(points))
    return terms.score_min;
  return std::clamp(points, terms.score_min, terms.score_max);
}

double entered_value(double score, std::optional<double> baseline, const score_terms& terms) {
  if (!baseline)
    return score;
  const double difference = score - *baseline;
  return std::abs(difference) < terms.excess_min ? 0 : difference;
}

double failed_value(double kept, std::optional<double> baseline, const score_terms& terms) {
  return std::min(0.0, entered_value(kept, baseline, terms));
}

std::vector<miner_uid> rank(std::vector<contender> contenders) {
  const auto key = [](const contender& x) {
    return std::tuple{x.invalid, -sortable(x.score), !x.incumbent, -sortable(x.combined_before),
                      x.uid};
  };
  std::sort(contenders.begin(), contenders.end(),
            [&](const contender& a, const contender& b) { return key(a) < key(b); });
  std::vector<miner_uid> uids;
  uids.reserve(contenders.size());
  for (const auto& x : contenders)
    uids.push_back(x.uid);
  return uids;
}

} // namespace sluice
