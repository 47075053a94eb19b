/// How much the miner gateway takes from an address, from a hotkey and from everybody together.
#pragma once

#include "rules/ids.hpp"
#include "rules/limits.hpp"
#include "rules/miner_gateway/rates.hpp"
#include "rules/miner_gateway/refusal.hpp"

#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <variant>

namespace sluice {

/// Who an address is for the limits: "203.0.113.7", and of IPv6 the network that one customer gets,
/// "2001:db8:1:2::/64" - there are 2^64 addresses in it. `bytes` are 4 or 16, in network order; an
/// IPv4 address inside an IPv6 one is the IPv4 address. No error.
std::string network_of(std::span<const uint8_t> bytes);

/// The defaults: a site with dozens of miners is not slowed down and 4096 hotkeys fit, while the
/// strangers of one network together may try two connections a second and send 256 KiB a second.
/// Rates are connections, bytes and messages per second.
struct gateway_limit_terms {
  rate_terms network{{{{2, 64}, {256 * 1024, 1024 * 1024}, {50, 500}}}, 64, 8192};
  rate_terms peer{{{{1, 10}, {64 * 1024, 512 * 1024}, {20, 200}}}, 2, limits::miners_max + 1};
  size_t open_max = limits::miners_max + 2000; // connections of all together, 0 or more
  size_t waiting_max = 1000;                   // connections of those that are not admitted yet
};

/// One open connection, as the limits see it.
struct gateway_ticket {
  std::string network; // account
  std::string peer{};  // account, once it is admitted
  bool admitted = false;
  std::set<uint64_t> questions{}; // open ones, by number
};

/// Every limit of the miner gateway. Time is a clock that only goes forward.
///
/// Connections are counted per network and, once they are admitted, per hotkey. What a stranger
/// sends is charged to its network, what a known hotkey sends to the hotkey alone: neighbours at
/// one address do not pay for each other. The answer to a question is not charged: the node has
/// asked for it, as fast as it goes. A limit that is reached is a gateway_refusal; nothing
/// else fails.
class gateway_limits {
public:
  explicit gateway_limits(gateway_limit_terms terms)
    : terms_(terms), networks_(terms.network), peers_(terms.peer) {}

  /// A connection from `network` (`network_of`), before a byte of it is read. A refusal needs no
  /// `leave`. Milliseconds; the refusal is too_many or too_fast.
  std::variant<gateway_ticket, gateway_refusal>
  connect(const std::string& network, uint64_t now_ms);

  /// The connection has proved that it speaks for `key`. Else too_many or too_fast.
  std::optional<gateway_refusal> admit(gateway_ticket& ticket, const hotkey& key, uint64_t now_ms);

  /// A message of so many bytes has come. A refusal is the end of the connection. too_fast, with
  /// the pause in milliseconds, or 0 when so much is never taken at once.
  std::optional<gateway_refusal>
  receive(const gateway_ticket& ticket, size_t bytes, uint64_t now_ms);

  /// The node has sent a question, whose answer is free from now on. `question`: from 1, of this
  /// connection. Whoever asks bounds how many are open (miner_mechanisms::questions_max).
  static void ask(gateway_ticket& ticket, uint64_t question) { ticket.questions.insert(question); }

  /// The question's time is over: an answer that comes now is a message as any other.
  static void expire(gateway_ticket& ticket, uint64_t question) {
    ticket.questions.erase(question);
  }

  /// As `receive`, of an answer to `question`: free when that question is open, which it is no
  /// more. A second answer to it, and one to a question that was never asked, are charged.
  std::optional<gateway_refusal>
  receive_answer(gateway_ticket& ticket, uint64_t question, size_t bytes, uint64_t now_ms);

  /// The connection has ended, however it did; once per ticket.
  void leave(const gateway_ticket& ticket, uint64_t now_ms);

  /// Connections, all together, 0 to open_max.
  size_t open() const { return open_; }
  /// Connections that are not admitted yet, 0 to waiting_max.
  size_t waiting() const { return waiting_; }
  /// Accounts in memory: at most the two `keys_max` together.
  size_t accounts() const { return networks_.size() + peers_.size(); }

private:
  gateway_limit_terms terms_;
  rate_table networks_;
  rate_table peers_;
  size_t open_ = 0;
  size_t waiting_ = 0;
};

} // namespace sluice
