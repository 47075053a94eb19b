/// What a node opens to others: the miner gateway for miners, the fleet for own nodes, the page of
/// metrics, the routes of mechanisms.
#pragma once

#include "rules/fields.hpp"
#include "rules/ids.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace sluice {

/// A hotkey that the node registers on its own dev chain, so that its miner may come in.
struct allowed_miner {
  miner_uid uid; // 0 to limits::miners_max - 1; of any_uid: not used
  hotkey key;
  bool any_uid = false;  // the chain chooses one when the hotkey is new to it
  std::string coldkey{}; // who owns the hotkey; "": not known
  SLUICE_FIELDS(uid, key, any_uid, coldkey)
  bool operator==(const allowed_miner&) const = default;
};

/// The miner gateway: miners from outside, over WebSocket. Addresses are HOST:PORT; port 0 is any
/// free one. Counts of connections: the first two from 1, the others from 0, to 1'000'000; the
/// configuration checks it.
struct miner_gateway_settings {
  std::string listen;      // empty: no miner gateway
  std::string certificate; // PEM files; both or none
  std::string key;
  std::vector<allowed_miner> allow; // beside the neurons of the chain
  uint64_t strangers_max = 1'000;   // that named no known hotkey yet
  uint64_t strangers_per_address = 256;
  uint64_t miners_per_address = 0;            // connected; 0: any number
  uint64_t miners_per_network = 0;            // of one IPv4 /24, one IPv6 /48; 0: any number
  std::vector<std::string> trusted_proxies{}; // whose X-Forwarded-For is believed
  std::vector<std::string> origins{};         // of pages of browsers that may connect
  SLUICE_FIELDS(listen, certificate, key, allow, strangers_max, strangers_per_address,
                miners_per_address, miners_per_network, trusted_proxies, origins)
  bool operator==(const miner_gateway_settings&) const = default;
};

/// The fleet: nodes of the same operator, over CAF with mutual certificates. Milliseconds:
/// heartbeat_ms is 10 to 3'600'000, timeout_ms at least twice that and 20 to 7'200'000; the
/// configuration checks it.
struct fleet_settings {
  std::string listen; // empty: no fleet
  std::string ca;     // PEM files
  std::string certificate;
  std::string key;
  bool insecure = false;            // without certificates, on loopback only
  uint64_t heartbeat_ms = 5'000;    // between two heartbeats
  uint64_t timeout_ms = 20'000;     // a peer from which nothing was received for so long is gone
  std::vector<std::string> nodes{}; // HOST:PORT of other nodes that this one connects to
  SLUICE_FIELDS(listen, ca, certificate, key, insecure, heartbeat_ms, timeout_ms, nodes)
  bool operator==(const fleet_settings&) const = default;
};

/// What the mechanisms serve over HTTP. Rates are requests per second in the long run, 0: no limit;
/// bursts are requests at once. 0 to 1'000'000 each; the configuration checks it.
struct api_settings {
  std::string listen;                      // HOST:PORT; empty: nothing is served
  std::vector<std::string> open_routes{};  // paths that are taken without a key
  std::string read_role{};                 // whose key reads what is readable; "": nobody needs one
  std::vector<std::string> cors_origins{}; // of pages that may read answers; none: no page may
  uint64_t key_rate = 500;                 // of one key
  uint64_t key_burst = 5'000;
  uint64_t address_rate = 200; // of one network, without a good key
  uint64_t address_burst = 2'000;
  bool access_log = false;                    // a line per answer
  std::vector<std::string> trusted_proxies{}; // whose X-Forwarded-For is believed
  SLUICE_FIELDS(listen, open_routes, read_role, cors_origins, key_rate, key_burst, address_rate,
                address_burst, access_log, trusted_proxies)
  bool operator==(const api_settings&) const = default;
};

/// Nothing of it decides about a score, so a data folder continues under any of it.
struct network_settings {
  miner_gateway_settings miner_gateway;
  fleet_settings fleet;
  std::string metrics; // HOST:PORT of the Prometheus page; empty: none
  api_settings api{};
  SLUICE_FIELDS(miner_gateway, fleet, metrics, api)
  bool operator==(const network_settings&) const = default;
};

} // namespace sluice
