/// The shell's commands of consensus and its tasks.
#pragma once

#include "rules/admin/commands.hpp"

#include <span>

namespace sluice {

std::span<const admin::command> consensus_admin_commands();

} // namespace sluice
