/// Refuses a configuration that is well-formed and yet could never publish weights.
#pragma once

#include "io/config/config_table.hpp"
#include "io/config/mechanism_section.hpp"
#include "rules/config/node_config.hpp"

namespace sluice::io {

/// Whatever the miners do: what the chain would refuse in every epoch, what the guard would, and
/// shares by which no mechanism has a part. `config` is what was read from `root`, without a
/// mistake; the first thing that can never work becomes the mistake, at its key. `more_miners`: how
/// many are allowed beside the file, from 0.
void check_publishing(config_table& root, mechanism_sections sections, const node_config& config,
                      size_t more_miners);

} // namespace sluice::io
