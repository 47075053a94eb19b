#include "rules/network_words.hpp"

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

result<nothing> apply(const network_words& words, network_settings& network) {
  const auto& said = words.network;
  take(said.door.listen, network.door.listen);
  take(said.door.certificate, network.door.certificate);
  take(said.door.key, network.door.key);
  take(said.fleet.listen, network.fleet.listen);
  take(said.fleet.ca, network.fleet.ca);
  take(said.fleet.certificate, network.fleet.certificate);
  take(said.fleet.key, network.fleet.key);
  network.fleet.insecure = network.fleet.insecure || said.fleet.insecure;
  take(said.metrics, network.metrics);
  for (const auto& text : words.allow) {
    auto one = allowed_of(text);
    if (!one)
      return one.error();
    auto& all = network.door.allow;
    std::erase_if(all, [&](const allowed_miner& x) { return x.key == one->key; });
    all.push_back(*std::move(one));
  }
  return check(network);
}

std::vector<std::string> flags_of(const network_words& said) {
  std::vector<std::string> flags;
  const auto add = [&](const char* flag, const std::string& value) {
    if (!value.empty())
      flags.insert(flags.end(), {flag, value});
  };
  const auto& [door, fleet, metrics] = said.network;
  add("--door", door.listen);
  for (const auto& one : said.allow)
    add("--allow", one);
  add("--door-certificate", door.certificate);
  add("--door-key", door.key);
  add("--fleet", fleet.listen);
  add("--fleet-ca", fleet.ca);
  add("--fleet-certificate", fleet.certificate);
  add("--fleet-key", fleet.key);
  if (fleet.insecure)
    flags.emplace_back("--fleet-insecure");
  add("--metrics", metrics);
  return flags;
}

} // namespace sluice
