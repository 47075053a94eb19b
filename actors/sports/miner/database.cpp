#include "actors/sports/miner/database.hpp"

#include "actors/base/default_handlers.hpp"
#include "actors/sports/miner/own_task.hpp"
#include "rules/json_text.hpp"

#include <caf/actor_system.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <utility>

namespace sluice {

namespace {

constexpr int64_t database_day_us = 86'400'000'000;

class sports_database_state {
public:
  static inline const char* name = "sports_database";

  explicit sports_database_state(observed_plain_pointer<sports_database_actor> self)
    : self_(self) {}

  void setup(sports_database_config config, std::shared_ptr<storage::miner_store> store,
             const task_manager_actor& tasks) {
    config_ = std::move(config);
    store_ = std::move(store);
    periodic_terms terms;
    terms.interval_ms = config_.backup_interval_s * 1000;
    add_own_task<sports_database_actor>(self_, tasks, "backup", terms);
  }

  caf::result<atom::done> write(const storage::batch& writes) {
    const auto written = store_->commit(writes);
    if (!written)
      return to_error(written.error());
    return atom::done_v;
  }

  caf::result<atom::done> maintain() {
    const auto now_ms = config_.unix_ms();
    if (const auto taken = store_->back_up_when_due(static_cast<int64_t>(now_ms / 1000)); !taken)
      return to_error(taken.error());
    const auto now_us = static_cast<int64_t>(now_ms) * 1000;
    const auto erased = store_->erase_older(
      now_us - static_cast<int64_t>(config_.keep_days) * database_day_us,
      now_us - static_cast<int64_t>(config_.keep_result_days) * database_day_us);
    if (!erased)
      return to_error(erased.error());
    return atom::done_v;
  }

  caf::result<std::string> view() const {
    const auto x = store_->figures();
    if (!x)
      return to_error(x.error());
    return json_object{}
      .add("queries", x->queries)
      .add("writes", x->writes)
      .add("failures", x->failures)
      .add("mean_us", x->mean_us)
      .add("last_backup_s", x->last_backup_s)
      .raw("rows", json_of(x->rows))
      .add("file_bytes", x->file_bytes)
      .text();
  }

private:
  observed_plain_pointer<sports_database_actor> self_;
  sports_database_config config_;
  std::shared_ptr<storage::miner_store> store_;
};

sports_database_actor::behavior_type
sports_database_behavior(observed_pointer<sports_database_actor, sports_database_state> self,
                         sports_database_config config, std::shared_ptr<storage::miner_store> store,
                         const task_manager_actor& tasks) {
  install_default_handlers(self);
  auto& state = self->state;
  state.setup(std::move(config), std::move(store), tasks);
  return {
    [&state](const storage::batch& writes) { return state.write(writes); },
    [&state](const run_task&) { return state.maintain(); },
    [&state](atom::view) { return state.view(); },
  };
}

} // namespace

sports_database_actor
spawn_sports_database(caf::actor_system& system, sports_database_config config,
                      std::shared_ptr<storage::miner_store> store, task_manager_actor tasks) {
  return system.spawn(sports_database_behavior, std::move(config), std::move(store),
                      std::move(tasks));
}

} // namespace sluice
