/// The commands of a shell that are about trades, positions and feeds.
#pragma once

#include "rules/admin/commands.hpp"

#include <span>

namespace sluice {

std::span<const admin::command> trading_admin_commands();

/// How their answers are made into tables.
std::span<const admin::column_look> trading_columns();

} // namespace sluice
