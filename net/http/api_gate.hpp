/// The gate of the HTTP API: keys, roles, rates and origins, as [api] of the configuration has
/// them.
#pragma once

#include "net/http/gate.hpp"
#include "rules/api/key.hpp"
#include "rules/api/rates.hpp"

#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

namespace sluice::net {

/// The keys that are good now. Any thread: one puts, the server's looks.
class current_api_keys {
public:
  void put(std::vector<api_key> all);
  std::shared_ptr<const std::vector<api_key>> get() const;

private:
  mutable std::mutex mutex_;
  std::shared_ptr<const std::vector<api_key>> all_ = std::make_shared<std::vector<api_key>>();
};

/// Clocks in milliseconds: `steady_ms` only goes forward, `unix_ms` is since 1970-01-01 UTC. Both
/// must be there; not checked.
struct api_gate_terms {
  std::set<std::string, std::less<>> open_routes{}; // paths of routes that are taken without a key
  api_role read_role = api_role::none;              // none: readable routes are open
  std::vector<std::string> cors_origins{};
  api_rate_terms rates{};
  std::function<uint64_t()> steady_ms{};
  std::function<uint64_t()> unix_ms{};
};

/// Answers 401 (no key, one that is none, or one that nobody has), 403 (a key that is revoked,
/// expired or of another role; a WebSocket for a page of a foreign origin), 429 (too fast: with
/// Retry-After); a preflight of a browser with 204. A key that is sent must be good, on open routes
/// too: who sends one relies on it. No key is in any answer.
std::shared_ptr<http_gate>
make_api_gate(api_gate_terms terms, std::shared_ptr<const current_api_keys> keys);

/// May a request without a key, or with a good one of this role, call the route under these terms?
/// `signed_body` counts as yes: the handler decides.
bool needs_no_key(const http_route& route, const api_gate_terms& terms);
bool may_call(const http_route& route, const api_gate_terms& terms, api_role role);

} // namespace sluice::net
