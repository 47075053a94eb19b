/// The miners that have a WebSocket open: each on its connection, found and written to from any
/// thread.
#pragma once

#include "net/http/websocket.hpp"
#include "net/keys/signature_schemes.hpp"
#include "net/sports/backend.hpp"
#include "net/sports/signing.hpp"
#include "rules/miner_gateway/rates.hpp"
#include "rules/sports/config.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>

namespace sluice::net {

/// `unix_us`: microseconds since 1970-01-01 UTC, any thread; must be there. Times in milliseconds,
/// counts from 1; not checked.
struct sports_connections_terms {
  std::function<int64_t()> unix_us;
  sports_transport transport{};
  sports_signer signer{};
  signature_schemes schemes = all_signature_schemes();
  sports_nonce_terms nonces{};   // freshness_s is the transport's
  rate frames{500, 5000};        // of one connection; faster is closed
  size_t connections_max = 1024; // more are closed
  uint64_t handshake_ms = 10'000;
  uint64_t sweep_ms = 60'000; // who is not registered any more is closed
  uint64_t drain_ms = 1'000;  // for what waits to be written when it stops
  uint64_t tick_ms = 100;     // how exactly times are kept
};

class sports_hub;

/// Counts since it began, but `connections` and `active`: now. From 0.
struct sports_connection_counts {
  uint64_t connections = 0; // that are open
  uint64_t active = 0;      // of those, authenticated
  uint64_t accepted = 0;    // handshakes
  uint64_t refused = 0;     // handshakes
  uint64_t replaced = 0;    // by a newer connection of the same hotkey
  uint64_t received = 0;    // frames
  uint64_t bad = 0;         // of those, with a bad signature or structure
  uint64_t predictions = 0; // received over WebSockets
  uint64_t http_predictions = 0;
  uint64_t confirmations_sent = 0;
  uint64_t confirmations_failed = 0; // the connection had ended; the miner asks again
  uint64_t game_updates_sent = 0;
  uint64_t game_updates_unchanged = 0; // not sent: the same as before
  uint64_t slow = 0;                   // closed, because too much waited to be read
  uint64_t idle = 0;                   // closed, because nothing came
};

/// Any thread but where stated. Nothing here waits for a peer.
class sports_connections {
public:
  explicit sports_connections(sports_connections_terms terms);
  /// As `stop`, without waiting.
  ~sports_connections();
  sports_connections(const sports_connections&) = delete;
  sports_connections& operator=(const sports_connections&) = delete;

  /// From now on miners are served. Once; before that everybody is refused.
  void open(std::shared_ptr<sports_backend> backend);

  /// In the thread of the server: a request for /ws.
  void take(websocket_request request);

  /// Sends these to everybody who was not sent the same before.
  void publish(std::span<const sports_game> games);

  /// Sends these to one miner; false: it has no connection, or was sent the same before.
  bool send(const hotkey& key, std::span<const sports_game> games);

  /// Nobody is taken any more; everybody is sent what waits, and closed with 1000. Returns at once.
  void stop();

  sports_connection_counts counts() const;
  /// For the routes.
  const std::shared_ptr<sports_hub>& hub() const { return hub_; }

private:
  std::shared_ptr<sports_hub> hub_;
};

} // namespace sluice::net
