/// The one place where the name of the trading mechanism stands.
#pragma once

#include <string_view>

namespace sluice {

/// In configurations, mechanism scores, logs and on the disk. Never changes.
inline constexpr std::string_view trading_name = "trading";

} // namespace sluice
