/// Where to listen or to connect: HOST:PORT.
#pragma once

#include "rules/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace sluice {

struct endpoint {
  std::string host;  // a name or an address, without brackets
  uint16_t port = 0; // TCP port, 0 (any free one) to 65535
  bool operator==(const endpoint&) const = default;
};

/// "127.0.0.1:8700", "[::1]:8700", "node.example:8700", or ":8700" and "8700" for this machine.
/// ec::bad_input states what was expected. Port 0 is any free one.
result<endpoint> parse_endpoint(std::string_view text);

/// As it is parsed; an IPv6 address gets its brackets.
std::string to_string(const endpoint& x);

/// Is it this machine and nothing else: 127.x.x.x, ::1 or localhost?
bool is_loopback(const endpoint& x);

} // namespace sluice
