/// The operator's hand in a running node: one command line in, one answer out.
#pragma once

#include "actors/mechanism_module.hpp"
#include "actors/observed/seat.hpp"
#include "messages/admin.hpp"
#include "messages/chain.hpp"
#include "messages/keeper.hpp"
#include "messages/mechanism.hpp"
#include "messages/miner.hpp"
#include "messages/node.hpp"
#include "rules/node_config.hpp"
#include "storage/data_dir.hpp"

#include <caf/actor.hpp>

#include <functional>
#include <map>
#include <memory>
#include <string>

namespace sluice {

struct admin_config {
  node_config config;
  std::string version;
  std::string socket;      // where shells connect; "": nowhere
  bool own_threads = true; // off under the test scheduler: reading the disk then holds it up
  std::function<uint64_t()> unix_ms{}; // for what is written down
  mechanism_list mechanisms{};         // that the program has: their commands, views, sections
};

struct admin_links {
  std::shared_ptr<const storage::data_dir> disk;
  archive_keeper_actor keeper;
  std::map<std::string, mechanism_actor> mechanisms; // that this node runs, by name
  conductor_actor conductor;
  roster_actor roster;
  std::shared_ptr<card_seat> root; // the node's place: the tree hangs from it
  caf::actor owner;                // ends the node when it is told atom::due
  chain_reader_actor chain{};      // where the chain stands, who is registered
};

/// Looks at cards where it can and asks an actor only when it is named. What changes something is
/// written to the log and to the table admin_actions, with who and when, before it is answered.
admin_actor spawn_admin(caf::actor_system& system, admin_config config, admin_links links);

} // namespace sluice
