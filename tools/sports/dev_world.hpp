/// The sports miners of `sluice node --dev`, and of every seeded world.
#pragma once

#include "rules/config/node_config.hpp"
#include "rules/result.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace sluice::tools {

/// The uid of the first sports miner of a dev world; the others follow.
inline constexpr uint16_t dev_sports_uid = 60;
/// How many there are: one of each strategy of the league.
inline constexpr size_t dev_sports_miners = 9;

/// Gives the world its seed, and adds a miner of each strategy, "sports-60" and so on, that knows
/// the world. `seed`: else the configuration's. Nothing where the configuration has no
/// [sports.world], or has miners of it already. ec::bad_input: one of their uids is taken.
result<nothing> make_dev_sports(node_config& config, std::optional<uint64_t> seed);

} // namespace sluice::tools
