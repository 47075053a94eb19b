/// The miner's end of the miner gateway: comes in, stays in, comes back.
#pragma once

#include "net/keys/key_file.hpp"
#include "net/miner_gateway/wire.hpp"
#include "rules/miner_gateway/back_off.hpp"
#include "rules/miner_gateway/url.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace sluice::net {

/// Times are in milliseconds of a clock that only goes forward, kept to within `tick_ms`; from 1,
/// not checked. `protocol`: 1 or 2. A time that is over ends the connection, and `lost` states
/// which.
struct gateway_client_terms {
  gateway_url where; // ws or wss
  std::string ca;    // PEM file; empty: the system's
  key_pair key;
  std::string software;
  std::vector<std::string> mechanisms; // that it answers questions of; empty: states none
  back_off_terms pause;
  uint64_t open_ms = 10'000;  // until the WebSocket is there
  uint64_t greet_ms = 15'000; // from then until the welcome
  uint64_t tick_ms = 100;
  uint64_t protocol = gateway_protocol; // to begin with
};

/// Called in the thread of `run`. All may call send, stop and break_off. A fault of `asked` or
/// `noticed` is reported to the node as `malformed`, and the connection ends. `unix_ms`:
/// milliseconds since 1970-01-01 UTC. `pause_ms` in `lost`: milliseconds, as back_off_ms. `chance`:
/// 0 to 2^64-1.
struct gateway_client_events {
  std::function<uint64_t()> unix_ms;
  std::function<uint64_t()> chance; // any number, another one each time
  std::function<void(const gateway_welcome&)> welcome;
  std::function<result<nothing>(const wire_question&)> asked;
  std::function<result<nothing>(const wire_notice&)> noticed;
  /// The miner gateway's last message: before the welcome, or after it.
  std::function<void(const gateway_refusal&, bool welcome)> refused;
  /// There is no connection, and why; the next try is after the pause. Errors: none.
  std::function<void(const std::string& why, uint64_t pause_ms)> lost;
};

/// Speaks the newest protocol, and the oldest with a node that knows no other. States its
/// mechanisms, but not to a node that refuses the hello for that: an older one.
class gateway_client {
public:
  /// `ec::unreachable`, `ec::bad_input`: the file of the CA.
  static result<std::unique_ptr<gateway_client>>
  make(gateway_client_terms terms, gateway_client_events events);
  ~gateway_client();

  /// Until `stop`.
  void run();

  /// In the thread of `run`. Nothing is sent while there is no connection; more than the queue
  /// holds ends it (link_terms).
  void send(const gateway_message& x);
  /// Ends the connection without a message, as a crash would; then comes back.
  void break_off();

  /// Any thread. Sends bye; a second call does not wait for that.
  void stop();

private:
  class caller;
  explicit gateway_client(std::shared_ptr<caller> x);
  std::shared_ptr<caller> caller_;
};

/// What this miner answers to a challenge; a refusal as text when it must not be signed.
/// `unix_ms`: this miner's clock, milliseconds since 1970-01-01 UTC; it becomes part of the
/// statement.
result<gateway_answer> answer_to(const gateway_challenge& challenge, const gateway_hello& hello,
                                 const key_pair& key, uint64_t unix_ms);

} // namespace sluice::net
