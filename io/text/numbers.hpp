/// Numbers as people read them; what is not a number is "-".
#pragma once

#include "rules/math/u256.hpp"

#include <cstdint>
#include <string>

namespace sluice::report {

inline constexpr const char* no_number = "-";

/// So many digits after the point; never "-0.00".
std::string fixed(double x, int decimals);
/// The same with its sign, "+" too.
std::string signed_fixed(double x, int decimals);

/// A score or an average: six digits after the point, fewer when it is large.
std::string score_text(double x);

/// A price: six significant digits at least, two digits after the point at least.
std::string price_text(double x);

/// Digits after the point that show about four significant ones of `largest`: 2 to 8.
int decimals_for(double largest);

/// The shortest decimal that reads back as the same number.
std::string shortest(double x);

/// In whole tokens, with its sign.
double whole_amount(const i256& amount, uint8_t decimals);

} // namespace sluice::report
