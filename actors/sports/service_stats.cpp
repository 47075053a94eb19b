#include "actors/sports/service_stats.hpp"

#include "actors/base/ask.hpp"
#include "actors/base/default_handlers.hpp"
#include "actors/base/log.hpp"
#include "rules/json_text.hpp"
#include "rules/sports/moment.hpp"
#include "rules/sports/publish_parts.hpp"
#include "storage/sports/recall.hpp"
#include "storage/sports/writer.hpp"

#include <caf/actor_system.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <utility>

namespace sluice {

namespace {

using stats_json = nlohmann::ordered_json;

std::string stats_text(const stats_json& x) {
  return x.dump(-1, ' ', false, stats_json::error_handler_t::replace);
}

stats_json stats_moment(uint64_t ms) {
  constexpr int64_t us_per_ms = 1000;
  return ms == 0 ? stats_json(nullptr)
                 : stats_json(sports_time_text(static_cast<int64_t>(ms) * us_per_ms));
}

/// Blocks that have passed since a moment; null: there was none.
stats_json blocks_since(uint64_t block, int64_t now_us, int64_t then_us, uint64_t block_seconds) {
  if (then_us <= 0)
    return nullptr;
  return block - std::min(block, block_before(block, now_us - then_us, block_seconds));
}

/// One collection under way.
struct open_service_stats {
  int64_t now_us = 0;
  chain_view seen;
  storage::batch writes;
  caf::typed_response_promise<atom::done> promise;
};

class service_stats_state {
public:
  static inline const char* name = "sports_stats";

  explicit service_stats_state(observed_plain_pointer<task_owner_actor> self) : self_(self) {}

  void setup(service_stats_config config, service_stats_links links) {
    config_ = std::move(config);
    links_ = std::move(links);
    periodic_terms terms;
    terms.interval_ms = 60'000; // facts/mechanisms D3.6, status log
    terms.jitter = 0;
    self_
      ->request(links_.tasks, caf::infinite,
                add_task{sports_status_task, terms, caf::actor_cast<task_owner_actor>(self_)})
      .then([](uint64_t) {},
            [](const caf::error& why) { spdlog::warn("sports_stats: {}", sentence(why)); });
  }

  caf::result<atom::done> run() {
    auto open = std::make_shared<open_service_stats>();
    open->now_us = config_.now_us();
    open->promise = self_->make_response_promise<atom::done>();
    ask_or(
      self_, failing(open), links_.chain,
      [this, open](const chain_view& seen) {
        open->seen = seen;
        with_chain(open);
      },
      atom::view_v);
    return open->promise;
  }

  std::string describe() const { return json_object{}.add("written", written_).text(); }

private:
  using stats_pointer = std::shared_ptr<open_service_stats>;

  static std::function<void(const caf::error&)> failing(const stats_pointer& open) {
    return [open](const caf::error& why) { open->promise.deliver(why); };
  }

  void put(const stats_pointer& open, const char* service, const std::string& json) const {
    const auto added
      = storage::add_stats(*links_.disk, open->writes, {service, open->now_us}, json);
    if (!added)
      spdlog::warn("sports_stats: {}: {}", service, added.error().what);
  }

  void with_chain(const stats_pointer& open) {
    put(open, "validator",
        stats_text({{"is_running", true},
                    {"is_initialized", true},
                    {"current_block", open->seen.head.block},
                    {"hotkey", config_.own.value}}));
    const auto scoring = storage::last_scoring(*links_.disk);
    const auto success = storage::last_success(*links_.disk);
    const auto since = [&](int64_t then_us) {
      return blocks_since(open->seen.head.block, open->now_us, then_us, config_.block_seconds);
    };
    put(open, "scoring",
        stats_text(
          {{"blocks_since_scoring", since(scoring && *scoring ? (*scoring)->scores.now_us : 0)},
           {"blocks_since_weights", since(success && *success ? (*success)->ended_us : 0)}}));
    if (config_.connections)
      if (const auto counts = config_.connections())
        put(open, "communication", connection_stats_json(*counts));
    ask_or(
      self_, failing(open), links_.tasks,
      [this, open](const task_list& x) {
        put(open, "tasks", task_stats_json(x));
        with_tasks(open);
      },
      atom::view_v);
  }

  void with_tasks(const stats_pointer& open) {
    if (!links_.events)
      return write(open);
    ask_or(
      self_, failing(open), links_.events,
      [this, open](const event_statistics& x) {
        put(open, "events", event_stats_json(x));
        write(open);
      },
      atom::view_v);
  }

  void write(const stats_pointer& open) {
    ask_or(
      self_, failing(open), links_.storage_writer,
      [this, open](atom::done) {
        ++written_;
        open->promise.deliver(atom::done_v);
      },
      std::move(open->writes));
  }

  observed_plain_pointer<task_owner_actor> self_;
  service_stats_config config_;
  service_stats_links links_;
  uint64_t written_ = 0;
};

task_owner_actor::behavior_type
service_stats_behavior(observed_pointer<task_owner_actor, service_stats_state> self,
                       service_stats_config config, service_stats_links links) {
  auto& state = self->state;
  install_default_handlers(self, [&state] { return state.describe(); });
  state.setup(std::move(config), std::move(links));
  return {[&state](const run_task&) { return state.run(); }};
}

} // namespace

task_owner_actor spawn_service_stats(caf::actor_system& system, service_stats_config config,
                                     service_stats_links links) {
  return system.spawn(service_stats_behavior, std::move(config), std::move(links));
}

std::string task_stats_json(const task_list& x) {
  stats_json out = stats_json::object();
  for (const auto& one : x.tasks)
    out[one.name] = {{"runs", one.runs},
                     {"errors", one.errors},
                     {"last_run", stats_moment(one.last_run_ms)},
                     {"last_error", one.last_error},
                     {"avg_duration", one.avg_duration_s},
                     {"state", one.state}};
  return stats_text(out);
}

std::string event_stats_json(const event_statistics& x) {
  stats_json processed = stats_json::object();
  stats_json errors = stats_json::object();
  stats_json subscribers = stats_json::object();
  for (const auto& [type, one] : x.by_type) {
    processed[type] = one.processed;
    if (one.errors > 0)
      errors[type] = one.errors;
    subscribers[type] = one.subscribers;
  }
  stats_json recent = stats_json::array();
  for (const auto& one : x.recent_errors)
    recent.push_back({{"type", one.type},
                      {"subscriber", one.subscriber},
                      {"time", stats_moment(one.time_ms)},
                      {"error", one.why}});
  return stats_text({{"published", x.published},
                     {"processed", x.processed},
                     {"processed_events", std::move(processed)},
                     {"processing_errors", std::move(errors)},
                     {"recent_errors", std::move(recent)},
                     {"subscriber_count", std::move(subscribers)},
                     {"queue_size", x.queue_size}});
}

std::string connection_stats_json(const net::sports_connection_counts& x) {
  return stats_text({{"websocket_broadcasts", x.game_updates_sent},
                     {"http_fallbacks", x.http_predictions},
                     {"game_updates_sent", x.game_updates_sent},
                     {"confirmations_sent", x.confirmations_sent},
                     {"confirmations_failed", x.confirmations_failed},
                     {"connection_events", x.accepted + x.refused + x.replaced},
                     {"connected_miners", x.active}});
}

} // namespace sluice
