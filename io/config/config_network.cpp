#include "io/config/config_network.hpp"

#include "io/config/listed_once.hpp"
#include "io/text/lines.hpp"
#include "rules/address_range.hpp"
#include "rules/api/cors.hpp"
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
constexpr size_t route_bytes_max = 256;   // of a path in open_routes
constexpr size_t routes_max = 256;
constexpr size_t origins_max = 64;
constexpr size_t proxies_max = 64;
constexpr uint64_t gateway_connections_max = 1'000'000;
constexpr uint64_t requests_max = 1'000'000; // a second, or at once

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
    table.read("hotkey", one.key.value, letters::hotkey, allowed_bytes_max);
    one.any_uid = !table.has("uid");
    table.read("uid", one.uid.value, 0, limits::miners_max - 1);
    table.read("coldkey", one.coldkey, letters::hotkey, allowed_bytes_max);
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

/// Addresses and ranges of proxies that are believed.
void read_proxies(config_table& table, std::vector<std::string>& out) {
  table.read("trusted_proxies", out, letters::token, address_bytes_max, proxies_max);
  for (const auto& x : out)
    if (const auto range = parse_address_range(x); table.fine() && !range)
      table.refuse("trusted_proxies",
                   "addresses, or ranges such as \"10.0.0.0/8\", of your own proxies",
                   io::quoted(x));
}

void read_origins(config_table& table, const char* key, std::vector<std::string>& out) {
  table.read(key, out, letters::token, address_bytes_max, origins_max);
  for (const auto& x : out)
    if (const auto no = trouble_of_origin(x))
      table.refuse(key, *no, io::quoted(x));
}

void read_gateway_limits(config_table& gateway, miner_gateway_settings& out) {
  gateway.read("strangers_max", out.strangers_max, 1, gateway_connections_max);
  gateway.read("strangers_per_address", out.strangers_per_address, 1, gateway_connections_max);
  gateway.read("miners_per_address", out.miners_per_address, 0, gateway_connections_max);
  gateway.read("miners_per_network", out.miners_per_network, 0, gateway_connections_max);
  read_proxies(gateway, out.trusted_proxies);
  read_origins(gateway, "origins", out.origins);
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

void read_api(config_table& api, api_settings& out) {
  api.allow({"listen", "open_routes", "read_role", "cors_origins", "key_rate", "key_burst",
             "address_rate", "address_burst", "access_log", "trusted_proxies"});
  read_listen(api, out.listen);
  api.read("open_routes", out.open_routes, letters::token, route_bytes_max, routes_max);
  for (const auto& x : out.open_routes)
    if (!x.starts_with('/'))
      api.refuse("open_routes", "paths of routes, such as \"/api/v1/miners\"", io::quoted(x));
  api.choose(
    "read_role", out.read_role,
    {{"", std::string{}}, {"client", "client"}, {"validator", "validator"}, {"admin", "admin"}});
  read_origins(api, "cors_origins", out.cors_origins);
  for (const auto& [key, value] : {std::pair{"key_rate", &out.key_rate},
                                   {"key_burst", &out.key_burst},
                                   {"address_rate", &out.address_rate},
                                   {"address_burst", &out.address_burst}})
    api.read(key, *value, 0, requests_max);
  if (out.key_rate != 0 && out.key_burst == 0)
    api.refuse("key_burst", "at least 1: with a rate and no burst nothing is taken", "0");
  if (out.address_rate != 0 && out.address_burst == 0)
    api.refuse("address_burst", "at least 1: with a rate and no burst nothing is taken", "0");
  api.read("access_log", out.access_log);
  read_proxies(api, out.trusted_proxies);
}

} // namespace

void read_network(config_table& root, node_config& out, std::vector<std::string>& notes) {
  if (auto gateway = gateway_table(root, notes)) {
    gateway->allow({"listen", "certificate", "key", "allow", "strangers_max",
                    "strangers_per_address", "miners_per_address", "miners_per_network",
                    "trusted_proxies", "origins"});
    read_listen(*gateway, out.network.miner_gateway.listen);
    read_pair(*gateway, out.network.miner_gateway.certificate, out.network.miner_gateway.key);
    read_gateway_limits(*gateway, out.network.miner_gateway);
    read_allowed(*gateway, out);
  }
  if (auto fleet = root.table("fleet"))
    read_fleet(*fleet, out.network.fleet);
  if (auto metrics = root.table("metrics")) {
    metrics->allow({"listen"});
    read_listen(*metrics, out.network.metrics);
  }
  if (auto api = root.table("api"))
    read_api(*api, out.network.api);
}

} // namespace sluice::io
