/// Does an operator's commands in a running node: one command line in, one answer out.
#pragma once

#include "actors/mechanism_module.hpp"
#include "actors/observed/actor_slot.hpp"
#include "messages/admin.hpp"
#include "messages/chain.hpp"
#include "messages/events.hpp"
#include "messages/mechanism.hpp"
#include "messages/miner.hpp"
#include "messages/node.hpp"
#include "messages/storage_writer.hpp"
#include "messages/tasks.hpp"
#include "rules/config/node_config.hpp"
#include "storage/data_dir.hpp"

#include <caf/actor.hpp>

#include <functional>
#include <map>
#include <memory>
#include <string>

namespace sluice {

/// `unix_ms`: milliseconds since 1970-01-01 UTC. Errors: none.
struct admin_config {
  node_config config;
  std::string version;
  std::string socket;      // where shells connect; "": nowhere
  bool own_threads = true; // off under the test scheduler: reading the disk then holds it up
  std::function<uint64_t()> unix_ms{}; // for what is written down
  mechanism_list mechanisms{};         // that the program has: their commands, views, sections
  std::string files_below{};           // the configuration's folder: files that orders may name
};

struct admin_links {
  std::shared_ptr<const storage::data_dir> disk;
  owned_storage_writer_actor storage_writer;
  std::map<std::string, mechanism_actor> mechanisms; // that this node runs, by name
  conductor_actor conductor;
  roster_actor roster;
  std::shared_ptr<actor_slot> root; // the node's place: the tree hangs from it
  caf::actor owner;                 // ends the node when it receives atom::due
  chain_reader_actor chain{};       // where the chain stands, who is registered
  event_manager_actor events{};     // null: there is none
  task_manager_actor tasks{};       // the same
};

/// Reads the actors' statistics where it can and asks an actor only when it is named. What changes
/// something is written to the log and to the table admin_actions, with who and when, before it is
/// answered.
admin_actor spawn_admin(caf::actor_system& system, admin_config config, admin_links links);

} // namespace sluice
