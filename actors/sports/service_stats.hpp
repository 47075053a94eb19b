/// What the services of a running node state about themselves, as JSON objects in the shape of the
/// original's get_stats (facts/mechanisms D3.13).
#pragma once

#include "net/sports/connections.hpp"
#include "rules/events/statistics.hpp"
#include "rules/ids.hpp"
#include "rules/periodic/statistics.hpp"

#include <cstdint>
#include <string>

namespace sluice {

/// `block`: of the chain, now. No errors here.
std::string validator_stats(const hotkey& own, uint64_t block);
/// By name: {runs, errors, last_run, last_error, avg_duration}; moments in seconds since
/// 1970-01-01 UTC (0: never), durations in seconds.
std::string task_stats_of(const task_list& x);
/// {processed_events, processing_errors, recent_errors, subscriber_count, queue_size}.
std::string event_stats_of(const event_statistics& x);
/// Blocks since the last scoring and the last weights that began; 0: the same block.
std::string scoring_stats_of(uint64_t block, uint64_t scored_block, uint64_t weights_block);
/// {websocket_broadcasts, http_fallbacks, game_updates_sent, confirmations_sent, ...}.
std::string communication_stats(const net::sports_connection_counts& x);

} // namespace sluice
