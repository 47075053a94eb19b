/// The consensus miners and validators of `sluice node --dev`, and of every seeded world.
#pragma once

#include "net/keys/key_file.hpp"
#include "rules/config/node_config.hpp"
#include "rules/consensus/dev_reports.hpp"
#include "rules/result.hpp"

#include <cstdint>
#include <optional>

namespace sluice::tools {

/// The uid of the first consensus miner of a dev world; the others follow.
inline constexpr uint16_t dev_consensus_uid = 50;
/// How many there are.
inline constexpr size_t dev_consensus_miners = 8;

/// The keys of a world's validator; everybody who knows the seed has them. No error.
net::key_pair dev_validator_keys(uint64_t seed, dev_validator_kind x);

/// Adds eight miners, "consensus-50" and so on: four workers and one of each other strategy, with
/// the seed of the world in it: `seed`, else the configuration's. Nothing where the configuration
/// has no [consensus], or has miners of it already. ec::bad_input: one of their uids is taken.
result<nothing> make_dev_consensus(node_config& config, std::optional<uint64_t> seed);

/// Registers the validators of a world, uids 13 to 15, with a permit and stake; nothing without
/// [consensus.world]. ec::bad_input: one of the uids or hotkeys is somebody else's.
result<nothing> add_consensus_neurons(node_config& config);

} // namespace sluice::tools
