/// Wagers, payouts and odds as whole billionths: sums and comparisons of them are exact.
#pragma once

#include "rules/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace sluice {

/// Billionths of a virtual dollar, or of decimal odds (odds of 1.95 are 1'950'000'000).
using nano = int64_t;

inline constexpr nano nano_one = 1'000'000'000;
inline constexpr nano nano_max = 1'000'000'000 * nano_one; // of any input, either sign; inclusive

/// Of a decimal text as JSON has numbers ("10", "-0.5", "1.95e2"), rounded to the nearest
/// billionth, half to even. ec::bad_input: no such number; ec::out_of_range: beyond nano_max.
result<nano> nano_of(std::string_view decimal);

/// Of a double, by its shortest decimal text. Faults as above; also what is not finite.
result<nano> nano_of(double x);

/// "1.95", "10", "-0.5": no zeros at the end.
std::string text_of_nano(nano x);

/// No unit; within half a unit in the last place of the true value.
constexpr double double_of(nano x) {
  return static_cast<double>(x) / static_cast<double>(nano_one);
}

/// wager * odds, rounded to the nearest billionth, half to even. `wager`, `odds`: 0 to nano_max.
/// ec::out_of_range: the result is beyond nano_max.
result<nano> payout_of(nano wager, nano odds);

} // namespace sluice
