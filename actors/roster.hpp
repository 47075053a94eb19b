/// Who is registered, alive, reachable, and by which handle.
#pragma once

#include "messages/miner.hpp"
#include "messages/orders.hpp"
#include "messages/storage_writer.hpp"
#include "rules/chain/dev_chain.hpp"
#include "rules/network_config.hpp"
#include "storage/data_dir.hpp"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace sluice {

/// A miner in this process. `uid`: 0 to 65535, no two with the same one; not checked here.
struct local_miner {
  miner_uid uid;
  hotkey key;
  std::string label; // what people call it
  std::function<miner_actor(caf::actor_system&)> spawn;
  std::string coldkey{};   // who owns the hotkey; "": not known
  std::string mechanism{}; // that it plays; "": any
};

struct roster_config {
  std::vector<local_miner> miners;
  std::vector<allowed_miner> known; // who may come from outside, and its uid
};

struct roster_links {
  std::shared_ptr<const storage::data_dir> disk; // bans, read once, when it is spawned
  storage_writer_actor storage_writer;
};

/// Owns the in-process miners; one that fails is restarted, however often: a miner is never an
/// error of ours. Miners from outside come and go by miner_came and miner_gone. Who was let in at
/// run time is read from the disk as well.
enrolling_roster_actor
spawn_roster(caf::actor_system& system, roster_config config, roster_links links);

/// The hotkeys that may come in from outside: the chain's neurons that are no validators, and who
/// is allowed.
std::vector<allowed_miner>
known_outside(const std::vector<neuron>& neurons, const std::vector<allowed_miner>& allow);

/// Of these, who plays this mechanism, or may.
std::vector<roster_entry> playing(std::vector<roster_entry> all, std::string_view mechanism);

} // namespace sluice
