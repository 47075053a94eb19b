/// The miner's end of the door: comes in, stays in, comes back.
#pragma once

#include "net/door/wire.hpp"
#include "net/keys/key_file.hpp"
#include "rules/door/back_off.hpp"
#include "rules/door/url.hpp"

#include <functional>
#include <memory>
#include <string>

namespace sluice::net {

struct door_client_terms {
  door_url where; // ws or wss
  std::string ca; // PEM file; empty: the system's
  key_pair key;
  std::string software;
  back_off_terms pause;
  uint64_t open_ms = 10'000;  // until the WebSocket is there
  uint64_t greet_ms = 15'000; // from then until the welcome
  uint64_t tick_ms = 100;
  uint64_t protocol = door_protocol; // to begin with
};

/// Called in the thread of `run`. All may call say, stop and break_off. A fault of `asked` or
/// `noticed` is told to the node as `malformed`, and the connection ends.
struct door_client_events {
  std::function<uint64_t()> unix_ms;
  std::function<uint64_t()> chance; // any number, another one each time
  std::function<void(const door_welcome&)> welcome;
  std::function<result<nothing>(const wire_question&)> asked;
  std::function<result<nothing>(const wire_notice&)> noticed;
  /// The door's last words: before the welcome, or after it.
  std::function<void(const door_refusal&, bool welcome)> refused;
  /// There is no connection, and why; the next try is after the pause.
  std::function<void(const std::string& why, uint64_t pause_ms)> lost;
};

/// Speaks the newest protocol, and the oldest with a node that knows no other.
class door_client {
public:
  /// `ec::bad_input` when the CA cannot be read.
  static result<std::unique_ptr<door_client>>
  make(door_client_terms terms, door_client_events events);
  ~door_client();

  /// Until `stop`.
  void run();

  /// In the thread of `run`.
  void say(const door_message& x);
  /// Ends the connection without a word, as a crash would; then comes back.
  void break_off();

  /// Any thread. Says bye; a second call does not wait for that.
  void stop();

private:
  class caller;
  explicit door_client(std::shared_ptr<caller> x);
  std::shared_ptr<caller> caller_;
};

/// What this miner answers to a challenge; a refusal in words when it must not be signed.
result<door_answer> answer_to(const door_challenge& challenge, const door_hello& hello,
                              const key_pair& key, uint64_t unix_ms);

} // namespace sluice::net
