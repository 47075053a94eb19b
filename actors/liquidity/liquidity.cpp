#include "actors/liquidity/liquidity.hpp"

#include "actors/base/default_handlers.hpp"
#include "actors/base/log.hpp"
#include "actors/base/supervisor.hpp"
#include "actors/liquidity/job_request.hpp"
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
#include <stdexcept>

namespace sluice {

namespace {

struct job_entry {
  current_job job;
  job_actor actor;
  bool asked = false;               // is part of the step that is open
  std::optional<job_report> report; // of the step that is open
  std::string abandoned;            // why it is gone for good
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
    auto read = storage::tables::job_orders.for_each(
      *links_.disk, [this](const job_id& id, job_order x) { orders_[id] = std::move(x); });
    if (!read)
      throw std::runtime_error("the orders about jobs: " + read.error().what);
    for (const auto& [id, job] : current_jobs(config_.settings.jobs, orders_))
      add_job(id, job);
  }

  caf::result<step_report> step(uint64_t number) {
    promise_ = self_->make_response_promise<step_report>();
    step_ = number;
    for (auto& [id, entry] : jobs_) {
      entry.report.reset();
      entry.asked = false;
      if (!entry.abandoned.empty())
        entry.report = report_of_abandoned(id, entry.abandoned);
      else if (entry.job.paused)
        entry.report = report_of_paused(id);
    }
    for (auto& [id, entry] : jobs_)
      if (!entry.report)
        ask(id);
    complete();
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
    auto open = std::make_shared<open_standings>();
    for (const auto& [id, entry] : jobs_)
      if (entry.abandoned.empty())
        ++open->missing;
    if (open->missing == 0)
      return caf::make_error(ec::unreachable, jobs_.empty() ? "no liquidity job is played"
                                                            : "every liquidity job has failed");
    open->answer
      = self_->make_response_promise<mechanism_scores>(); // a promise would eat that error
    for (const auto& [id, entry] : jobs_)
      if (entry.abandoned.empty())
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
  /// Durable first, then done.
  template <class Answer>
  caf::result<Answer> obey(const job_command& request, Answer answer) {
    auto next = order_after(request, config_.settings.jobs, orders_, step_);
    if (!next)
      return to_error(next.error());
    storage::batch writes;
    storage::tables::job_orders.put(writes, request.job, *next);
    auto promise = self_->make_response_promise<Answer>();
    self_->request(links_.storage_writer, caf::infinite, std::move(writes))
      .then(
        [this, promise, answer, id = request.job, order = *next](atom::done) mutable {
          spdlog::info("job {}: {} by {}", id.value,
                       order.what == job_order_kind::run     ? "plays"
                       : order.what == job_order_kind::pause ? "paused"
                                                             : "removed",
                       order.who);
          orders_[id] = std::move(order);
          update_job(id);
          promise.deliver(std::move(answer));
        },
        [promise](const caf::error& why) mutable { promise.deliver(why); });
    return promise;
  }

  void add_job(const job_id& id, const current_job& job) {
    jobs_[id].job = job;
    children_.add({id.value, restart_rule::permanent, [this, id] { return raise(id); }});
  }

  /// As the orders are now. Whoever plays the step that is open finishes it; who is removed leaves
  /// it at once.
  void update_job(const job_id& id) {
    const auto now = current_jobs(config_.settings.jobs, orders_);
    const auto job = now.find(id);
    const auto entry = jobs_.find(id);
    if (job == now.end()) {
      children_.remove(id.value);
      jobs_.erase(id);
      return complete();
    }
    if (entry != jobs_.end()) {
      entry->second.job = job->second;
      return;
    }
    add_job(id, job->second);
    if (promise_.pending())
      jobs_.at(id).report = report_of_paused(id); // from the next step on
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
    return caf::actor_cast<caf::actor>(entry.actor);
  }

  void ask(const job_id& id) {
    auto& entry = jobs_.at(id);
    entry.asked = true;
    const auto round = step_ - std::min(step_, entry.job.steps_missed);
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

  void give_up(const job_id& id, const std::string& why) {
    auto& entry = jobs_.at(id);
    entry.abandoned = why.empty() ? "failed too often" : why;
    if (!entry.report)
      entry.report = report_of_abandoned(id, entry.abandoned);
    complete();
  }

  void complete() {
    if (!promise_.pending())
      return;
    std::vector<job_report> all;
    for (const auto& [id, entry] : jobs_) {
      if (!entry.report)
        return;
      all.push_back(*entry.report);
    }
    promise_.deliver(report_of(std::move(all)));
  }

  /// One report of all jobs: played when one of them did, over when all of them are.
  static step_report report_of(std::vector<job_report> all) {
    const auto has = [&all](step_outcome outcome) {
      return std::any_of(all.begin(), all.end(),
                         [outcome](const auto& x) { return x.outcome == outcome; });
    };
    step_report report;
    report.mechanism = liquidity_name;
    report.outcome = has(step_outcome::played)                  ? step_outcome::played
                     : has(step_outcome::paused) || all.empty() ? step_outcome::paused
                                                                : step_outcome::over;
    if (report.outcome == step_outcome::over)
      for (const auto& x : all) {
        report.note += (report.note.empty() ? "" : "; ") + x.job.value + ": " + x.note;
        report.failed = report.failed || x.failed;
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
