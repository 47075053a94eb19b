/// How much the door takes from an address, from a hotkey and from everybody together.
#pragma once

#include "rules/door/rates.hpp"
#include "rules/door/refusal.hpp"
#include "rules/ids.hpp"
#include "rules/limits.hpp"

#include <optional>
#include <span>
#include <variant>

namespace sluice {

/// Who an address is for the limits: "203.0.113.7", and of IPv6 the network that one customer
/// gets, "2001:db8:1:2::/64" - there are 2^64 addresses in it. `bytes` are 4 or 16, in network
/// order; an IPv4 address inside an IPv6 one is the IPv4 address.
std::string network_of(std::span<const uint8_t> bytes);

/// The defaults: a house with dozens of miners is not slowed down and 4096 hotkeys fit, while the
/// strangers of one network together may try two connections a second and send 256 KiB a second.
struct door_limit_terms {
  rate_terms network{{{{2, 64}, {256 * 1024, 1024 * 1024}, {50, 500}}}, 64, 8192};
  rate_terms peer{{{{1, 10}, {64 * 1024, 512 * 1024}, {20, 200}}}, 2, limits::miners_max + 1};
  size_t open_max = limits::miners_max + 2000; // connections of all together
  size_t waiting_max = 1000;                   // of those, not admitted yet
};

/// One open connection, as the limits see it.
struct door_ticket {
  std::string network; // account
  std::string peer{};  // account, once it is admitted
  bool admitted = false;
};

/// Every limit of the door. Time is a clock that only goes forward.
///
/// Connections are counted per network and, once they are admitted, per hotkey. What a stranger
/// sends is charged to its network, what a known hotkey sends to the hotkey alone: neighbours at
/// one address do not pay for each other.
class door_limits {
public:
  explicit door_limits(door_limit_terms terms)
    : terms_(terms), networks_(terms.network), peers_(terms.peer) {}

  /// A connection from `network` (`network_of`), before a byte of it is read. A refusal needs no
  /// `leave`.
  std::variant<door_ticket, door_refusal> connect(const std::string& network, uint64_t now_ms);

  /// The connection has proved that it speaks for `key`.
  std::optional<door_refusal> admit(door_ticket& ticket, const hotkey& key, uint64_t now_ms);

  /// A message of so many bytes has come. A refusal is the end of the connection.
  std::optional<door_refusal> receive(const door_ticket& ticket, size_t bytes, uint64_t now_ms);

  /// The connection has ended, however it did; once per ticket.
  void leave(const door_ticket& ticket, uint64_t now_ms);

  size_t open() const { return open_; }
  size_t waiting() const { return waiting_; }
  /// In memory: at most the two `keys_max` together.
  size_t accounts() const { return networks_.size() + peers_.size(); }

private:
  door_limit_terms terms_;
  rate_table networks_;
  rate_table peers_;
  size_t open_ = 0;
  size_t waiting_ = 0;
};

} // namespace sluice
