#include "actors/sports/periodic_work.hpp"

#include "actors/base/ask.hpp"
#include "actors/base/default_handlers.hpp"
#include "actors/base/log.hpp"
#include "actors/sports/service_stats.hpp"
#include "rules/json_text.hpp"
#include "rules/sports/publish_parts.hpp"
#include "storage/sports/writer.hpp"

#include <caf/actor_system.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <map>
#include <string>
#include <utility>

namespace sluice {

namespace {

constexpr const char* settlement_task = "sports.settlement";
constexpr const char* survey_task = "sports.survey";
constexpr const char* scoring_task = "sports.scoring";
constexpr const char* status_task = "sports.status";

class sports_periodic_state {
public:
  static inline const char* name = "sports_periodic";

  explicit sports_periodic_state(observed_plain_pointer<task_owner_actor> self) : self_(self) {}

  void setup(sports_periodic_config config, sports_periodic_links links) {
    config_ = std::move(config);
    links_ = std::move(links);
    if (!links_.tasks)
      return;
    constexpr double scoring_jitter = 0.05; // facts/mechanisms D3.6
    constexpr uint64_t status_s = 60;
    add(settlement_task, config_.step_s, 0);
    add(survey_task, config_.step_s, 0);
    add(scoring_task, config_.rules.scoring_s, scoring_jitter);
    add(status_task, status_s, 0);
  }

  caf::result<atom::done> run(const run_task& x) {
    auto promise = self_->make_response_promise<atom::done>();
    const auto ended = [promise](const result<nothing>& done) mutable {
      if (done)
        promise.deliver(atom::done_v);
      else
        promise.deliver(to_error(done.error()));
    };
    if (x.name == settlement_task)
      settle(ended);
    else if (x.name == survey_task)
      survey(ended);
    else if (x.name == scoring_task)
      score_when_due(ended);
    else if (x.name == status_task)
      state_services(ended);
    else
      return to_error({ec::refused, x.name + " is no task of this mechanism"});
    return promise;
  }

  std::string describe() const {
    return json_object{}.add("step_s", config_.step_s).add("scored_block", scored_block_).text();
  }

private:
  using task_end = std::function<void(const result<nothing>&)>;
  using stated_services = std::shared_ptr<std::map<std::string, std::string>>;

  void add(const char* name, uint64_t interval_s, double jitter) {
    periodic_terms terms;
    terms.interval_ms = interval_s * 1000;
    terms.jitter = jitter;
    self_
      ->request(links_.tasks, caf::infinite,
                add_task{name, terms, caf::actor_cast<task_owner_actor>(self_)})
      .then([](uint64_t) {},
            [](const caf::error& why) { spdlog::warn("sports: {}", sentence(why)); });
  }

  static std::function<void(const caf::error&)> failing(const task_end& ended) {
    return [ended](const caf::error& why) { ended(to_fault(why)); };
  }

  void settle(const task_end& ended) {
    ask_or(
      self_, failing(ended), links_.intake, [ended](const sports_settled&) { ended(nothing{}); },
      sports_settle_call{config_.now_us()});
  }

  void survey(const task_end& ended) {
    ask_or(
      self_, failing(ended), links_.survey, [ended](const sports_surveyed&) { ended(nothing{}); },
      sports_survey_call{config_.now_us()});
  }

  void score_when_due(const task_end& ended) {
    ask_or(
      self_, failing(ended), links_.scoring,
      [this, ended](const sports_scoring& last) {
        const auto now_us = config_.now_us();
        if (last.number != 0
            && !scoring_is_due(last.scores.now_us, now_us, config_.block_seconds, config_.rules))
          return ended(nothing{});
        ask_or(
          self_, failing(ended), links_.scoring,
          [this, ended](const sports_scoring&) { note_scored_block(ended); },
          sports_score_call{now_us});
      },
      atom::view_v);
  }

  void note_scored_block(const task_end& ended) {
    ask_or(
      self_, failing(ended), links_.chain,
      [this, ended](const chain_view& seen) {
        scored_block_ = seen.head.block;
        ended(nothing{});
      },
      atom::view_v);
  }

  // -- what services state about themselves

  void state_services(const task_end& ended) {
    ask_or(
      self_, failing(ended), links_.chain,
      [this, ended](const chain_view& seen) {
        auto all = std::make_shared<std::map<std::string, std::string>>();
        const auto block = seen.head.block;
        (*all)["validator"] = validator_stats(config_.own, block);
        (*all)["scoring"] = scoring_stats_of(block, scored_block_, seen.ours.last_update);
        if (links_.connections)
          (*all)["communication"] = communication_stats(links_.connections());
        ask_tasks(all, ended);
      },
      atom::view_v);
  }

  void ask_tasks(const stated_services& all, const task_end& ended) {
    if (!links_.tasks)
      return ask_events(all, ended);
    ask_or(
      self_, failing(ended), links_.tasks,
      [this, all, ended](const task_list& x) {
        (*all)["tasks"] = task_stats_of(x);
        ask_events(all, ended);
      },
      atom::view_v);
  }

  void ask_events(const stated_services& all, const task_end& ended) {
    if (!links_.events)
      return store(all, ended);
    ask_or(
      self_, failing(ended), links_.events,
      [this, all, ended](const event_statistics& x) {
        (*all)["events"] = event_stats_of(x);
        store(all, ended);
      },
      atom::view_v);
  }

  void store(const stated_services& all, const task_end& ended) {
    storage::batch writes;
    const auto now_us = config_.now_us();
    for (const auto& [service, text] : *all)
      if (auto added = storage::add_stats(*links_.disk, writes, {service, now_us}, text); !added)
        return ended(added);
    ask_or(
      self_, failing(ended), links_.storage_writer, [ended](atom::done) { ended(nothing{}); },
      std::move(writes));
  }

  observed_plain_pointer<task_owner_actor> self_;
  sports_periodic_config config_;
  sports_periodic_links links_;
  uint64_t scored_block_ = 0; // of the last scoring of this incarnation
};

task_owner_actor::behavior_type
sports_periodic_behavior(observed_pointer<task_owner_actor, sports_periodic_state> self,
                         sports_periodic_config config, sports_periodic_links links) {
  auto& state = self->state;
  install_default_handlers(self, [&state] { return state.describe(); });
  state.setup(std::move(config), std::move(links));
  return {
    [&state](const run_task& x) { return state.run(x); },
  };
}

} // namespace

task_owner_actor spawn_sports_periodic(caf::actor_system& system, sports_periodic_config config,
                                       sports_periodic_links links) {
  return system.spawn(sports_periodic_behavior, std::move(config), std::move(links));
}

} // namespace sluice
