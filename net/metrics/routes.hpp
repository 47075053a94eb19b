/// What the address of `--metrics` serves: numbers for Prometheus, and whether the node works.
#pragma once

#include "net/http/limits.hpp"
#include "net/http/router.hpp"
#include "net/metrics/page.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace sluice::net {

/// Both are called in the server's thread, once per request, and must not block.
struct metrics_sources {
  std::function<std::vector<metric>()> collect;
  /// Nothing when the node is ready; else why it is not, a sentence.
  std::function<std::optional<std::string>()> not_ready;
};

/// GET and HEAD of `/metrics`, of `/healthz` (200 whenever the process answers) and of `/readyz`
/// (200, or 503 with the reason as `detail`); nothing else.
http_router metrics_router(metrics_sources sources);

/// Bodies are not taken; few connections, for tools on few machines. Bytes, counts and milliseconds
/// as in http_limits.
http_limits metrics_limits();

} // namespace sluice::net
