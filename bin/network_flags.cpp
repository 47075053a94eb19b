#include "bin/network_flags.hpp"

#include "rules/endpoint.hpp"
#include "rules/limits.hpp"

#include <algorithm>
#include <charconv>

namespace sluice::bin {

namespace {

std::string address_of(const std::string& text) {
  const auto parsed = parse_endpoint(text);
  return parsed ? "" : parsed.error().what;
}

result<allowed_miner> allowed_of(const std::string& text) {
  allowed_miner one;
  const auto equals = text.find('=');
  one.key.value = text.substr(0, equals);
  one.any_uid = equals == std::string::npos;
  if (!one.any_uid) {
    const auto digits = std::string_view{text}.substr(equals + 1);
    const auto last = digits.data() + digits.size();
    const auto [end, error] = std::from_chars(digits.data(), last, one.uid.value);
    if (digits.empty() || error != std::errc{} || end != last
        || one.uid.value >= limits::miners_max)
      return fault{ec::bad_input, "--allow " + text + ": expected HOTKEY or HOTKEY=UID with a uid"
                                    + " from 0 to " + std::to_string(limits::miners_max - 1)};
  }
  if (one.key.value.empty())
    return fault{ec::bad_input, "--allow " + text + ": expected HOTKEY or HOTKEY=UID"};
  return one;
}

void take(const std::string& said, std::string& out) {
  if (!said.empty())
    out = said;
}

result<nothing> check(const network_settings& network) {
  const auto& [door, fleet, metrics] = network;
  if (door.certificate.empty() != door.key.empty())
    return fault{ec::bad_input,
                 "the door needs both --door-certificate and --door-key, or neither"};
  if (door.listen.empty() && !(door.certificate.empty() && door.allow.empty()))
    return fault{ec::bad_input, "--allow and --door-certificate are of the door: say --door"
                                " HOST:PORT as well"};
  const bool any = !(fleet.ca.empty() && fleet.certificate.empty() && fleet.key.empty());
  const bool all = !(fleet.ca.empty() || fleet.certificate.empty() || fleet.key.empty());
  if (fleet.listen.empty()) {
    if (any || fleet.insecure)
      return fault{ec::bad_input, "say --fleet HOST:PORT as well, where own nodes shall meet"};
    return nothing{};
  }
  if (fleet.insecure && any)
    return fault{ec::bad_input, "--fleet-insecure and certificates: expected one of them"};
  if (!fleet.insecure && !all)
    return fault{ec::bad_input, "the fleet needs --fleet-ca, --fleet-certificate and --fleet-key;"
                                " `sluice keys tls` makes them"};
  if (const auto at = parse_endpoint(fleet.listen); fleet.insecure && at && !is_loopback(*at))
    return fault{ec::refused, "--fleet-insecure with " + fleet.listen
                                + ": only on this machine's own 127.0.0.1, where nobody else"
                                  " comes; `sluice keys tls` makes certificates"};
  return nothing{};
}

} // namespace

void add_network_flags(CLI::App& node, network_flags& flags) {
  auto& [door, fleet, metrics] = flags.network;
  const char* group = "Open to others";
  const auto address = [&](const char* name, std::string& out, const char* help) {
    node.add_option(name, out, help)->check(address_of)->group(group);
  };
  address("--door", door.listen, "HOST:PORT where miners come in (WebSocket; port 0: any)");
  node
    .add_option("--allow", flags.allow,
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
  address("--metrics", metrics, "HOST:PORT of a page for Prometheus");
}

result<nothing> apply(const network_flags& flags, network_settings& network) {
  const auto& said = flags.network;
  take(said.door.listen, network.door.listen);
  take(said.door.certificate, network.door.certificate);
  take(said.door.key, network.door.key);
  take(said.fleet.listen, network.fleet.listen);
  take(said.fleet.ca, network.fleet.ca);
  take(said.fleet.certificate, network.fleet.certificate);
  take(said.fleet.key, network.fleet.key);
  network.fleet.insecure = network.fleet.insecure || said.fleet.insecure;
  take(said.metrics, network.metrics);
  for (const auto& text : flags.allow) {
    auto one = allowed_of(text);
    if (!one)
      return one.error();
    auto& all = network.door.allow;
    std::erase_if(all, [&](const allowed_miner& x) { return x.key == one->key; });
    all.push_back(*std::move(one));
  }
  return check(network);
}

std::vector<std::string> words_of(const network_flags& flags) {
  std::vector<std::string> words;
  const auto add = [&](const char* flag, const std::string& value) {
    if (!value.empty())
      words.insert(words.end(), {flag, value});
  };
  const auto& [door, fleet, metrics] = flags.network;
  add("--door", door.listen);
  for (const auto& one : flags.allow)
    add("--allow", one);
  add("--door-certificate", door.certificate);
  add("--door-key", door.key);
  add("--fleet", fleet.listen);
  add("--fleet-ca", fleet.ca);
  add("--fleet-certificate", fleet.certificate);
  add("--fleet-key", fleet.key);
  if (fleet.insecure)
    words.emplace_back("--fleet-insecure");
  add("--metrics", metrics);
  return words;
}

} // namespace sluice::bin
