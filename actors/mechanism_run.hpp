/// A mechanism's actors in one run of a node.
#pragma once

#include "actors/fleet/fleet.hpp"
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
#include <memory>
#include <string>
#include <vector>

namespace sluice::net {
class http_router;
}

namespace sluice {

/// What a mechanism may send to. Handles are asked for when a child is started: an actor that
/// comes back has another one, and only then are the mechanism's own children started again.
/// `speed`: from 0, finite; seconds of block time per second of real time. Not checked here.
struct mechanism_context {
  const node_config& config; // exists as long as the node
  double speed = 0;          // of feeds, times real time; 0: as fast as the steps can take it
  std::shared_ptr<storage::data_dir> disk;
  std::function<storage_writer_actor()> storage_writer;
  std::function<roster_actor()> roster;
  std::function<reporter_actor()> reporter;
  std::function<chain_reader_actor()> chain;
  std::function<uint64_t()> unix_ms; // milliseconds since 1970-01-01 UTC; any thread may ask
  std::function<event_manager_actor()> events{}; // observes what happens; empty: nobody does
  std::function<task_manager_actor()> tasks{};   // of periodic tasks; empty: there is none
};

/// One child of the node: whoever comes later in the list may hold the earlier's handle.
struct mechanism_child {
  std::string name; // the actor's path is node/NAME
  std::function<caf::actor(caf::actor_system&)> spawn;
};

class mechanism_run {
public:
  virtual ~mechanism_run() = default;

  /// Its actors, the mechanism's own the last.
  virtual std::vector<mechanism_child> children() = 0;

  /// The mechanism's actor of now; valid once its children were started.
  virtual mechanism_actor actor() const = 0;

  /// How the entry of a worker that came through the fleet is started; empty: it has no workers.
  virtual spawn_entry worker_entry() const { return {}; }

  /// How the entry of another node of this operator that came through the fleet is started; empty:
  /// it shares nothing with them.
  virtual spawn_entry node_entry() const { return {}; }

  /// Adds what it serves over HTTP, once its children were started. Handlers run in the server's
  /// thread and must not block: they read the disk, or send to an actor that answers.
  virtual void add_routes(net::http_router&) {}
};

} // namespace sluice
