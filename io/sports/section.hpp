/// The sports mechanism's part of a configuration file.
#pragma once

#include "io/config/mechanism_section.hpp"

namespace sluice::io {

/// [sports] with its tables [sports.composite], [[sports.tiers]], [sports.transport],
/// [sports.feed], [sports.world]. Faults are those of config_table.
mechanism_section sports_section();

} // namespace sluice::io
