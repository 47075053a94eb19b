/// The consensus mechanism, as everything that is general knows it.
#pragma once

#include "actors/mechanism_module.hpp"

namespace sluice {

const mechanism_module& consensus_module();

} // namespace sluice
