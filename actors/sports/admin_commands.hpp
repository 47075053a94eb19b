/// What an operator may ask of the sports mechanism, and have it do.
#pragma once

#include "rules/admin/commands.hpp"

#include <span>

namespace sluice {

std::span<const admin::command> sports_admin_commands();

} // namespace sluice
