/// What changes of the keys that every configuration has mean for a folder that goes on.
#pragma once

#include "io/config/config_change.hpp"
#include "rules/chain/dev_chain.hpp"
#include "rules/config/node_config.hpp"

#include <cstdint>
#include <span>

namespace sluice::io {

/// What a folder has that general keys must fit. `steps` that are done on it count from 0.
struct folder_facts {
  const dev_chain* chain = nullptr; // null: it has none yet
  uint64_t steps = 0;
};

/// Fills in `meaning`, and `allowed` and `why`, of all keys outside of mechanisms' tables, and
/// `meaning` where a whole mechanism came or went.
void judge_general(std::span<config_change> all, const node_config& now, const folder_facts& facts);

} // namespace sluice::io
