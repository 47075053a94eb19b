/// The catalogue of a program: the node's own commands and those of its mechanisms.
#pragma once

#include "actors/mechanism_module.hpp"
#include "rules/admin/catalogue.hpp"

namespace sluice {

/// The mechanisms must outlive it, and every call that was parsed with it.
admin::catalogue commands_of(mechanism_list mechanisms);

/// Whose command this is; null: the node's own, or nobody's.
const mechanism_module* mechanism_of(const admin::command& what, mechanism_list mechanisms);

} // namespace sluice
