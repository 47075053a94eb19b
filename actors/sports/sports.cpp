#include "actors/sports/sports.hpp"

#include "actors/base/ask.hpp"
#include "actors/base/default_handlers.hpp"
#include "actors/base/log.hpp"
#include "actors/sports/attempts.hpp"
#include "actors/sports/event_queue.hpp"
#include "actors/sports/publishing.hpp"
#include "rules/json_text.hpp"
#include "rules/sports/name.hpp"
#include "storage/sports/steps.hpp"
#include "storage/sports/tables.hpp"
#include "storage/sports/writer.hpp"

#include <caf/actor_system.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace sluice {

namespace {

namespace tables = storage::tables;

/// How it looks from inside: others do not see the timers.
using own_sports_actor = mechanism_actor::extend<caf::reacts_to<atom::due, uint64_t>,
                                                 caf::replies_to<run_task>::with<atom::done>>;

/// The step under way.
struct open_sports_step {
  uint64_t number = 0;
  sports_step row;
  chain_view seen;
  sports_scoring scoring;
  std::optional<weights_attempt> ended; // that of an earlier step
  std::vector<caf::typed_response_promise<step_report>> promises;
};

class sports_state {
public:
  static inline const char* name = sports_name.data();

  explicit sports_state(observed_plain_pointer<own_sports_actor> self)
    : self_(self), events_(self, std::string{sports_name}) {}

  void setup(sports_config config, sports_links links) {
    config_ = std::move(config);
    links_ = std::move(links);
    events_.to(links_.events);
    const auto now_us = in_world() ? world_now_us() : config_.now_us();
    events_.publish(sports_topics::validator_started,
                    validator_started_event{event_time(now_us), config_.own.value},
                    ms_of_us(now_us));
    if (!in_world())
      add_task_of_weights();
  }

  // ---- steps ------------------------------------------------------------------------------------

  caf::result<step_report> step(uint64_t number) {
    const auto done = tables::sports_steps.find(*links_.disk, number);
    if (!done)
      return to_error(done.error());
    if (*done)
      return played(**done);
    auto promise = self_->make_response_promise<step_report>();
    if (open_ && open_->number == number) { // a conductor that was restarted asks again
      open_->promises.push_back(promise);
      return promise;
    }
    open_ = std::make_shared<open_sports_step>();
    open_->number = number;
    open_->promises.push_back(promise);
    if (const auto pause = pause_before_step(); pause.count() > 0)
      self_->delayed_send(self_, pause, atom::due_v, number);
    else
      begin(open_);
    return promise;
  }

  /// The moment of the step has come.
  void begin_step(uint64_t number) {
    if (open_ && open_->number == number)
      begin(open_);
  }

  /// Of the task manager: the timer of weights is over; the next step looks for it.
  caf::result<atom::done> run(const run_task&) {
    asked_ = "timer";
    return atom::done_v;
  }

  // ---- scores -----------------------------------------------------------------------------------

  /// By uid of now: scores belong to hotkeys.
  caf::result<mechanism_scores> scores(epoch_no epoch) {
    auto promise = self_->make_response_promise<mechanism_scores>();
    ask_or(
      self_, [promise](const caf::error& why) mutable { promise.deliver(why); }, links_.chain,
      [this, epoch, promise](const chain_view& seen) { hand_in(epoch, seen, promise); },
      atom::view_v);
    return promise;
  }

  // ---- commands ---------------------------------------------------------------------------------

  caf::result<std::string> obey(const mechanism_command& x) {
    const auto now_us = in_world() ? world_now_us() : config_.now_us();
    if (x.name == "sports settle")
      return answer_of<sports_settled>(links_.intake, sports_settle_call{now_us});
    if (x.name == "sports score")
      return answer_of<sports_scoring>(links_.scoring, sports_score_call{now_us});
    if (x.name == "sports ask")
      return answer_of<sports_surveyed>(links_.survey, sports_survey_call{now_us});
    if (x.name == "sports publish") {
      asked_ = "operator";
      return json_object{}.add("publish", "wanted").text();
    }
    return caf::make_error(ec::refused, x.name + " is no command of this mechanism");
  }

  std::string describe() const {
    return json_object{}
      .add("step", open_ ? open_->number : 0)
      .add("world", in_world())
      .add("publish_asked_by", std::string_view{asked_})
      .raw("transport", json_of(config_.settings.transport))
      .text();
  }

private:
  using step_pointer = std::shared_ptr<open_sports_step>;

  bool in_world() const { return config_.settings.world.has_value(); }
  const sports_settings& rules() const { return config_.settings.rules; }

  int64_t moment_of(uint64_t step) const {
    return in_world() ? sports_moment_us(*config_.settings.world, step) : config_.now_us();
  }

  /// Of the last step that is done.
  int64_t world_now_us() const {
    const auto last = tables::sports_steps.last(*links_.disk);
    return last && *last ? (*last)->second.time_us : moment_of(0);
  }

  /// A world that is watched goes on with the blocks of the chain, whose steps are shorter than its
  /// own; that changes no result.
  std::chrono::milliseconds pause_before_step() const {
    const bool paced = in_world() && config_.speed > 0;
    const auto seconds = paced ? static_cast<double>(config_.pace_s) / config_.speed : 0;
    return std::chrono::milliseconds{static_cast<int64_t>(std::min(seconds, 3600.0) * 1000)};
  }

  template <class Answer, class Handle, class Call>
  caf::result<std::string> answer_of(const Handle& whom, Call call) {
    auto promise = self_->make_response_promise<std::string>();
    ask_or(
      self_, [promise](const caf::error& why) mutable { promise.deliver(why); }, whom,
      [promise](const Answer& x) mutable { promise.deliver(json_of(x)); }, std::move(call));
    return promise;
  }

  /// Without a task manager the rule of weights_s alone is the timer.
  void add_task_of_weights() {
    if (!links_.tasks)
      return;
    constexpr double jitter = 0.05; // facts/mechanisms D3.6
    periodic_terms terms;
    terms.interval_ms = rules().weights_s * 1000;
    terms.initial_delay_ms = terms.interval_ms;
    terms.jitter = jitter;
    self_
      ->request(links_.tasks, caf::infinite,
                add_task{"sports.weights", terms, caf::actor_cast<task_owner_actor>(self_)})
      .then([](uint64_t) {},
            [](const caf::error& why) { spdlog::warn("sports: {}", sentence(why)); });
  }

  // -- a step, from its beginning to its row

  void begin(const step_pointer& step) {
    step->row.time_us = moment_of(step->number);
    if (in_world())
      config_.on_moment(step->row.time_us);
    ask_or(
      self_, failing(step), links_.chain,
      [this, step](const chain_view& seen) {
        step->seen = seen;
        note_end(step);
      },
      atom::view_v);
  }

  /// How the attempt of an earlier step ended is durable before anything else is decided.
  void note_end(const step_pointer& step) {
    auto ended = ended_sports_attempt(*links_.disk, step->row.time_us);
    if (!ended)
      return fail(step, to_error(ended.error()));
    step->ended = *std::move(ended);
    if (!step->ended)
      return go_on(step);
    storage::batch writes;
    storage::add_attempt(writes, *step->ended);
    write(step, std::move(writes), [this, step] {
      show_end(*step->ended);
      go_on(step);
    });
  }

  void show_end(const weights_attempt& x) {
    self_->observed().stats->count("weights_" + std::string{name_of(x.end)});
    if (!x.success())
      spdlog::warn("sports: attempt {} to set weights {}: {}", x.number, name_of(x.end), x.error);
    events_.publish(sports_topics::weights_set, weights_event_of(x), ms_of_us(x.ended_us));
  }

  void go_on(const step_pointer& step) { in_world() ? take_games(step) : look_at_scores(step); }

  void take_games(const step_pointer& step) {
    sports_game_batch batch{step->row.time_us, config_.world_games(step->number)};
    step->row.games = batch.games.size();
    ask_or(
      self_, failing(step), links_.intake,
      [this, step](const sports_games_taken&) { ask_miners(step); }, std::move(batch));
  }

  void ask_miners(const step_pointer& step) {
    ask_or(
      self_, failing(step), links_.survey,
      [this, step](const sports_surveyed& x) {
        // What was stored before this step was cut off is of this step: no miner of a world repeats
        // an older prediction.
        step->row.predictions = x.predictions;
        step->row.accepted = x.accepted + x.confirmed_again;
        step->row.refused = x.refused;
        score(step);
      },
      sports_survey_call{step->row.time_us});
  }

  void score(const step_pointer& step) {
    ask_or(
      self_, failing(step), links_.scoring,
      [this, step](const sports_scoring& x) {
        step->scoring = x;
        step->row.scoring = x.number;
        step->row.moves = x.moves;
        const auto settled = settled_at(step->row.time_us);
        if (!settled)
          return fail(step, to_error(settled.error()));
        step->row.won = settled->won;
        step->row.lost = settled->lost;
        step->row.voided = settled->voided;
        decide(step);
      },
      sports_score_call{step->row.time_us});
  }

  /// Counted on the disk: a step that was cut off has settled a part of it before.
  result<sports_settled> settled_at(int64_t time_us) const {
    sports_settled made;
    auto read = tables::sports_predictions.for_each(
      *links_.disk, [&](uint64_t, const stored_prediction& x) {
        if (x.settled_us != time_us)
          return;
        made.won += x.state == prediction_state::won ? 1 : 0;
        made.lost += x.state == prediction_state::lost ? 1 : 0;
        made.voided += x.state == prediction_state::void_ ? 1 : 0;
      });
    if (!read)
      return read.error();
    return made;
  }

  void look_at_scores(const step_pointer& step) {
    ask_or(
      self_, failing(step), links_.scoring,
      [this, step](const sports_scoring& x) {
        step->scoring = x;
        decide(step);
      },
      atom::view_v);
  }

  void decide(const step_pointer& step) {
    const auto attempt
      = due_sports_attempt(*links_.disk, {step->row.time_us, step->seen, step->scoring, rules(),
                                          config_.block_seconds, in_world(), asked_});
    if (!attempt)
      return fail(step, to_error(attempt.error()));
    if (*attempt) {
      step->row.attempt = (*attempt)->number;
      step->row.reason = (*attempt)->reason;
      step->row.scoring = step->scoring.number;
    } else if (!in_world()) {
      return answer(step, paused());
    }
    storage::batch writes;
    if (*attempt)
      storage::add_attempt(writes, **attempt);
    tables::sports_steps.put(writes, step->number, step->row);
    write(step, std::move(writes), [this, step, began = attempt->has_value()] {
      if (began)
        asked_.clear();
      answer(step, played(step->row));
    });
  }

  template <class Then>
  void write(const step_pointer& step, storage::batch writes, Then then) {
    ask_or(
      self_, failing(step), links_.storage_writer, [then](atom::done) { then(); },
      std::move(writes));
  }

  std::function<void(const caf::error&)> failing(const step_pointer& step) {
    return [this, step](const caf::error& why) { fail(step, why); };
  }

  void fail(const step_pointer& step, const caf::error& why) {
    close(step);
    for (auto& x : step->promises)
      x.deliver(why);
  }

  void answer(const step_pointer& step, const step_report& report) {
    close(step);
    for (auto& x : step->promises)
      x.deliver(report);
  }

  void close(const step_pointer& step) {
    if (open_ == step)
      open_ = nullptr;
  }

  static step_report paused() {
    return {std::string{sports_name}, step_outcome::paused, false, "", nullptr};
  }

  step_report played(const sports_step& row) const {
    std::shared_ptr<const sports_scoring> scoring;
    if (row.scoring != 0)
      if (auto found = tables::sports_scorings.find(*links_.disk, row.scoring); found && *found)
        scoring = std::make_shared<const sports_scoring>(**std::move(found));
    return {std::string{sports_name}, step_outcome::played, false, "",
            std::make_shared<const sports_detail>(row, std::move(scoring))};
  }

  // -- scores

  void hand_in(epoch_no epoch, const chain_view& seen,
               caf::typed_response_promise<mechanism_scores> promise) {
    auto made = hand_in_sports(*links_.disk, epoch, seen);
    if (!made) {
      promise.deliver(to_error(made.error()));
      return;
    }
    mechanism_scores scores{std::string{sports_name}, epoch, made->weights, {}};
    const auto why = made->why_none;
    auto answer = [promise, scores = std::move(scores), why]() mutable {
      if (why.empty())
        promise.deliver(std::move(scores));
      else
        promise.deliver(caf::make_error(ec::refused, why));
    };
    if (!made->attempt)
      return answer();
    storage::batch writes;
    storage::add_attempt(writes, *made->attempt);
    ask_or(
      self_, [promise](const caf::error& why_not) mutable { promise.deliver(why_not); },
      links_.storage_writer, [answer](atom::done) mutable { answer(); }, std::move(writes));
  }

  observed_plain_pointer<own_sports_actor> self_;
  sports_config config_;
  sports_links links_;
  sports_event_queue<observed_plain_pointer<own_sports_actor>> events_;
  step_pointer open_; // null: none
  std::string asked_; // who wants weights to be set; "": nobody
};

own_sports_actor::behavior_type
sports_behavior(observed_pointer<own_sports_actor, sports_state> self, sports_config config,
                sports_links links) {
  auto& state = self->state;
  install_default_handlers(self, [&state] { return state.describe(); });
  state.setup(std::move(config), std::move(links));
  return {
    [&state](atom::scores, epoch_no epoch) { return state.scores(epoch); },
    [&state](atom::step, uint64_t number) { return state.step(number); },
    [&state](const mechanism_command& x) { return state.obey(x); },
    [&state](const run_task& x) { return state.run(x); },
    [&state](atom::due, uint64_t number) { state.begin_step(number); },
  };
}

} // namespace

mechanism_actor spawn_sports(caf::actor_system& system, sports_config config, sports_links links) {
  return system.spawn(sports_behavior, std::move(config), std::move(links));
}

} // namespace sluice
