/// The door itself: everything that a stranger can touch, in one thread of its own.
#pragma once

#include "net/door/wire.hpp"
#include "net/http/listening.hpp"
#include "rules/door/handshake.hpp"
#include "rules/door/limits.hpp"
#include "rules/result.hpp"

#include <array>
#include <functional>
#include <map>
#include <memory>
#include <string>

namespace sluice::net {

/// Whom the roster knows, at one moment; never changed, only replaced.
using known_peers = std::shared_ptr<const std::map<hotkey, peer_record>>;

struct door_server_terms {
  door_terms shake;
  door_limit_terms limits;
  std::string certificate; // PEM files, both or none
  std::string key;
  uint64_t open_ms = 10'000;        // TLS and HTTP upgrade
  uint64_t hello_ms = 10'000;       // until the hello is there
  uint64_t write_ms = 10'000;       // one text into the peer's window
  uint64_t ping_ms = 20'000;        // how often the node pings
  uint64_t silence_ms = 60'000;     // nothing was heard
  uint64_t close_ms = 2'000;        // from our last words to the end
  uint64_t tick_ms = 100;           // how exactly all of this is kept
  size_t queue_bytes_max = 1 << 20; // per session, to be written
};

/// A session has begun.
struct door_arrival {
  uint64_t session = 0;
  admission who;
  std::string from; // the network's address
};

/// Called in the server's thread; must not block.
struct door_events {
  std::function<std::string()> nonce; // fresh
  std::function<uint64_t()> unix_ms;
  signature_check check;
  std::function<void(const door_arrival&)> arrived;
  std::function<void(uint64_t session, wire_answer)> answered;
  std::function<void(uint64_t session, uint64_t mark)> written;
  std::function<void(uint64_t session, const door_refusal& why)> went; // once per session
};

/// What the door has seen, for whoever looks; counters since it began.
struct door_counts {
  uint64_t open = 0;    // connections now
  uint64_t waiting = 0; // of those, not admitted
  uint64_t sessions = 0;
  uint64_t accepted = 0;
  uint64_t admitted = 0;
  std::array<uint64_t, door_reason_names.size()> refused{}; // by reason, sessions that ended too
};

class door_core;
class door_thread;

class door_server {
public:
  /// Begins to accept, in a thread of its own. `ec::unreachable`, `ec::bad_input`: certificate or
  /// key that cannot be used.
  static result<std::unique_ptr<door_server>>
  start(const listening_socket& where, door_server_terms terms, known_peers known,
        door_events events);

  /// Says `closing` to everybody who is in; waits for that at most a quarter of a second.
  ~door_server();

  /// Any thread: speaks to sessions without keeping the server alive.
  class voice {
  public:
    /// A mark other than 0 comes back (`written`) when the text is in the peer's window.
    void say(uint64_t session, std::string text, uint64_t mark = 0) const;
    void end(uint64_t session, door_refusal why) const;

  private:
    friend class door_server;
    std::weak_ptr<door_core> core_;
  };
  voice speaker() const;

  /// Any thread: from now on these; sessions of hotkeys that are banned, or gone from it, end.
  void know(known_peers known);

  door_counts counts() const;

private:
  explicit door_server(std::shared_ptr<door_core> core);

  std::shared_ptr<door_core> core_;
  std::unique_ptr<door_thread> thread_;
};

} // namespace sluice::net
