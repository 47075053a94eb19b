/// The lead miners of `sluice node --dev`.
#pragma once

#include "rules/config/node_config.hpp"
#include "rules/result.hpp"

#include <cstdint>
#include <optional>

namespace sluice::tools {

/// The uid of the first lead miner of a dev world; the others follow.
inline constexpr uint16_t dev_lead_uid = 40;

/// Adds one miner of each strategy, "lead-curator" and so on, with the seed of the world in its
/// strategy: `seed`, else the configuration's. Nothing where the configuration has no [leads], or
/// has miners of leads already. ec::bad_input: one of their uids is taken.
result<nothing> make_dev_leads(node_config& config, std::optional<uint64_t> seed);

} // namespace sluice::tools
