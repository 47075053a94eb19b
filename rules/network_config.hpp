/// What a node opens to others: the door for miners, the fleet for own nodes, the page of metrics.
#pragma once

#include "rules/fields.hpp"
#include "rules/ids.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace sluice {

/// A hotkey that the node registers on its own dev chain, so that its miner may come in.
struct allowed_miner {
  miner_uid uid;
  hotkey key;
  bool any_uid = false; // the chain chooses one when the hotkey is new to it
  SLUICE_FIELDS(uid, key, any_uid)
  bool operator==(const allowed_miner&) const = default;
};

/// The door: miners from outside, over WebSocket. Addresses are HOST:PORT; port 0 is any free one.
struct door_settings {
  std::string listen;      // empty: no door
  std::string certificate; // PEM files; both or none
  std::string key;
  std::vector<allowed_miner> allow; // beside the neurons of the chain
  SLUICE_FIELDS(listen, certificate, key, allow)
  bool operator==(const door_settings&) const = default;
};

/// The fleet: nodes of the same operator, over CAF with mutual certificates.
struct fleet_settings {
  std::string listen; // empty: no fleet
  std::string ca;     // PEM files
  std::string certificate;
  std::string key;
  bool insecure = false; // without certificates, on loopback only
  uint64_t heartbeat_ms = 5'000;
  uint64_t timeout_ms = 20'000; // a peer that was not heard for so long is gone
  SLUICE_FIELDS(listen, ca, certificate, key, insecure, heartbeat_ms, timeout_ms)
  bool operator==(const fleet_settings&) const = default;
};

/// Nothing of it decides about a score, so a data folder continues under any of it.
struct network_settings {
  door_settings door;
  fleet_settings fleet;
  std::string metrics; // HOST:PORT of the Prometheus page; empty: none
  SLUICE_FIELDS(door, fleet, metrics)
  bool operator==(const network_settings&) const = default;
};

} // namespace sluice
