/// A request to become a WebSocket, with the connection that it came on.
#pragma once

#include "net/http/message.hpp"

#include <cstdint>
#include <memory>
#include <optional>

namespace boost::asio {
class io_context;
}

namespace sluice::net {

/// Counts a connection for as long as anybody holds it.
using http_ticket = std::shared_ptr<void>;

/// What a route of `http_router::upgrade` takes over: `make_link` accepts it. Let go of, the
/// connection is closed.
class websocket_request {
public:
  struct parts; // net/http/stream.hpp

  explicit websocket_request(std::unique_ptr<parts> x);
  websocket_request(websocket_request&&) noexcept;
  websocket_request& operator=(websocket_request&&) noexcept;
  ~websocket_request();

  /// The number that the connection was admitted under. From 1, never used again. Errors: none.
  uint64_t connection() const;
  const http_request& request() const;
  /// Where the connection is served: who wants to act on its link from another thread posts to it.
  /// Gone when the server is.
  std::weak_ptr<boost::asio::io_context> context() const;

  std::unique_ptr<parts> release();

private:
  std::unique_ptr<parts> parts_;
};

/// What the request is answered with when it is no upgrade to a WebSocket of version 13 (RFC
/// 6455, 4.2.1): 426, or 400 when it wants to be one and is not.
std::optional<http_response> upgrade_refusal(const http_request& x, bool has_body);

} // namespace sluice::net
