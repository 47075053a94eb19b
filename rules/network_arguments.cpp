#include "rules/network_arguments.hpp"

#include "rules/address_check.hpp"
#include "rules/endpoint.hpp"
#include "rules/limits.hpp"

#include <algorithm>
#include <charconv>

namespace sluice {

namespace {

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
  if (const auto wrong = address_fault(one.key.value); !wrong.empty())
    return fault{ec::bad_input, "--allow " + text + ": expected " + wrong};
  if (one.key.value.empty())
    return fault{ec::bad_input, "--allow " + text + ": expected HOTKEY or HOTKEY=UID"};
  return one;
}

void take(const std::string& given, std::string& out) {
  if (!given.empty())
    out = given;
}

result<nothing> check(const network_settings& network) {
  const auto& [gateway, fleet, metrics, api] = network;
  if (gateway.certificate.empty() != gateway.key.empty())
    return fault{ec::bad_input, "the miner gateway needs both --miner-gateway-certificate and "
                                "--miner-gateway-key, or neither"};
  if (gateway.listen.empty() && !(gateway.certificate.empty() && gateway.allow.empty()))
    return fault{ec::bad_input,
                 "--allow and --miner-gateway-certificate belong to the miner gateway: give"
                 " --miner-gateway HOST:PORT as well"};
  const bool any = !(fleet.ca.empty() && fleet.certificate.empty() && fleet.key.empty());
  const bool all = !(fleet.ca.empty() || fleet.certificate.empty() || fleet.key.empty());
  if (fleet.listen.empty()) {
    if (any || fleet.insecure)
      return fault{ec::bad_input, "give --fleet HOST:PORT as well, where own nodes are to connect"};
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

result<nothing> apply(const network_arguments& arguments, network_settings& network) {
  const auto& given = arguments.network;
  take(given.miner_gateway.listen, network.miner_gateway.listen);
  take(given.miner_gateway.certificate, network.miner_gateway.certificate);
  take(given.miner_gateway.key, network.miner_gateway.key);
  take(given.fleet.listen, network.fleet.listen);
  take(given.fleet.ca, network.fleet.ca);
  take(given.fleet.certificate, network.fleet.certificate);
  take(given.fleet.key, network.fleet.key);
  network.fleet.insecure = network.fleet.insecure || given.fleet.insecure;
  take(given.metrics, network.metrics);
  take(given.api.listen, network.api.listen);
  for (const auto& text : arguments.allow) {
    auto one = allowed_of(text);
    if (!one)
      return one.error();
    auto& all = network.miner_gateway.allow;
    std::erase_if(all, [&](const allowed_miner& x) {
      if (x.key == one->key)
        one->coldkey = x.coldkey; // which no flag states
      return x.key == one->key;
    });
    all.push_back(*std::move(one));
  }
  return check(network);
}

std::vector<std::string> flags_of(const network_arguments& given) {
  std::vector<std::string> flags;
  const auto add = [&](const char* flag, const std::string& value) {
    if (!value.empty())
      flags.insert(flags.end(), {flag, value});
  };
  const auto& [gateway, fleet, metrics, api] = given.network;
  add("--miner-gateway", gateway.listen);
  for (const auto& one : given.allow)
    add("--allow", one);
  add("--miner-gateway-certificate", gateway.certificate);
  add("--miner-gateway-key", gateway.key);
  add("--fleet", fleet.listen);
  add("--fleet-ca", fleet.ca);
  add("--fleet-certificate", fleet.certificate);
  add("--fleet-key", fleet.key);
  if (fleet.insecure)
    flags.emplace_back("--fleet-insecure");
  add("--metrics", metrics);
  add("--api", api.listen);
  return flags;
}

} // namespace sluice
