/// The liquidity mechanism as a module of the program.
#pragma once

#include "actors/mechanism_module.hpp"

namespace sluice {

const mechanism_module& liquidity_module();

} // namespace sluice
