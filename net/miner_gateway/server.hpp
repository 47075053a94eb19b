/// The miner gateway itself: everything that a stranger can touch, in one thread of its own.
#pragma once

#include "net/http/listening.hpp"
#include "net/http/tls.hpp"
#include "net/miner_gateway/wire.hpp"
#include "rules/address_range.hpp"
#include "rules/miner_gateway/handshake.hpp"
#include "rules/miner_gateway/limits.hpp"
#include "rules/result.hpp"

#include <array>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace sluice::net {

/// Whom the roster knows, at one moment; never changed, only replaced.
using known_peers = std::shared_ptr<const std::map<hotkey, peer_record>>;

/// Times are in milliseconds of a clock that only goes forward, from 1, not checked here; what
/// takes longer ends the connection. `queue_bytes_max`: bytes of texts; more ends the session.
struct gateway_server_terms {
  gateway_terms shake;
  gateway_limit_terms limits;
  std::shared_ptr<const server_identity> tls{}; // null: plain
  std::vector<address_range> proxies{};         // whose X-Forwarded-For is believed
  std::vector<std::string> origins{};           // of pages of browsers that may connect
  uint64_t open_ms = 10'000;                    // TLS and HTTP upgrade
  uint64_t hello_ms = 10'000;                   // until the hello is there
  uint64_t write_ms = 10'000;                   // one text into the peer's window
  uint64_t ping_ms = 20'000;                    // how often the node pings
  uint64_t silence_ms = 60'000;                 // nothing was received
  uint64_t close_ms = 2'000;                    // from our last message to the end
  uint64_t tick_ms = 100;                       // how exactly all of this is kept
  size_t queue_bytes_max = 1 << 20;             // per session, to be written
};

/// A session has begun. `session`: from 1, never used again while the server exists. Errors: none.
struct gateway_arrival {
  uint64_t session = 0;
  admission who;
  std::string from; // the network's address
};

/// Called in the server's thread; must not block. `unix_ms`: milliseconds since 1970-01-01 UTC.
/// Sessions are numbers from 1, marks those that were given to `send`, never 0. Functions must not
/// throw.
struct gateway_events {
  std::function<std::string()> nonce; // fresh
  std::function<uint64_t()> unix_ms;
  signature_check check;
  std::function<void(const gateway_arrival&)> arrived;
  std::function<void(uint64_t session, wire_answer)> answered;
  std::function<void(uint64_t session, uint64_t mark)> written;
  std::function<void(uint64_t session, const gateway_refusal& why)> went; // once per session
  /// A client gave the handshake of TLS up, `why` is a sentence (handshake_fault). May be empty.
  std::function<void(const std::string& from, const std::string& why)> tls_failed{};
};

/// What the miner gateway has seen, for whoever looks; counters since it began. All from 0; `open`,
/// `waiting` and `sessions` also decrease. Errors: none.
struct gateway_counts {
  uint64_t open = 0;    // connections now
  uint64_t waiting = 0; // of those, not admitted
  uint64_t sessions = 0;
  uint64_t accepted = 0;
  uint64_t admitted = 0;
  std::array<uint64_t, gateway_reason_names.size()> refused{}; // by reason, sessions that ended too
};

class gateway_core;
class gateway_thread;

class gateway_server {
public:
  /// Begins to accept, in a thread of its own. `ec::unreachable`: no descriptor is left.
  static result<std::unique_ptr<gateway_server>>
  start(const listening_socket& where, gateway_server_terms terms, known_peers known,
        gateway_events events);

  /// Sends `closing` to everybody who is in; waits for that at most a quarter of a second.
  ~gateway_server();

  /// Any thread: sends to sessions without keeping the server alive.
  class sender {
  public:
    /// A mark other than 0 comes back (`written`) when the text is in the peer's window, and is the
    /// number of a question: its answer is charged to no limit, once, until `expire`. A session
    /// that is over, or a server that is gone: nothing happens. More than `queue_bytes_max` in the
    /// queue ends the session.
    void send(uint64_t session, std::string text, uint64_t mark = 0) const;
    /// The question's time is over: what comes to it now is charged. `mark`: as in `send`; one that
    /// is answered already, or whose session is over, is passed over.
    void expire(uint64_t session, uint64_t mark) const;
    /// The same: a session that is over, or a server that is gone, is passed over.
    void end(uint64_t session, gateway_refusal why) const;

  private:
    friend class gateway_server;
    std::weak_ptr<gateway_core> core_;
  };
  sender make_sender() const;

  /// Any thread: from now on these; sessions of hotkeys that are banned, or gone from it, end.
  void know(known_peers known);

  /// Any thread. Errors: none.
  gateway_counts counts() const;

private:
  explicit gateway_server(std::shared_ptr<gateway_core> core);

  std::shared_ptr<gateway_core> core_;
  std::unique_ptr<gateway_thread> thread_;
};

} // namespace sluice::net
