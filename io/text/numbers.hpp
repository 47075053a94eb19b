/// Numbers as people read them; what is not a number is "-".
#pragma once

#include "rules/math/u256.hpp"

#include <cstdint>
#include <string>

namespace sluice::report {

/// What stands for NaN and infinity; no function here fails.
inline constexpr const char* no_number = "-";

/// So many digits after the point, 0 or more; never "-0.00".
std::string fixed(double x, int decimals);
/// The same with its sign, "+" too.
std::string signed_fixed(double x, int decimals);

/// A score or an average, which have no unit: six digits after the point, four from 10 on.
std::string score_text(double x);

/// A score or an average in basis points (1e-4), with its sign: "+3.20"; one digit after the point
/// from 100 on, two from 1 on, three from 0.1 on, four below, "0" for what is exactly that.
std::string points_text(double x);

/// A price in token1 per token0, whole tokens: six significant digits at least, two digits after
/// the point at least; "-" for what is not above 0.
std::string price_text(double x);

/// Digits after the point that show about four significant ones of `largest`: 2 to 8; 2 for what is
/// not above 0 or not finite.
int decimals_for(double largest);

/// The shortest decimal that reads back as the same number.
std::string shortest(double x);

/// Smallest units in whole tokens, with its sign, rounded; decimals 0 to 255; no error.
double whole_amount(const i256& amount, uint8_t decimals);

} // namespace sluice::report
