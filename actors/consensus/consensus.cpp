#include "actors/consensus/consensus.hpp"

#include "actors/base/ask.hpp"
#include "actors/base/default_handlers.hpp"
#include "actors/base/log.hpp"
#include "net/consensus/report_client.hpp"
#include "rules/consensus/task_scores.hpp"
#include "rules/json_text.hpp"
#include "storage/consensus/steps.hpp"

#include <caf/actor_system.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace sluice {

namespace {

namespace tables = storage::tables;

/// How it looks from inside: others do not see the timer.
using own_consensus_actor = mechanism_actor::extend<caf::reacts_to<atom::due, uint64_t>>;

/// The step under way.
struct open_consensus_step {
  uint64_t number = 0;
  consensus_step row;
  std::vector<caf::typed_response_promise<step_report>> promises;
};

class consensus_state_of_steps {
public:
  static inline const char* name = consensus_name.data();

  explicit consensus_state_of_steps(observed_plain_pointer<own_consensus_actor> self)
    : self_(self) {}

  void setup(consensus_config config, consensus_links links) {
    config_ = std::move(config);
    links_ = std::move(links);
  }

  // ---- steps ------------------------------------------------------------------------------------

  caf::result<step_report> step(uint64_t number) {
    const auto done = tables::consensus_steps.find(*links_.disk, number);
    if (!done)
      return to_error(done.error());
    if (*done)
      return played(**done);
    if (!in_world()) {
      const auto is_due = step_is_due();
      if (!is_due)
        return to_error(is_due.error());
      if (!*is_due)
        return step_report{std::string{consensus_name}, step_outcome::paused, false, "", nullptr};
    }
    auto promise = self_->make_response_promise<step_report>();
    if (open_ && open_->number == number) { // a conductor that was restarted asks again
      open_->promises.push_back(promise);
      return promise;
    }
    open_ = std::make_shared<open_consensus_step>();
    open_->number = number;
    open_->promises.push_back(promise);
    if (const auto pause = pause_before_step(); pause.count() > 0)
      self_->delayed_send(self_, pause, atom::due_v, number);
    else
      begin(open_);
    return promise;
  }

  /// The moment of the step has come.
  void due(uint64_t number) {
    if (open_ && open_->number == number)
      begin(open_);
  }

  // ---- scores -----------------------------------------------------------------------------------

  /// By uid of now: work belongs to hotkeys.
  caf::result<mechanism_scores> scores(epoch_no epoch) {
    auto promise = self_->make_response_promise<mechanism_scores>();
    const auto failed = [promise](const caf::error& why) mutable { promise.deliver(why); };
    ask_or(
      self_, failed, links_.distributor,
      [this, epoch, promise, failed](const task_ranking& ranking) mutable {
        ask_or(
          self_, failed, links_.chain,
          [epoch, promise, ranking](const chain_view& seen) mutable {
            auto scored = task_scores(ranking.all, seen.neurons);
            if (scored)
              promise.deliver(
                mechanism_scores{std::string{consensus_name}, epoch, *std::move(scored), {}});
            else
              promise.deliver(to_error(scored.error()));
          },
          atom::view_v);
      },
      task_ranking_query{config_.unix_ms()});
    return promise;
  }

  // ---- commands ---------------------------------------------------------------------------------

  /// Everything that acts is about tasks.
  caf::result<std::string> obey(const mechanism_command& x) {
    if (!x.name.starts_with("tasks"))
      return caf::make_error(ec::refused, x.name + " is no command of this mechanism");
    auto promise = self_->make_response_promise<std::string>();
    ask_or(
      self_, [promise](const caf::error& why) mutable { promise.deliver(why); }, links_.distributor,
      [promise](std::string& answer) mutable { promise.deliver(std::move(answer)); }, x);
    return promise;
  }

  std::string describe() const {
    return json_object{}
      .add("step", open_ ? open_->number : 0)
      .add("world", in_world())
      .raw("settings", json_of(config_.settings))
      .text();
  }

private:
  using step_pointer = std::shared_ptr<open_consensus_step>;

  bool in_world() const { return config_.settings.world.has_value(); }

  uint64_t moment_of(uint64_t step) const {
    return in_world() ? consensus_moment_ms(*config_.settings.world, step, config_.step_s)
                      : config_.unix_ms();
  }

  result<bool> step_is_due() const {
    const auto last = tables::consensus_steps.last(*links_.disk);
    if (!last)
      return last.error();
    return !*last || config_.unix_ms() >= (*last)->second.now_ms + config_.settings.step_s * 1000;
  }

  /// A world that is watched waits for its moments; that changes no result.
  std::chrono::milliseconds pause_before_step() const {
    const bool paced = in_world() && config_.speed > 0;
    const auto seconds = paced ? static_cast<double>(config_.step_s) / config_.speed : 0;
    return std::chrono::milliseconds{static_cast<int64_t>(std::min(seconds, 3600.0) * 1000)};
  }

  // -- a step, from its beginning to its row

  void begin(const step_pointer& step) {
    step->row.now_ms = moment_of(step->number);
    if (!in_world())
      return look_at_records(step);
    config_.on_moment(step->row.now_ms);
    report_of_validator(step, 0);
  }

  /// One after the other, so that every run has the same order.
  void report_of_validator(const step_pointer& step, size_t which) {
    if (which == config_.validators.size())
      return look_at_records(step);
    const auto& who = config_.validators[which];
    const auto list = dev_status_list(who.kind, config_.settings.world->seed, step->number,
                                      step->row.now_ms, config_.miners);
    if (!list) {
      ++step->row.silent;
      return report_of_validator(step, which + 1);
    }
    report_arrival arrival;
    arrival.report.validator_uid = who.uid;
    arrival.report.epoch = step->number;
    arrival.report.issued_ms = step->row.now_ms;
    arrival.report.miner_statuses = *list;
    net::sign_report(arrival.report, who.keys);
    arrival.now_ms = step->row.now_ms;
    ask_or(
      self_, failing(step), links_.intake,
      [this, step, which](const report_outcome&) {
        ++step->row.reports; // repeated: by this step, before it was cut off
        step->row.items += config_.miners.size();
        report_of_validator(step, which + 1);
      },
      std::move(arrival));
  }

  void look_at_records(const step_pointer& step) {
    ask_or(
      self_, failing(step), links_.intake,
      [this, step](const intake_status& status) {
        step->row.statistics = status.statistics;
        in_world() ? give_out_tasks(step) : complete(step);
      },
      intake_moment{step->row.now_ms});
  }

  void give_out_tasks(const step_pointer& step) {
    ask_or(
      self_, failing(step), links_.distributor,
      [this, step](const task_turn_report& tasks) {
        step->row.tasks = tasks;
        complete(step);
      },
      task_turn{step->number, step->row.now_ms});
  }

  void complete(const step_pointer& step) {
    storage::batch writes;
    tables::consensus_steps.put(writes, step->number, step->row);
    ask_or(
      self_, failing(step), links_.storage_writer,
      [this, step](atom::done) { answer(step, played(step->row)); }, std::move(writes));
  }

  std::function<void(const caf::error&)> failing(const step_pointer& step) {
    return [this, step](const caf::error& why) {
      close(step);
      for (auto& x : step->promises)
        x.deliver(why);
    };
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

  static step_report played(const consensus_step& row) {
    return {std::string{consensus_name}, step_outcome::played, false, "",
            std::make_shared<const consensus_detail>(row)};
  }

  observed_plain_pointer<own_consensus_actor> self_;
  consensus_config config_;
  consensus_links links_;
  step_pointer open_; // null: none
};

own_consensus_actor::behavior_type
consensus_behavior(observed_pointer<own_consensus_actor, consensus_state_of_steps> self,
                   consensus_config config, consensus_links links) {
  auto& state = self->state;
  install_default_handlers(self, [&state] { return state.describe(); });
  state.setup(std::move(config), std::move(links));
  return {
    [&state](atom::scores, epoch_no epoch) { return state.scores(epoch); },
    [&state](atom::step, uint64_t number) { return state.step(number); },
    [&state](const mechanism_command& x) { return state.obey(x); },
    [&state](atom::due, uint64_t number) { state.due(number); },
  };
}

} // namespace

mechanism_actor
spawn_consensus(caf::actor_system& system, consensus_config config, consensus_links links) {
  return system.spawn(consensus_behavior, std::move(config), std::move(links));
}

} // namespace sluice
