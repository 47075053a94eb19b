#include "bin/network_flags.hpp"

#include "rules/endpoint.hpp"

namespace sluice::bin {

namespace {

std::string address_of(const std::string& text) {
  const auto parsed = parse_endpoint(text);
  return parsed ? "" : parsed.error().what;
}

} // namespace

void add_network_flags(CLI::App& node, network_arguments& arguments) {
  auto& [gateway, fleet, metrics, api] = arguments.network;
  const char* group = "Open to others";
  const auto address = [&](const char* name, std::string& out, const char* help) {
    node.add_option(name, out, help)->check(address_of)->group(group);
  };
  address("--miner-gateway,--door", gateway.listen,
          "HOST:PORT where miners come in (WebSocket; port 0: any)");
  node
    .add_option("--allow", arguments.allow,
                "HOTKEY or HOTKEY=UID that the dev chain registers; repeat it for more")
    ->allow_extra_args(false)
    ->group(group);
  node
    .add_option("--miner-gateway-certificate,--door-certificate", gateway.certificate,
                "PEM file: the miner gateway speaks TLS (wss://)")
    ->group(group);
  node.add_option("--miner-gateway-key,--door-key", gateway.key, "PEM file of its private key")
    ->group(group);
  address("--fleet", fleet.listen,
          "HOST:PORT where own nodes connect: workers, operators (CAF, TLS)");
  node.add_option("--fleet-ca", fleet.ca, "PEM file of the fleet's CA; see sluice keys tls")
    ->group(group);
  node.add_option("--fleet-certificate", fleet.certificate, "PEM file of this node")->group(group);
  node.add_option("--fleet-key", fleet.key, "PEM file of its private key")->group(group);
  node.add_flag("--fleet-insecure", fleet.insecure, "No certificates; on loopback only")
    ->group(group);
  address("--metrics", metrics, "HOST:PORT for Prometheus (/metrics) and for health checks");
  address("--api", api.listen, "HOST:PORT of the routes that mechanisms serve over HTTP");
}

} // namespace sluice::bin
