/// Addresses of the internet, ranges of them, and whose a request is that a proxy passes on.
#pragma once

#include "rules/result.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sluice {

/// 16 bytes in network order; an IPv4 address is the one that IPv6 maps it to (RFC 4291, 2.5.5.2).
using ip_bytes = std::array<uint8_t, 16>;

/// "203.0.113.7", "2001:db8::7", "::ffff:203.0.113.7"; nothing for any other text.
std::optional<ip_bytes> parse_ip(std::string_view text);

/// All addresses that begin with the same bits. `bits`: 0 to 128; of IPv4 96 and more.
struct address_range {
  ip_bytes first{};
  uint8_t bits = 128;
  bool operator==(const address_range&) const = default;
};

/// "10.0.0.0/8", "2001:db8::/32" or one address; ec::bad_input states what was expected.
result<address_range> parse_address_range(std::string_view text);

bool contains(const address_range& range, const ip_bytes& address);
bool contains(const std::vector<address_range>& ranges, const ip_bytes& address);

/// Whose request it is by a X-Forwarded-For that a trusted proxy sent: the last address in it that
/// is not of a trusted proxy; ports are passed over. Nothing when there is none, or when a text
/// that is no address comes before it: what stands further left was written by a stranger.
std::optional<ip_bytes>
forwarded_for(std::string_view header, const std::vector<address_range>& trusted);

} // namespace sluice
