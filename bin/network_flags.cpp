#include "bin/network_flags.hpp"

#include "rules/endpoint.hpp"

namespace sluice::bin {

namespace {

std::string address_of(const std::string& text) {
  const auto parsed = parse_endpoint(text);
  return parsed ? "" : parsed.error().what;
}

} // namespace

void add_network_flags(CLI::App& node, network_words& words) {
  auto& [door, fleet, metrics] = words.network;
  const char* group = "Open to others";
  const auto address = [&](const char* name, std::string& out, const char* help) {
    node.add_option(name, out, help)->check(address_of)->group(group);
  };
  address("--door", door.listen, "HOST:PORT where miners come in (WebSocket; port 0: any)");
  node
    .add_option("--allow", words.allow,
                "HOTKEY or HOTKEY=UID that the dev chain registers; repeat it for more")
    ->allow_extra_args(false)
    ->group(group);
  node.add_option("--door-certificate", door.certificate, "PEM file: the door speaks TLS (wss://)")
    ->group(group);
  node.add_option("--door-key", door.key, "PEM file of its private key")->group(group);
  address("--fleet", fleet.listen, "HOST:PORT where own nodes meet: workers, operators (CAF, TLS)");
  node.add_option("--fleet-ca", fleet.ca, "PEM file of the fleet's CA; see sluice keys tls")
    ->group(group);
  node.add_option("--fleet-certificate", fleet.certificate, "PEM file of this node")->group(group);
  node.add_option("--fleet-key", fleet.key, "PEM file of its private key")->group(group);
  node.add_flag("--fleet-insecure", fleet.insecure, "No certificates; on loopback only")
    ->group(group);
  address("--metrics", metrics, "HOST:PORT for Prometheus (/metrics) and for health checks");
}

} // namespace sluice::bin
