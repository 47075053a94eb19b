/// How much the miner gateway takes from an address, from a hotkey and from everybody together.
#pragma once

#include "rules/ids.hpp"
#include "rules/limits.hpp"
#include "rules/miner_gateway/fair_places.hpp"
#include "rules/miner_gateway/rates.hpp"
#include "rules/miner_gateway/refusal.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <variant>

namespace sluice {

/// Who an address is for the limits: "203.0.113.7", and of IPv6 the network that one customer gets,
/// "2001:db8:1:2::/64" - there are 2^64 addresses in it. `bytes` are 4 or 16, in network order; an
/// IPv4 address inside an IPv6 one is the IPv4 address. No error.
std::string network_of(std::span<const uint8_t> bytes);

/// The network around one of `network_of`: "203.0.113.0/24", "2001:db8:1::/48", which is what one
/// operator gets who has many addresses. Any other text is its own network. No error.
std::string site_of(const std::string& network);

/// The defaults: 4096 hotkeys fit, from any number of addresses, while strangers may try two
/// connections a second per address in the long run, and 500 a second all together beyond that.
/// Rates are connections, bytes and messages per second; the others count, from 1 where nothing
/// else is stated. Not checked here.
struct gateway_limit_terms {
  rate connections{2, 64};      // by strangers of one address
  rate beyond{500, 1'000};      // by strangers of all addresses, beyond what theirs may
  size_t strangers_max = 1'000; // connections that named no known hotkey yet
  size_t strangers_per_address = 256;
  size_t proving_max = 1'000;        // that named a known hotkey and did not prove it yet
  uint64_t proving_ms = 1'000;       // for which such a place is held: milliseconds
  size_t unproved_messages = 16;     // of one connection until it is admitted
  size_t unproved_bytes = 16 * 1024; // bytes of the same
  size_t addresses_max = 8'192;      // accounts of strangers in memory
  rate_terms peer{{{{1, 10}, {64 * 1024, 512 * 1024}, {20, 200}}}, 2, limits::miners_max + 1};
  size_t miners_per_address = 0; // miners that are connected from one address; 0: any number
  size_t miners_per_network = 0; // the same of one `site_of`
};

/// The same for a process that may open so many descriptors: strangers and those that are proving
/// themselves get a quarter each at most, so that half is left for who is connected.
gateway_limit_terms fitted(gateway_limit_terms x, size_t descriptors);

/// What a connection is to the limits. Only forward.
enum class gateway_standing : uint8_t {
  stranger = 0, // named no known hotkey
  proving,      // named one
  admitted,     // proved it
};

/// One open connection, as the limits see it.
struct gateway_ticket {
  uint64_t connection = 0;              // its number, from 1
  std::string address;                  // as of network_of
  std::optional<std::string> account{}; // of its address, charged with the connection
  bool beyond = false;                  // charged to what all addresses share
  std::string peer{};                   // account, once it is admitted
  gateway_standing standing = gateway_standing::stranger;
  size_t messages = 0; // from here on until it is admitted
  size_t bytes = 0;
  std::set<uint64_t> questions{}; // open ones, by number
};

/// A connection that was let in. `gives_way`: the number of another one, which has lost its place
/// to it: end that.
struct gateway_place {
  gateway_ticket ticket;
  std::optional<uint64_t> gives_way{};
};

/// Every limit of the miner gateway. Time is a clock that only goes forward.
///
/// Strangers, those that named a known hotkey, and those that proved it have places of their own,
/// and none of them takes one from the others. A stranger that comes when all places of strangers
/// are taken gets one: another stranger gives way (fair_places), of the site and address that hold
/// most. So whoever fills the gateway pushes out itself, and an honest miner, which names its
/// hotkey at once, comes in from any other address, and from the same one as long as it is faster
/// than `strangers_per_address` connections. What an address tries beyond its rate is taken too, as
/// long as all addresses together do not try too much. A connection that proves itself costs its
/// address nothing: neighbours at one address do not pay for each other, however many they are.
/// What a connection sends is charged to itself until it is admitted, then to its hotkey. The
/// answer to a question is not charged: the node has asked for it, as fast as it goes. A limit that
/// is reached is a gateway_refusal; nothing else fails.
class gateway_limits {
public:
  explicit gateway_limits(const gateway_limit_terms& terms);

  /// A connection from `address` (`network_of`), before a byte of it is read. A refusal needs no
  /// `leave`. `by_proxy`: of a proxy that is going to state whose it is; it is charged then, when
  /// it leaves and connects again from there. The refusal is too_fast, with milliseconds.
  std::variant<gateway_place, gateway_refusal>
  connect(uint64_t connection, const std::string& address, uint64_t now_ms, bool by_proxy = false);

  /// It named a known hotkey. Answers who gives way, by number. Nothing when it did before.
  std::optional<uint64_t> prove(gateway_ticket& ticket, const hotkey& key, uint64_t now_ms);

  /// The connection has proved that it speaks for `key`. Else too_many or too_fast. `replaced`: the
  /// connection of the same hotkey that ends for it, if there is one.
  std::optional<gateway_refusal> admit(gateway_ticket& ticket, const hotkey& key, uint64_t now_ms,
                                       const gateway_ticket* replaced = nullptr);

  /// A message of so many bytes has come. A refusal is the end of the connection. too_fast, with
  /// the pause in milliseconds, or 0 when so much is never taken.
  std::optional<gateway_refusal> receive(gateway_ticket& ticket, size_t bytes, uint64_t now_ms);

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

  /// Connections, all together: those that wait and those that are admitted.
  size_t open() const { return waiting() + admitted_; }
  /// Connections that are not admitted yet, 0 to strangers_max and proving_max together.
  size_t waiting() const { return strangers_.size() + proving_.size(); }
  /// Accounts in memory: at most addresses_max and the peers' `keys_max` together.
  size_t accounts() const { return addresses_.size() + peers_.size(); }

private:
  std::optional<gateway_refusal>
  too_many_miners(const std::string& address, const gateway_ticket* replaced) const;
  void uncount(const std::string& address);

  gateway_limit_terms terms_;
  rate_table addresses_;
  token_bucket beyond_;
  fair_places strangers_;
  fair_places proving_;
  rate_table peers_;
  std::map<std::string, size_t> miners_; // admitted, by address and by site
  size_t admitted_ = 0;
};

} // namespace sluice
