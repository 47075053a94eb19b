/// A listener in a thread of its own.
#pragma once

#include "net/http/answer_log.hpp"
#include "net/http/gate.hpp"
#include "net/http/limits.hpp"
#include "net/http/listening.hpp"
#include "net/http/router.hpp"
#include "rules/address_range.hpp"

#include <memory>
#include <string>
#include <vector>

namespace sluice::net {

struct http_counts;

/// Times are in milliseconds of a clock that only goes forward; from 1, not checked. Whoever takes
/// longer is cut off.
struct http_server_terms {
  http_limits limits{};
  std::string certificate{}; // PEM files, both or none
  std::string key{};
  uint64_t tick_ms = 100;               // how exactly times are kept
  uint64_t drain_ms = 250;              // for the responses in hand when it stops
  admit_function admit{};               // none: `admit_within` the limits
  std::shared_ptr<http_gate> gate{};    // null: everybody may call every route
  answer_log log{};                     // of every answer; none: nothing is logged
  std::vector<address_range> proxies{}; // whose X-Forwarded-For is believed
};

class http_server {
public:
  /// Begins to accept. `ec::unreachable`: also a certificate or key that cannot be read;
  /// `ec::bad_input`: one that cannot be used.
  static result<std::unique_ptr<http_server>>
  start(const listening_socket& where, http_server_terms terms, http_router router);

  /// Accepts nothing more, writes the responses in hand, and ends what is left after `drain_ms`.
  ~http_server();

  /// Any thread; counts from 0. Errors: none.
  http_counts counts() const;

private:
  class thread;
  explicit http_server(std::unique_ptr<thread> x);

  std::unique_ptr<thread> thread_;
};

} // namespace sluice::net
