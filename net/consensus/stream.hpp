/// Sends changes to whoever has a WebSocket open, each on its connection, from any thread.
#pragma once

#include "net/http/link.hpp"
#include "net/http/websocket.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

namespace sluice::net {

/// Counts, bytes and milliseconds; bounds are inclusive, not checked. A subscriber with more bytes
/// to be sent than `queue_bytes_max` is closed with a reason.
struct stream_terms {
  size_t subscribers_max = 256; // more are closed with a reason
  size_t queue_bytes_max = size_t{1} << 20;
  uint64_t alive_ms = 30'000; // a line that shows that both ends are there
  uint64_t tick_ms = 200;     // how exactly times are kept
};

/// One change: a JSON text without a line end, and the miner that it is about.
struct stream_line {
  uint16_t uid = 0;
  std::string text;
};

/// Any thread but where stated. Nothing here blocks on a peer.
class consensus_stream {
public:
  explicit consensus_stream(stream_terms terms = {});
  ~consensus_stream();

  /// In the thread of the server. Its first text is `first`, then come the lines that are published
  /// after this call; of `uid` only where it is given.
  void subscribe(websocket_request request, std::optional<uint16_t> uid, std::string first);
  /// Accepts and closes it with this reason, a sentence. In the thread of the server.
  void refuse(websocket_request request, const std::string& why);
  /// To all subscribers, in this order. From one thread at a time.
  void publish(std::span<const stream_line> lines);

  /// Now, from 0.
  size_t subscribers() const;

private:
  struct hub;
  class subscriber;

  std::shared_ptr<hub> hub_;
};

} // namespace sluice::net
