/// Computes and stores daily parts, tiers, standings and weights.
#pragma once

#include "actors/sports/public_view.hpp"
#include "messages/chain.hpp"
#include "messages/events.hpp"
#include "messages/sports/intake.hpp"
#include "messages/storage_writer.hpp"
#include "rules/sports/config.hpp"
#include "storage/data_dir.hpp"

#include <memory>

namespace sluice {

struct sports_scoring_links {
  std::shared_ptr<const storage::data_dir> disk;
  storage_writer_actor storage_writer;
  chain_reader_actor chain;
  sports_intake_actor intake;
  std::shared_ptr<sports_public_view> seen; // gets the standings
  event_manager_actor events;               // null: nobody observes
};

/// A call that comes while a scoring is under way gets that one's. Throws when the disk cannot be
/// read.
sports_scoring_actor spawn_sports_scoring(caf::actor_system& system, const sports_settings& rules,
                                          sports_scoring_links links);

} // namespace sluice
