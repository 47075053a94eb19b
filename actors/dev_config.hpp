/// From the flags of `sluice node --dev` to a configuration.
#pragma once

#include "actors/mechanism_module.hpp"

namespace sluice {

/// The embedded dev configuration, to which every mechanism adds its part of the world.
result<node_config> dev_config(mechanism_list mechanisms, const dev_request& request);

} // namespace sluice
