#include "actors/sports/periodic_work.hpp"

#include "actors/base/ask.hpp"
#include "actors/base/default_handlers.hpp"
#include "actors/base/log.hpp"
#include "rules/json_text.hpp"
#include "rules/sports/publish_parts.hpp"

#include <caf/actor_system.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <functional>
#include <string>
#include <utility>

namespace sluice {

namespace {

constexpr const char* settlement_task = "sports.settlement";
constexpr const char* survey_task = "sports.survey";
constexpr const char* scoring_task = "sports.scoring";

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
    add(settlement_task, config_.step_s, 0);
    add(survey_task, config_.step_s, 0);
    add(scoring_task, config_.rules.scoring_s, scoring_jitter);
  }

  caf::result<atom::done> run(const run_task& x) {
    if (x.name != settlement_task && x.name != survey_task && x.name != scoring_task)
      return to_error({ec::refused, x.name + " is no task of this mechanism"});
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
    else
      score_when_due(ended);
    return promise;
  }

  std::string describe() const { return json_object{}.add("step_s", config_.step_s).text(); }

private:
  using task_end = std::function<void(const result<nothing>&)>;

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
          [ended](const sports_scoring&) { ended(nothing{}); }, sports_score_call{now_us});
      },
      atom::view_v);
  }

  observed_plain_pointer<task_owner_actor> self_;
  sports_periodic_config config_;
  sports_periodic_links links_;
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
