#include "io/config/config_network.hpp"

#include "io/config/listed_once.hpp"
#include "rules/endpoint.hpp"
#include "rules/limits.hpp"

#include <algorithm>

namespace sluice::io {
namespace {

using letters = config_table::letters;

constexpr size_t address_bytes_max = 300;
constexpr size_t tls_path_bytes_max = 4096;
constexpr size_t fleet_nodes_max = 16;
constexpr size_t allowed_bytes_max = 128; // of a hotkey, of a coldkey

void read_listen(config_table& table, std::string& out) {
  table.require("listen");
  table.read("listen", out, letters::token, address_bytes_max);
  if (!table.fine())
    return;
  if (const auto parsed = parse_endpoint(out); !parsed)
    table.refuse("listen", "HOST:PORT such as 127.0.0.1:8700 or [::1]:8700");
}

/// A certificate is worth nothing without its key, and the other way round.
void read_pair(config_table& table, std::string& certificate, std::string& key) {
  table.read("certificate", certificate, letters::path, tls_path_bytes_max);
  table.read("key", key, letters::path, tls_path_bytes_max);
  if (table.has("certificate") && !table.has("key"))
    table.require("key");
  if (table.has("key") && !table.has("certificate"))
    table.require("certificate");
}

void read_allowed(config_table& gateway, node_config& out) {
  auto& allow = out.network.miner_gateway.allow;
  listed_once seen;
  for (auto& table : gateway.tables("allow", limits::miners_max)) {
    table.allow({"hotkey", "uid", "coldkey"});
    table.require("hotkey");
    allowed_miner one;
    table.read("hotkey", one.key.value, letters::token, allowed_bytes_max);
    one.any_uid = !table.has("uid");
    table.read("uid", one.uid.value, 0, limits::miners_max - 1);
    table.read("coldkey", one.coldkey, letters::token, allowed_bytes_max);
    if (!gateway.fine())
      return;
    seen.check_hotkey(table, one.key.value);
    if (!one.any_uid)
      seen.check_uid(table, one.uid.value);
    for (const auto& other : out.neurons)
      if (!one.any_uid && other.uid == one.uid && other.key != one.key)
        table.refuse("uid", "a uid that no neuron has", std::to_string(one.uid.value),
                     "leave it out and the dev chain chooses one");
    allow.push_back(std::move(one));
  }
}

/// [miner_gateway], or [door], as version 0.1.0 called it.
std::optional<config_table> gateway_table(config_table& root, std::vector<std::string>& notes) {
  if (!root.has("door"))
    return root.table("miner_gateway");
  if (root.has("miner_gateway"))
    root.refuse("door", "one of [miner_gateway] and [door], its name in version 0.1.0");
  notes.emplace_back("door: is called [miner_gateway] since version 0.2.0; read as if it had that"
                     " name");
  return root.table("door");
}

/// Other nodes of the same operator.
void read_nodes(config_table& fleet, std::vector<std::string>& out) {
  fleet.read("nodes", out, letters::token, address_bytes_max, fleet_nodes_max);
  for (const auto& x : out)
    if (const auto at = parse_endpoint(x); fleet.fine() && (!at || at->port == 0))
      fleet.refuse("nodes", "HOST:PORT of each node, as its fleet.listen", '"' + x + '"');
}

void read_fleet(config_table fleet, fleet_settings& out) {
  fleet.allow(
    {"listen", "ca", "certificate", "key", "insecure", "heartbeat_ms", "timeout_ms", "nodes"});
  read_nodes(fleet, out.nodes);
  if (out.nodes.empty() || fleet.has("listen")) // who only connects to others need not listen
    read_listen(fleet, out.listen);
  fleet.read("ca", out.ca, letters::path, tls_path_bytes_max);
  read_pair(fleet, out.certificate, out.key);
  fleet.read("insecure", out.insecure);
  fleet.read("heartbeat_ms", out.heartbeat_ms, 10, 3'600'000);
  fleet.read("timeout_ms", out.timeout_ms, 20, 7'200'000);
  if (!fleet.fine())
    return;
  if (out.timeout_ms < 2 * out.heartbeat_ms)
    fleet.refuse("timeout_ms", "at least twice heartbeat_ms, or a healthy peer is taken for dead");
  if (out.insecure && fleet.has("certificate"))
    fleet.refuse("insecure", "either certificates or insecure = true");
}

} // namespace

void read_network(config_table& root, node_config& out, std::vector<std::string>& notes) {
  if (auto gateway = gateway_table(root, notes)) {
    gateway->allow({"listen", "certificate", "key", "allow"});
    read_listen(*gateway, out.network.miner_gateway.listen);
    read_pair(*gateway, out.network.miner_gateway.certificate, out.network.miner_gateway.key);
    read_allowed(*gateway, out);
  }
  if (auto fleet = root.table("fleet"))
    read_fleet(*fleet, out.network.fleet);
  if (auto metrics = root.table("metrics")) {
    metrics->allow({"listen"});
    read_listen(*metrics, out.network.metrics);
  }
  if (auto api = root.table("api")) {
    api->allow({"listen"});
    read_listen(*api, out.network.api);
  }
}

} // namespace sluice::io
