/// The consensus mechanism's part of a configuration file.
#pragma once

#include "io/config/mechanism_section.hpp"

namespace sluice::io {

mechanism_section consensus_section();

} // namespace sluice::io
