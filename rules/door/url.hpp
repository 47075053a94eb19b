/// Where a miner goes: ws://HOST:PORT, wss://HOST:PORT or caf://HOST:PORT.
#pragma once

#include "rules/endpoint.hpp"

#include <string>
#include <string_view>

namespace sluice {

enum class door_scheme : uint8_t {
  ws = 0, // a door
  wss,    // a door with TLS
  caf,    // a fleet
};

struct door_url {
  door_scheme scheme = door_scheme::ws;
  endpoint at;
  std::string target = "/"; // the path, for a proxy in front
  bool operator==(const door_url&) const = default;
};

/// ec::bad_input says what was expected.
result<door_url> parse_door_url(std::string_view text);

std::string to_string(const door_url& x);

} // namespace sluice
