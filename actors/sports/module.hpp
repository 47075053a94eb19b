/// The sports mechanism, as everything that is general knows it.
#pragma once

#include "actors/mechanism_module.hpp"

namespace sluice {

const mechanism_module& sports_module();

} // namespace sluice
