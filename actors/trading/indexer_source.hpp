/// A feed that asks an indexer over HTTP about one coldkey after the other.
#pragma once

#include "messages/trading.hpp"
#include "net/http/client.hpp"
#include "rules/trading/config.hpp"

#include <functional>

namespace sluice {

/// Sends a request, and answers once from any thread: net::http_client::call.
using http_caller = std::function<void(net::http_call, net::http_answered)>;

/// `feed`: of kind taostats or taoapp. `unix_ms`: milliseconds since 1970-01-01 UTC. `chance`: any
/// number, another one each time, for the jitter of pauses. `incarnation`: any number but 0 that no
/// earlier actor of this feed had. Not checked.
struct indexer_source_config {
  trading_feed feed;
  std::function<uint64_t()> unix_ms;
  std::function<uint64_t()> chance;
  uint64_t incarnation = 1;
  http_caller call{}; // empty: an HTTP client of its own
};

/// One request at a time. Every cadence_s it goes through its targets; those whose events are not
/// durable yet are passed over. The failure matrix of the facts (A3b, column required):
/// rules/trading/backoff.hpp, paging.hpp. It fails when its own client cannot be made; a key file
/// that cannot be used is health `stopped`, with the reason.
trading_source_actor spawn_indexer_source(caf::actor_system& system, indexer_source_config config);

} // namespace sluice
