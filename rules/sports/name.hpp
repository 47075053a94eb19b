/// The one place where this mechanism's name stands.
#pragma once

#include <string_view>

namespace sluice {

/// In configurations, messages to miners, mechanism scores, logs and on the disk. Never changes.
inline constexpr std::string_view sports_name = "sports";

} // namespace sluice
