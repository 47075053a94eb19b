/// What the liquidity mechanism is called in messages to miners.
#pragma once

#include <string_view>

namespace sluice {

inline constexpr std::string_view liquidity_mechanism = "liquidity";

} // namespace sluice
