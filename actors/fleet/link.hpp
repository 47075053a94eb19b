/// A link to a node's fleet that outlives every connection: connects, proves who this is, reports
/// to its owner, and begins again when it is lost.
#pragma once

#include "actors/fleet/network.hpp"
#include "actors/fleet/session_handle.hpp"
#include "rules/fleet/pause.hpp"

#include <functional>
#include <string>

namespace sluice {

/// `pauses` are in milliseconds (rules/fleet/pause.hpp); sizes and counts in `bounds` as
/// guard_bounds. `greeting_timeout`: milliseconds, from 1; then the attempt has failed and
/// link_down reports it.
struct link_config {
  fleet_network network;
  std::string where; // HOST:PORT
  hello_message who; // certificate and key are filled in
  /// Signs with a miner's hotkey: 128 hexadecimal digits. Others leave it empty.
  std::function<std::string(const std::string& text)> sign;
  guard_bounds bounds{.frames = 1024}; // the node is trusted with more than a peer is
  retry_pauses pauses{};
  std::chrono::milliseconds greeting_timeout{10'000};
};

/// `owner` receives link_up, fleet_frame, fleet_offence and link_down. The link ends with its
/// owner.
fleet_link_actor spawn_link(caf::actor_system& system, link_config config, caf::actor owner);

} // namespace sluice
