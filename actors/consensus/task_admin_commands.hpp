/// The shell's commands of tasks.
#pragma once

#include "rules/admin/commands.hpp"

#include <span>

namespace sluice {

std::span<const admin::command> task_admin_commands();

} // namespace sluice
