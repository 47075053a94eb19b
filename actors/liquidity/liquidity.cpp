#include "actors/liquidity/liquidity.hpp"

#include "actors/base/default_handlers.hpp"
#include "actors/base/log.hpp"
#include "actors/base/supervisor.hpp"
#include "actors/base/thrown_fault.hpp"
#include "actors/liquidity/job_book.hpp"
#include "actors/liquidity/job_request.hpp"
#include "actors/liquidity/steps_done.hpp"
#include "actors/liquidity/stored_jobs.hpp"
#include "rules/json_text.hpp"
#include "rules/limits.hpp"
#include "storage/liquidity/tables.hpp"

#include <caf/actor_system.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <algorithm>
#include <map>
#include <memory>
#include <numeric>

namespace sluice {

namespace {

struct job_entry {
  current_job job;
  job_actor actor;
  job_turn turn;                    // in the step that is open
  bool asked = false;               // is part of it
  bool ahead = false;               // plays a round that ends in a later step
  std::optional<job_report> report; // of the step that is open
  std::string abandoned;            // why it cannot go on, until that is on the disk
  bool lost = false;                // its record cannot be read: that stays so
  uint32_t incarnations = 0;        // since the last finished step
};

/// One open question for standings.
struct open_standings {
  std::vector<job_standing> standings;
  size_t missing = 0;
  std::string trouble;
  caf::typed_response_promise<mechanism_scores> answer;
};

class liquidity_state {
public:
  static inline const char* name = liquidity_name.data();

  explicit liquidity_state(observed_plain_pointer<liquidity_actor> self)
    : self_(self), children_(self, {.then = when_exhausted::abandon,
                                    .restarts_max = limits::round_attempts_max + 2}) {}

  void setup(liquidity_config config, job_links links) {
    config_ = std::move(config);
    links_ = std::move(links);
    children_.on_abandoned
      = [this](const std::string& job, const std::string& why) { give_up(job_id{job}, why); };
    children_.on_asked = [this](const std::string& job) {
      if (auto& incarnations = jobs_.at(job_id{job}).incarnations; incarnations > 0)
        --incarnations; // what an operator asks for is no failure
    };
    auto stored = read_stored_jobs(*links_.disk);
    if (!stored)
      throw thrown_fault("the jobs: ", stored.error());
    orders_ = std::move(stored->orders);
    const auto done = jobs_steps_done(*links_.disk);
    step_ = done ? done->value_or(0) : 0;
    for (const auto& [id, job] : current_jobs(config_.settings.jobs, orders_))
      add_job(id, job);
  }

  caf::result<step_report> step(uint64_t number) {
    auto stored = read_stored_jobs(*links_.disk);
    if (!stored)
      return to_error(stored.error());
    auto plan = plan_step(*stored, current_jobs(config_.settings.jobs, orders_), number);
    promise_ = self_->make_response_promise<step_report>();
    step_ = number;
    planned_ = false;
    for (auto& [id, entry] : jobs_) {
      entry.report.reset();
      entry.asked = false;
    }
    if (plan.writes.writes.empty()) {
      begin(plan);
      return promise_;
    }
    auto writes = std::move(plan.writes);
    self_->request(links_.storage_writer, caf::infinite, std::move(writes))
      .then(
        [this, number, plan = std::move(plan)](atom::done) {
          if (number == step_ && promise_.pending())
            begin(plan);
        },
        [this, number](const caf::error& why) {
          if (number == step_ && promise_.pending())
            promise_.deliver(why);
        });
    return promise_;
  }

  caf::result<atom::done> obey(const job_command& request) { return obey(request, atom::done_v); }

  /// The same as text; answers JSON.
  caf::result<std::string> obey(const mechanism_command& request) {
    auto command = job_command_of(request);
    if (!command)
      return to_error(command.error());
    return obey(*command, json_object{}
                            .add("job", command->job.value)
                            .add("done", request.name.substr(request.name.find(' ') + 1))
                            .text());
  }

  caf::result<mechanism_scores> scores(epoch_no epoch) {
    if (jobs_.empty())
      return caf::make_error(ec::unreachable, std::string{"no liquidity job is played"});
    for (const auto& [id, entry] : jobs_)
      if (!entry.abandoned.empty())
        return caf::make_error(ec::unreachable, trouble_of(id, entry));
    auto open = std::make_shared<open_standings>();
    open->missing = jobs_.size();
    open->answer
      = self_->make_response_promise<mechanism_scores>(); // a promise would eat those errors
    for (const auto& [id, entry] : jobs_)
      self_->request(entry.actor, caf::infinite, atom::standing_v)
        .then(
          [this, open, epoch](job_standing& x) {
            open->standings.push_back(std::move(x));
            counted(epoch, open);
          },
          [this, open, epoch, id = id](const caf::error& why) {
            open->trouble = "job " + id.value + ": " + sentence(why);
            counted(epoch, open);
          });
    return open->answer;
  }

  std::string describe() const {
    json_list jobs;
    for (const auto& [id, entry] : jobs_)
      jobs.raw(json_object{}
                 .add("job", id.value)
                 .add("paused", entry.job.paused)
                 .add("laps_missed", entry.job.steps_missed)
                 .add("lap_done", entry.report.has_value())
                 .add("rounds_due", entry.turn.rounds)
                 .add("plays_ahead", entry.ahead)
                 .add("incarnations_in_this_round", entry.incarnations)
                 .add("given_up", entry.abandoned)
                 .text());
    return json_object{}
      .add("lap", step_)
      .raw("jobs", jobs.text())
      .raw("emission", json_of(config_.settings.emission))
      .text();
  }

private:
  /// Everybody's part of the step; what it needs is on the disk.
  void begin(const step_plan& plan) {
    planned_ = true;
    for (auto& [id, entry] : jobs_) {
      const auto turn = plan.turns.find(id);
      entry.ahead = false;
      if (entry.lost)
        entry.report = report_of_abandoned(id, entry.abandoned);
      else if (turn == plan.turns.end()) // paused, or added since the step was planned
        entry.report = report_of_paused(id);
      else
        entry.turn = turn->second;
    }
    for (auto& [id, entry] : jobs_)
      if (!entry.report)
        take_turn(id, entry);
    complete();
  }

  /// A round that ends in a later step is played already where time is paced, so that the step in
  /// which it ends does not last as long as the round. Without a pace it is played then.
  void take_turn(const job_id& id, job_entry& entry) {
    if (entry.turn.due)
      return ask(id);
    entry.report = report_of_paused(id);
    entry.report->completed = entry.turn.rounds - 1;
    entry.report->outcome = step_outcome::played;
    entry.ahead = config_.speed > 0;
    if (entry.ahead && entry.actor)
      self_->send(entry.actor, atom::advance_v, entry.turn.rounds);
  }

  /// Durable first, then done.
  template <class Answer>
  caf::result<Answer> obey(const job_command& request, Answer answer) {
    auto stored = read_stored_jobs(*links_.disk);
    if (!stored)
      return to_error(stored.error());
    const auto record = stored->records.find(request.job);
    const bool failed = record != stored->records.end() && record->second.failed;
    auto next = order_after(request, config_.settings.jobs, orders_, step_, failed);
    if (!next)
      return to_error(next.error());
    if (request.act == job_act::add && record != stored->records.end())
      if (auto same = may_take_up(record->second, *request.added); !same)
        return to_error(same.error());
    storage::batch writes;
    if (next->what == job_order_kind::run)
      writes = going_on(*stored, request.job, *next);
    storage::tables::job_orders.put(writes, request.job, *next);
    const bool again = failed && next->what == job_order_kind::run;
    auto promise = self_->make_response_promise<Answer>();
    self_->request(links_.storage_writer, caf::infinite, std::move(writes))
      .then(
        [this, promise, answer, again, id = request.job, order = *next](atom::done) mutable {
          spdlog::info("job {}: {} by {}", id.value,
                       order.what == job_order_kind::run     ? "plays"
                       : order.what == job_order_kind::pause ? "paused"
                                                             : "removed",
                       order.who);
          orders_[id] = std::move(order);
          update_job(id, again);
          promise.deliver(std::move(answer));
        },
        [promise](const caf::error& why) mutable { promise.deliver(why); });
    return promise;
  }

  /// What is written with an order that lets a job play.
  storage::batch going_on(const stored_jobs& stored, const job_id& id, const job_order& next) {
    std::optional<job_order> before;
    if (const auto x = orders_.find(id); x != orders_.end())
      before = x->second;
    auto orders = orders_;
    orders[id] = next;
    const auto now = current_jobs(config_.settings.jobs, orders);
    const auto job = now.find(id);
    return job == now.end() ? storage::batch{}
                            : rows_of_going_on(stored, job->second.config, before, step_);
  }

  void add_job(const job_id& id, const current_job& job) {
    jobs_[id].job = job;
    children_.add({id.value, restart_rule::permanent, [this, id] { return raise(id); }});
  }

  /// As the orders are now. Whoever plays the step that is open finishes it; who is removed leaves
  /// it at once. `again`: it had failed, and starts from what is on the disk now.
  void update_job(const job_id& id, bool again) {
    const auto now = current_jobs(config_.settings.jobs, orders_);
    const auto job = now.find(id);
    const auto entry = jobs_.find(id);
    if (job == now.end()) {
      children_.remove(id.value);
      jobs_.erase(id);
      return complete();
    }
    if (entry != jobs_.end() && !again) {
      entry->second.job = job->second;
      return;
    }
    if (entry != jobs_.end()) {
      children_.remove(id.value);
      jobs_.erase(id);
    }
    add_job(id, job->second);
    if (promise_.pending() && planned_)
      jobs_.at(id).report = report_of_paused(id); // from the next step on
    complete();
  }

  /// A restarted job takes up its part of the step by itself.
  caf::actor raise(const job_id& id) {
    auto& entry = jobs_.at(id);
    entry.actor = spawn_job(self_->system(),
                            {entry.job.config, config_.speed,
                             config_.settings.emission.lookback_rounds, entry.incarnations++},
                            links_);
    if (promise_.pending() && !entry.report && entry.asked)
      ask(id);
    else if (entry.ahead)
      self_->send(entry.actor, atom::advance_v, entry.turn.rounds);
    return caf::actor_cast<caf::actor>(entry.actor);
  }

  void ask(const job_id& id) {
    auto& entry = jobs_.at(id);
    entry.asked = true;
    const auto round = entry.turn.rounds;
    self_->request(entry.actor, caf::infinite, atom::step_v, round)
      .then(
        [this, id, number = step_, round](job_report& report) {
          const auto found = jobs_.find(id);
          if (number != step_ || found == jobs_.end())
            return; // whoever asked for that step is gone, or the job is
          auto& entry = found->second;
          if (report.ended && report.completed < round)
            report.outcome = step_outcome::over;
          entry.report = std::move(report);
          entry.incarnations = 1;
          complete();
        },
        [](const caf::error&) {}); // it failed: its next incarnation is asked again
  }

  static job_report report_of_abandoned(const job_id& id, const std::string& why) {
    job_report report;
    report.job = id;
    report.ended = report.failed = true;
    report.note = why;
    report.outcome = step_outcome::over;
    return report;
  }

  static job_report report_of_paused(const job_id& id) {
    job_report report;
    report.job = id;
    report.outcome = step_outcome::paused;
    return report;
  }

  /// Failed, on the disk as well: once nothing of its incarnations is on its way. What answers for
  /// it then plays no more, but knows how its miners stood.
  void give_up(const job_id& id, const std::string& why) {
    auto& entry = jobs_.at(id);
    const bool again = !entry.abandoned.empty();
    entry.abandoned = why.empty() ? "failed too often" : why;
    if (again)
      return lose(id);
    const auto writer = "job " + id.value;
    self_->request(links_.storage_writer, caf::infinite, atom::fence_v, writer)
      .then(
        [this, id, writer](uint64_t incarnation) {
          const auto found = jobs_.find(id);
          if (found == jobs_.end())
            return;
          auto book = job_book::open(found->second.job.config,
                                     config_.settings.emission.lookback_rounds, links_.disk);
          if (!book)
            return lose(id);
          const auto why = "given up: " + found->second.abandoned;
          self_
            ->request(links_.storage_writer, caf::infinite,
                      incarnation_batch{writer, incarnation, book->ended(why, true)})
            .then([this, id](atom::done) { answer_as_failed(id); }, [](const caf::error&) {});
        },
        [](const caf::error&) {}); // without a storage writer everybody here starts again
  }

  /// It starts once more, from a record that says that it has failed.
  void answer_as_failed(const job_id& id) {
    const auto found = jobs_.find(id);
    if (found == jobs_.end())
      return;
    spdlog::error("job {} is given up: {}; what its miners count with is burned; when the cause is "
                  "gone: job resume {}",
                  id.value, found->second.abandoned, id.value);
    auto& entry = found->second;
    children_.remove(id.value);
    entry.incarnations = 0;
    entry.ahead = false;
    entry.abandoned.clear();
    if (planned_ && promise_.pending() && entry.report && !entry.asked && entry.turn.rounds > 0
        && entry.report->outcome == step_outcome::played) {
      entry.report.reset(); // its part of the step that is open: it has failed
      entry.asked = true;
    }
    children_.add({id.value, restart_rule::permanent, [this, id] { return raise(id); }});
  }

  /// Not even its record can be read.
  void lose(const job_id& id) {
    const auto found = jobs_.find(id);
    if (found == jobs_.end())
      return;
    auto& entry = found->second;
    entry.lost = true;
    entry.ahead = false;
    spdlog::error("{}", trouble_of(id, entry));
    if (planned_ && promise_.pending() && !entry.report)
      entry.report = report_of_abandoned(id, entry.abandoned);
    complete();
  }

  static std::string trouble_of(const job_id& id, const job_entry& entry) {
    return "job " + id.value + " is given up: " + entry.abandoned
           + (entry.lost ? "; its record cannot be read, so nobody knows what to burn for it: "
                           "restore the data folder, or go on without it: job remove "
                             + id.value
                         : std::string{});
  }

  void complete() {
    if (!promise_.pending() || !planned_)
      return;
    std::vector<job_report> all;
    bool between = false; // somebody is inside a round that ends in a later step
    for (const auto& [id, entry] : jobs_) {
      if (!entry.report)
        return;
      if (entry.asked || entry.report->outcome != step_outcome::played)
        all.push_back(*entry.report);
      else
        between = true;
    }
    promise_.deliver(report_of(std::move(all), between));
  }

  /// One report of all jobs: played when one of them did, over when all of them are.
  static step_report report_of(std::vector<job_report> all, bool between) {
    const auto has = [&all](step_outcome outcome) {
      return std::any_of(all.begin(), all.end(),
                         [outcome](const auto& x) { return x.outcome == outcome; });
    };
    step_report report;
    report.mechanism = liquidity_name;
    report.outcome = between || has(step_outcome::played)       ? step_outcome::played
                     : has(step_outcome::paused) || all.empty() ? step_outcome::paused
                                                                : step_outcome::over;
    for (const auto& x : all) {
      report.failed = report.failed || x.failed;
      if (report.outcome == step_outcome::over || x.failed)
        report.note += (report.note.empty() ? "" : "; ") + x.job.value + ": " + x.note;
    }
    std::erase_if(all, [](const auto& x) { return x.outcome == step_outcome::paused; });
    report.detail = std::make_shared<const jobs_detail>(std::move(all));
    return report;
  }

  /// A job that cannot be asked makes the scores incomplete: better none than a wrong one.
  void counted(epoch_no epoch, const std::shared_ptr<open_standings>& open) {
    if (--open->missing > 0)
      return;
    if (!open->trouble.empty()) {
      open->answer.deliver(caf::make_error(ec::unreachable, open->trouble));
      return;
    }
    auto& all = open->standings;
    std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.job < b.job; });
    auto scores = liquidity_scores(epoch, all, config_.settings.policy,
                                   {config_.burn_uid, config_.settings.emission.profit_ratio},
                                   total_revenue(all), config_.settings.emission.per_epoch);
    if (scores)
      open->answer.deliver(*std::move(scores));
    else
      open->answer.deliver(to_error(scores.error()));
  }

  liquidity_actor::pointer self_;
  liquidity_config config_;
  job_links links_;
  std::map<job_id, job_order> orders_;
  std::map<job_id, job_entry> jobs_;
  uint64_t step_ = 0;
  bool planned_ = false; // everybody has a turn in the step that is open
  caf::typed_response_promise<step_report> promise_;
  supervisor children_;
};

liquidity_actor::behavior_type
liquidity_behavior(observed_pointer<liquidity_actor, liquidity_state> self, liquidity_config config,
                   job_links links) {
  auto& state = self->state;
  install_default_handlers(self, [&state] { return state.describe(); });
  state.setup(std::move(config), std::move(links));
  return {
    [&state](atom::scores, epoch_no epoch) { return state.scores(epoch); },
    [&state](atom::step, uint64_t number) { return state.step(number); },
    [&state](const mechanism_command& request) { return state.obey(request); },
    [&state](const job_command& request) { return state.obey(request); },
  };
}

} // namespace

liquidity_actor
spawn_liquidity(caf::actor_system& system, liquidity_config config, job_links links) {
  return system.spawn(liquidity_behavior, std::move(config), std::move(links));
}

} // namespace sluice
