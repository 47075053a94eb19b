/// The trading mechanism's part of a configuration file.
#pragma once

#include "io/config/mechanism_section.hpp"

namespace sluice::io {

/// [trading] with [[trading.feeds]], [trading.ledger], [trading.score], [trading.retention] and
/// [trading.thresholds]; docs/configuration.md has every key with its range.
mechanism_section trading_section();

} // namespace sluice::io
