/// What an operator may command and ask about jobs, rounds and their miners.
#pragma once

#include "rules/admin/commands.hpp"

#include <span>

namespace sluice {

/// Each is there as long as the program.
std::span<const admin::command> liquidity_admin_commands();

} // namespace sluice
