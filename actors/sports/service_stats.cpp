#include "actors/sports/service_stats.hpp"

#include "rules/json_text.hpp"

namespace sluice {

namespace {

double seconds_of(uint64_t ms) {
  return static_cast<double>(ms) / 1000;
}

} // namespace

std::string validator_stats(const hotkey& own, uint64_t block) {
  return json_object{}
    .add("is_running", true)
    .add("is_initialized", true)
    .add("current_block", block)
    .add("hotkey", std::string_view{own.value})
    .text();
}

std::string task_stats_of(const task_list& x) {
  json_object made;
  for (const auto& one : x.tasks)
    made.raw(one.name, json_object{}
                         .add("runs", one.runs)
                         .add("errors", one.errors)
                         .add("last_run", seconds_of(one.last_run_ms))
                         .add("last_error", std::string_view{one.last_error})
                         .add("avg_duration", one.avg_duration_s)
                         .text());
  return made.text();
}

std::string event_stats_of(const event_statistics& x) {
  json_object processed;
  json_object errors;
  json_object subscribers;
  for (const auto& [type, one] : x.by_type) {
    processed.add(type, one.processed);
    errors.add(type, one.errors);
    subscribers.add(type, one.subscribers);
  }
  return json_object{}
    .raw("processed_events", processed.text())
    .raw("processing_errors", errors.text())
    .raw("recent_errors", json_of(x.recent_errors))
    .raw("subscriber_count", subscribers.text())
    .add("queue_size", x.queue_size)
    .add("published", x.published)
    .add("processed", x.processed)
    .text();
}

std::string scoring_stats_of(uint64_t block, uint64_t scored_block, uint64_t weights_block) {
  const auto since = [block](uint64_t then) { return block > then ? block - then : 0; };
  return json_object{}
    .add("blocks_since_scoring", since(scored_block))
    .add("blocks_since_weights", since(weights_block))
    .text();
}

std::string communication_stats(const net::sports_connection_counts& x) {
  return json_object{}
    .add("websocket_broadcasts", x.game_updates_sent + x.game_updates_unchanged)
    .add("http_fallbacks", x.http_predictions)
    .add("game_updates_sent", x.game_updates_sent)
    .add("confirmations_sent", x.confirmations_sent)
    .add("confirmations_failed", x.confirmations_failed)
    .add("connection_events", x.accepted + x.refused + x.replaced)
    .add("connected_miners", x.active)
    .text();
}

} // namespace sluice
