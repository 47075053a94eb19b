#include "rules/fleet/hello.hpp"

#include <algorithm>

namespace sluice {

namespace {

/// Two texts as one that no other two are.
std::string
statement_of(std::string_view title, std::string_view hello, std::string_view challenge) {
  std::string text{title};
  for (const auto part : {hello, challenge})
    text.append("\n").append(std::to_string(part.size())).append("\n").append(part);
  return text;
}

} // namespace

std::string version_fault(uint32_t theirs, uint32_t ours) {
  if (theirs == ours)
    return {};
  return "protocol version " + std::to_string(theirs) + ": expected " + std::to_string(ours)
         + "; run the same release of sluice on both machines";
}

bool is_fleet_name(std::string_view name) {
  constexpr std::string_view others = "._-";
  return !name.empty() && name.size() <= fleet_name_max
         && std::all_of(name.begin(), name.end(), [&](char c) {
              return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
                     || others.find(c) != std::string_view::npos;
            });
}

std::string hello_fault(const hello_message& hello, const hello_terms& terms) {
  if (!is_fleet_name(hello.name))
    return "name: expected 1 to 64 of letters, digits, '.', '_' and '-'; choose another";
  switch (hello.role) {
  case fleet_role::operating:
    if (terms.insecure)
      return "role operator: refused without certificates; use the node's own socket, or give the "
             "node certificates (--fleet-ca, --fleet-certificate, --fleet-key)";
    break;
  case fleet_role::worker:
    if (hello.engine != terms.engine)
      return "engine " + hello.engine.substr(0, 16) + ": expected " + terms.engine.substr(0, 16)
             + ", it would calculate other scores; run the same release of sluice on both machines";
    if (hello.cores == 0 || hello.cores > 1024)
      return "cores: expected 1 to 1024, got " + std::to_string(hello.cores);
    break;
  case fleet_role::miner:
    if (hello.hotkey.empty())
      return "hotkey: expected one of a miner, got none; use --hotkey FILE";
    break;
  case fleet_role::observer:
  case fleet_role::node:
    break;
  }
  if (terms.insecure != hello.certificate.empty())
    return terms.insecure ? "a certificate: expected none, this node runs with --fleet-insecure; "
                            "use --insecure"
                          : "no certificate: expected one of this fleet's CA; use --ca, "
                            "--certificate and --key";
  return {};
}

std::string identity_fault(const hello_message& hello, fleet_role role, std::string_view name) {
  if (hello.role != role)
    return "role " + std::string{to_string(hello.role)} + ": the certificate is of a "
           + std::string{to_string(role)} + "; make one of the right role: sluice keys tls new DIR "
           + "--role " + std::string{to_string(hello.role)};
  if (hello.name != name)
    return "name " + hello.name + ": the certificate is of " + std::string{name}
           + "; use the name that it was made for";
  return {};
}

std::string node_statement(std::string_view hello, std::string_view challenge) {
  return statement_of("sluice fleet 1: this node answers", hello, challenge);
}

std::string peer_statement(std::string_view hello, std::string_view challenge) {
  return statement_of("sluice fleet 1: this peer comes in", hello, challenge);
}

} // namespace sluice
