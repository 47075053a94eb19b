/// Asks HTTP servers, over TLS or without, from a thread of its own.
#pragma once

#include "net/http/client_answer.hpp"
#include "net/http/client_url.hpp"
#include "rules/result.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace sluice::net {

/// One request. Times are in milliseconds of a clock that only goes forward, from 1, kept to within
/// `tick_ms`; not checked.
struct http_call {
  std::string method = "GET"; // upper-case letters
  std::string url;            // as parse_http_url
  /// Beside Host, User-Agent, Content-Length and Connection, which are the client's.
  std::vector<http_header> headers{};
  std::string body{};
  uint64_t connect_ms = 10'000; // name, TCP and TLS together
  uint64_t whole_ms = 60'000;   // until the last byte of the answer, the connection included
};

/// Sizes in bytes, times in milliseconds, the others are counts, all from 1; not checked.
struct http_client_terms {
  std::string ca{};                     // PEM file; empty: the system's store
  std::string software = "sluice";      // User-Agent
  size_t head_bytes = 16'384;           // of an answer
  size_t body_bytes = size_t{16} << 20; // of an answer, without chunks
  size_t open_max = 64;                 // requests at the same time, waiting ones among them
  size_t kept_max = 16;                 // idle connections
  uint64_t kept_ms = 30'000;            // how long each is kept
  uint64_t tick_ms = 50;
};

/// Counts from 0. Errors: none.
struct http_client_counts {
  uint64_t requests = 0;    // that began
  uint64_t answers = 0;     // that came whole
  uint64_t failures = 0;    // requests that ended otherwise
  uint64_t connections = 0; // that were opened
  uint64_t reused = 0;      // requests on a connection that was there
};

/// What a request ends with, in the client's thread. Faults, each a sentence with the origin, never
/// with a header or a query: `ec::bad_input` the request cannot be sent; `ec::unreachable` no name,
/// no connection, or one that ended early, and a client that stops; `ec::timeout`; `ec::refused`
/// the certificate is not that of the host, or a redirect, which is not followed;
/// `ec::corrupt_data` no HTTP, a body that was cut or has bad chunks; `ec::out_of_range` a head or
/// body beyond its bound; `ec::busy` more than open_max.
using http_answered = std::function<void(result<http_answer>)>;

/// TLS 1.2 or newer; the host's name is checked against its certificate. Connections are used
/// again. A request of GET or HEAD whose connection was kept and turns out to be closed is sent
/// once more on a new one; nothing else is ever sent twice.
class http_client {
public:
  /// `ec::bad_input`: the file of the CA cannot be used.
  static result<std::unique_ptr<http_client>> start(http_client_terms terms);

  /// Ends what is open; their answers are faults, and come before this returns. Not in its own
  /// thread.
  ~http_client();

  /// Any thread. `answered` is called exactly once; it must not block and must not throw.
  void call(http_call x, http_answered answered);

  /// Any thread.
  http_client_counts counts() const;

private:
  class thread;
  explicit http_client(std::unique_ptr<thread> x);

  std::unique_ptr<thread> thread_;
};

} // namespace sluice::net
