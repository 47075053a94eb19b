/// A miner's connection to one validator of the sports mechanism: comes in, stays in, comes back.
#pragma once

#include "net/http/websocket_caller.hpp"
#include "net/sports/signing.hpp"
#include "rules/ids.hpp"
#include "rules/result.hpp"
#include "rules/sports/miner_link.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace sluice::net {

/// `freshness_s`: seconds that a timestamp of the validator may be away from our clock.
struct sports_client_terms {
  websocket_address where; // target "/ws"
  miner_link_terms link{};
  uint64_t freshness_s = 300;
  uint64_t tick_ms = 100;
};

/// Called in the client's own thread; must not block or throw. `unix_us`: microseconds since
/// 1970-01-01 UTC.
struct sports_client_events {
  std::function<int64_t()> unix_us;
  std::function<uint64_t()> chance; // any number, another one each time
  /// We are let in. `uid`: ours, where the validator states it.
  std::function<void(const std::string& validator, std::optional<miner_uid> uid)> online;
  /// A frame of the validator whose signature is good; `data` is canonical JSON. One that is not
  /// signed (the original's servers send such errors) comes as type "error" with its message.
  std::function<void(const std::string& type, const std::string& data)> received;
  /// There is no connection, and why; the next try is after the pause. `was_online`: it was one.
  std::function<void(const std::string& why, uint64_t pause_ms, bool was_online)> lost;
};

/// A WebSocket with the handshake and the envelopes of facts/mechanisms D3.10, in a thread of its
/// own. Frames that are not of the validator that let us in, or not fresh, end the connection.
class sports_client {
public:
  /// ec::bad_input: the CA cannot be read.
  static result<std::unique_ptr<sports_client>>
  start(sports_client_terms terms, std::shared_ptr<sports_writer> writer,
        sports_client_events events);

  /// Closes the connection and waits for the thread; nothing is called afterwards. Not in its own
  /// thread.
  ~sports_client();

  /// Any thread. Signs and sends; nothing while there is no connection. `data`: canonical JSON.
  void send(std::string type, std::string data);

private:
  class caller;
  explicit sports_client(std::shared_ptr<caller> x);
  std::shared_ptr<caller> caller_;
};

} // namespace sluice::net
