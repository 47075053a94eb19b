/// A way to a node's fleet that outlives every connection: connects, proves who this is, tells its
/// owner, and begins again when it is lost.
#pragma once

#include "actors/fleet/network.hpp"
#include "actors/fleet/way.hpp"
#include "rules/fleet/pause.hpp"

#include <functional>
#include <string>

namespace sluice {

struct link_config {
  fleet_network network;
  std::string where; // HOST:PORT
  hello_words who;   // certificate and key are filled in
  /// Signs with a miner's hotkey: 128 hexadecimal digits. Others leave it empty.
  std::function<std::string(const std::string& text)> sign;
  guard_bounds bounds{.frames = 1024}; // the node is trusted with more than a peer is
  retry_pauses pauses{};
  std::chrono::milliseconds greeting_timeout{10'000};
};

/// `owner` hears link_up, fleet_frame, fleet_offence and link_down. The link ends with its owner.
fleet_link_actor spawn_link(caf::actor_system& system, link_config config, caf::actor owner);

} // namespace sluice
