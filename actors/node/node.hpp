/// The root: owns everything, in the order in which the later hold handles of the earlier.
#pragma once

#include "actors/fleet/network.hpp"
#include "actors/mechanism_module.hpp"
#include "actors/observed/actor_stats.hpp"
#include "messages/node.hpp"
#include "net/http/listening.hpp"
#include "net/http/tls.hpp"
#include "rules/config/node_config.hpp"
#include "storage/data_dir.hpp"

#include <caf/actor.hpp>

#include <functional>
#include <memory>
#include <optional>

namespace sluice {

/// `speed`: from 0, finite; seconds of block time per second of real time. The number of steps is
/// from 0. Not checked here.
struct node_settings {
  node_config config;
  mechanism_list mechanisms; // that the program has; those of the configuration are run
  double speed = 0;          // of the feeds, times real time; 0: as fast as the rounds can take it
  uint64_t steps = 0;        // of this run; 0: until every mechanism is over
  run_started opening;       // title, folder and sources; the rest is filled in here
  bool own_threads = true;   // off under the test scheduler
  std::optional<fleet_network> fleet{}; // what it listens with; read from config.network.fleet
  std::string version{};                // of the program, for whoever asks
  bool shell = false;                   // opens DIR/shell.sock for operators
  std::string files_below{}; // the configuration's folder: where files that orders name may be
};

/// `unix_ms`: milliseconds since 1970-01-01 UTC. Errors: none.
struct node_links {
  std::shared_ptr<storage::data_dir> disk;
  std::function<reporter_actor(caf::actor_system&)> reporter;
  caf::actor owner;                                       // receives run_over
  std::shared_ptr<const net::listening_socket> gateway{}; // null: nobody comes from outside
  std::function<uint64_t()> unix_ms{};                    // the miner gateway's clock
  std::shared_ptr<const net::listening_socket> metrics{}; // null: nobody reads them
  std::shared_ptr<const net::listening_socket> api{};     // null: no routes are served
  std::shared_ptr<net::server_identity> gateway_tls{};    // null: the miner gateway is plain
  std::shared_ptr<actor_slot> root{}; // the node's own place, for whoever looks; null: it makes one
};

/// Ends on request, or with the reason why it cannot go on.
node_actor spawn_node(caf::actor_system& system, node_settings settings, node_links links);

/// How many steps are done on this folder: what every mechanism that counts them has completed. A
/// count from 0, the least of them; 0 on a new folder. With the configuration also 0 when one of
/// its mechanisms has done none while another has done the first step only: the run was cut off in
/// it. Faults: what the disk reports.
result<uint64_t> steps_done(const storage::data_dir& disk, mechanism_list mechanisms,
                            const node_config* config = nullptr);

/// The dev chain as it begins: the configured neurons, or the miners and our validator. Its block
/// is 1; stakes are in rao, uids from 0 to 65535, as io/config has checked them.
dev_chain genesis_of(const node_config& config);

} // namespace sluice
