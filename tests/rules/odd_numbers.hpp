/// Doubles that no score or weight may be.
#pragma once

#include <limits>

namespace sluice {

inline constexpr double infinity = std::numeric_limits<double>::infinity();
inline constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

} // namespace sluice
