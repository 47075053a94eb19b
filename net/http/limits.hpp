/// How much a listening address takes, and how long it waits; who may open a connection.
#pragma once

#include "net/http/message.hpp"
#include "net/http/websocket.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <variant>

namespace sluice::net {

/// Sizes in bytes, times in milliseconds, the others are counts; bounds are inclusive. What goes
/// beyond one is answered with the status named behind it, or the connection ends. Not checked
/// here.
struct http_limits {
  size_t head_bytes = 8192;            // request line and headers together: 431
  size_t line_bytes = 4096;            // request line: 414
  size_t body_bytes = size_t{1} << 20; // of a request: 413
  size_t requests_max = 1000;          // on one connection, then it is closed
  size_t connections_max = 1024;       // of all together: 503
  size_t connections_per_network = 64; // an IPv4 address, an IPv6 /64: 503
  uint64_t head_ms = 10'000; // from the connection (TLS too) or the first byte to a whole head: 408
  uint64_t body_ms = 30'000; // from the head to a whole body: 408
  uint64_t answer_ms = 30'000; // until the handler answers: 503
  uint64_t idle_ms = 60'000;   // between requests
  uint64_t write_ms = 10'000;  // every 64 KiB into the peer's window
  uint64_t linger_ms = 1'000;  // after the last response, so that the peer can read it
};

/// A connection that has just come. `number`: from 1, never used again. `network`: as of
/// `network_of`. `by_proxy`: of one of http_service::proxies, which states in the head of each
/// request whose it is.
struct http_arrival {
  uint64_t number = 0;
  std::string network;
  bool by_proxy = false;
};

/// Asked once per connection, before a byte of it is read: a ticket, which is held for as long as
/// the connection or its WebSocket is there, or what it is answered with. Errors are responses.
using admit_function
  = std::function<std::variant<http_ticket, http_response>(const http_arrival& x)>;

/// By the two limits of connections; that of a network is none of a proxy's. Used and let go of in
/// one thread.
admit_function admit_within(const http_limits& limits);

} // namespace sluice::net
