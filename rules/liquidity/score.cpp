#include "rules/liquidity/score.hpp"

#include "rules/math/wide.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>

namespace sluice {

namespace {

int bits_of(u128 x) {
  int n = 0;
  for (; x != 0; x >>= 1)
    ++n;
  return n;
}

/// quotient * 2^-scale to the nearest double, halves to even; `sticky`: the true value is a little
/// above it. The quotient has at least 54 bits.
double round_to_double(u128 quotient, bool sticky, int scale) {
  const int drop = bits_of(quotient) - 53;
  const u128 rest = quotient & ((u128{1} << drop) - 1);
  const u128 half = u128{1} << (drop - 1);
  auto mantissa = static_cast<uint64_t>(quotient >> drop);
  if (rest > half || (rest == half && (sticky || mantissa % 2 == 1)))
    ++mantissa;
  return std::ldexp(static_cast<double>(mantissa), drop - scale);
}

/// NaN would break the order of a sort.
double sortable(double x) {
  return std::isnan(x) ? -std::numeric_limits<double>::infinity() : x;
}

} // namespace

double ratio(const u256& num, const u256& den) {
  if (den.is_zero() || num.is_zero())
    return 0;
  // 64 or more quotient bits plus "was there a remainder" decide every rounding of 53 bits. The
  // range is 2^-256 .. 2^256, far from subnormals.
  constexpr int wanted = 64;
  const int num_bits = static_cast<int>(num.bit_width());
  const int den_bits = static_cast<int>(den.bit_width());
  int scale = wanted - (num_bits - den_bits); // quotient = floor(num * 2^scale / den)
  if (scale <= 0) {
    const u256 divisor = den << static_cast<unsigned>(-scale);
    return round_to_double(static_cast<u128>(num / divisor), !(num % divisor).is_zero(), scale);
  }
  int left = scale;
  u256 rest = num;
  if (num_bits < den_bits) {
    rest = rest << static_cast<unsigned>(den_bits - num_bits);
    left -= den_bits - num_bits;
  }
  auto quotient = static_cast<u128>(rest / den);
  rest = rest % den;
  for (; left > 0; --left) {
    const bool carry = rest.bit_width() == 256;
    rest = rest << 1;
    const bool one = carry || rest >= den;
    if (one)
      rest = rest - den; // wraps to the right value when the shift lost a bit
    quotient = quotient << 1 | (one ? 1U : 0U);
  }
  return round_to_double(quotient, !rest.is_zero(), scale);
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
