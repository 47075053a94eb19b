/// What a game's node leaves: every player's record, and its weight under each way to compute one.
#pragma once

#include "rules/config/node_config.hpp"
#include "storage/data_dir.hpp"
#include "tests/game/one_game.hpp"

#include <memory>

namespace sluice::game {

/// The weights are computed by the product's own functions from what is stored: rounds do not
/// depend on policy and evidence. The one of the policy and evidence of `config` is compared with
/// the scores that the node itself handed in last. Faults: what the disk reports; ec::corrupt_data
/// when these differ.
result<game_end>
end_of(const game_setup& setup, const std::vector<entrant>& entrants, const node_config& config,
       const std::shared_ptr<storage::data_dir>& disk, const std::vector<double>& evidence);

} // namespace sluice::game
