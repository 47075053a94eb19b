/// Where a miner goes: ws://HOST:PORT, wss://HOST:PORT or caf://HOST:PORT.
#pragma once

#include "rules/endpoint.hpp"

#include <string>
#include <string_view>

namespace sluice {

enum class gateway_scheme : uint8_t {
  ws = 0, // a miner gateway
  wss,    // a miner gateway with TLS
  caf,    // a fleet
};

struct gateway_url {
  gateway_scheme scheme = gateway_scheme::ws;
  endpoint at;
  std::string target = "/"; // the path, for a proxy in front
  bool operator==(const gateway_url&) const = default;
};

/// ec::bad_input states what was expected.
result<gateway_url> parse_gateway_url(std::string_view text);

std::string to_string(const gateway_url& x);

} // namespace sluice
