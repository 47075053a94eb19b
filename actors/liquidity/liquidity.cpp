#include "actors/liquidity/liquidity.hpp"

#include "actors/default_handlers.hpp"
#include "actors/liquidity/job_words.hpp"
#include "actors/log.hpp"
#include "actors/supervisor.hpp"
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

struct job_seat {
  seated_job job;
  job_actor actor;
  bool asked = false;               // is part of the lap that is open
  std::optional<lap_report> report; // of the lap that is open
  std::string abandoned;            // why it is gone for good
  uint32_t lives = 0;               // since the last finished lap
};

/// One open question for standings.
struct open_standings {
  std::vector<job_standing> standings;
  size_t missing = 0;
  std::string trouble;
  caf::typed_response_promise<score_sheet> answer;
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
      if (auto& lives = seats_.at(job_id{job}).lives; lives > 0)
        --lives; // what an operator asks for is no fall
    };
    auto read = storage::tables::job_orders.for_each(
      *links_.disk, [this](const job_id& id, job_order x) { orders_[id] = std::move(x); });
    if (!read)
      throw std::runtime_error("the orders about jobs: " + read.error().what);
    for (const auto& [id, job] : seat_jobs(config_.settings.jobs, orders_))
      seat(id, job);
  }

  caf::result<step_report> lap(uint64_t number) {
    promise_ = self_->make_response_promise<step_report>();
    lap_ = number;
    for (auto& [id, seat] : seats_) {
      seat.report.reset();
      seat.asked = false;
      if (!seat.abandoned.empty())
        seat.report = report_of_abandoned(id, seat.abandoned);
      else if (seat.job.paused)
        seat.report = report_of_paused(id);
    }
    for (auto& [id, seat] : seats_)
      if (!seat.report)
        ask(id);
    complete();
    return promise_;
  }

  caf::result<atom::done> obey(const job_command& said) { return obey(said, atom::done_v); }

  /// The same in words; answers JSON.
  caf::result<std::string> obey(const mechanism_command& said) {
    auto command = job_command_of(said);
    if (!command)
      return to_error(command.error());
    return obey(*command, json_object{}
                            .add("job", command->job.value)
                            .add("done", said.name.substr(said.name.find(' ') + 1))
                            .text());
  }

  caf::result<score_sheet> scores(epoch_no epoch) {
    auto open = std::make_shared<open_standings>();
    for (const auto& [id, seat] : seats_)
      if (seat.abandoned.empty())
        ++open->missing;
    if (open->missing == 0)
      return caf::make_error(ec::unreachable, seats_.empty() ? "no liquidity job is played"
                                                             : "every liquidity job has failed");
    open->answer = self_->make_response_promise<score_sheet>(); // a promise would eat that error
    for (const auto& [id, seat] : seats_)
      if (seat.abandoned.empty())
        self_->request(seat.actor, caf::infinite, atom::standing_v)
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
    json_list seats;
    for (const auto& [id, seat] : seats_)
      seats.raw(json_object{}
                  .add("job", id.value)
                  .add("paused", seat.job.paused)
                  .add("laps_missed", seat.job.laps_missed)
                  .add("lap_done", seat.report.has_value())
                  .add("lives_in_this_round", seat.lives)
                  .add("given_up", seat.abandoned)
                  .text());
    return json_object{}
      .add("lap", lap_)
      .raw("jobs", seats.text())
      .raw("emission", json_of(config_.settings.emission))
      .text();
  }

private:
  /// Durable first, then done.
  template <class Answer>
  caf::result<Answer> obey(const job_command& said, Answer answer) {
    auto next = order_after(said, config_.settings.jobs, orders_, lap_);
    if (!next)
      return to_error(next.error());
    storage::batch writes;
    storage::tables::job_orders.put(writes, said.job, *next);
    auto promise = self_->make_response_promise<Answer>();
    self_->request(links_.keeper, caf::infinite, std::move(writes))
      .then(
        [this, promise, answer, id = said.job, order = *next](atom::done) mutable {
          spdlog::info("job {}: {} by {}", id.value,
                       order.what == job_order_kind::run     ? "plays"
                       : order.what == job_order_kind::pause ? "paused"
                                                             : "removed",
                       order.who);
          orders_[id] = std::move(order);
          reseat(id);
          promise.deliver(std::move(answer));
        },
        [promise](const caf::error& why) mutable { promise.deliver(why); });
    return promise;
  }

  void seat(const job_id& id, const seated_job& job) {
    seats_[id].job = job;
    children_.add({id.value, restart_rule::permanent, [this, id] { return raise(id); }});
  }

  /// As the orders are now. Whoever plays the lap that is open finishes it; who is removed leaves
  /// it at once.
  void reseat(const job_id& id) {
    const auto now = seat_jobs(config_.settings.jobs, orders_);
    const auto job = now.find(id);
    const auto seat = seats_.find(id);
    if (job == now.end()) {
      children_.remove(id.value);
      seats_.erase(id);
      return complete();
    }
    if (seat != seats_.end()) {
      seat->second.job = job->second;
      return;
    }
    this->seat(id, job->second);
    if (promise_.pending())
      seats_.at(id).report = report_of_paused(id); // from the next lap on
  }

  /// A restarted job takes up its part of the lap by itself.
  caf::actor raise(const job_id& id) {
    auto& seat = seats_.at(id);
    seat.actor = spawn_job(
      self_->system(),
      {seat.job.config, config_.speed, config_.settings.emission.lookback_rounds, seat.lives++},
      links_);
    if (promise_.pending() && !seat.report && seat.asked)
      ask(id);
    return caf::actor_cast<caf::actor>(seat.actor);
  }

  void ask(const job_id& id) {
    auto& seat = seats_.at(id);
    seat.asked = true;
    const auto round = lap_ - std::min(lap_, seat.job.laps_missed);
    self_->request(seat.actor, caf::infinite, atom::lap_v, round)
      .then(
        [this, id, number = lap_, round](lap_report& report) {
          const auto found = seats_.find(id);
          if (number != lap_ || found == seats_.end())
            return; // whoever asked for that lap is gone, or the job is
          auto& seat = found->second;
          if (report.ended && report.completed < round)
            report.part = lap_part::over;
          seat.report = std::move(report);
          seat.lives = 1;
          complete();
        },
        [](const caf::error&) {}); // it fell: its next life is asked again
  }

  static lap_report report_of_abandoned(const job_id& id, const std::string& why) {
    lap_report report;
    report.job = id;
    report.ended = report.failed = true;
    report.note = why;
    report.part = lap_part::over;
    return report;
  }

  static lap_report report_of_paused(const job_id& id) {
    lap_report report;
    report.job = id;
    report.part = lap_part::paused;
    return report;
  }

  void give_up(const job_id& id, const std::string& why) {
    auto& seat = seats_.at(id);
    seat.abandoned = why.empty() ? "fell too often" : why;
    if (!seat.report)
      seat.report = report_of_abandoned(id, seat.abandoned);
    complete();
  }

  void complete() {
    if (!promise_.pending())
      return;
    std::vector<lap_report> all;
    for (const auto& [id, seat] : seats_) {
      if (!seat.report)
        return;
      all.push_back(*seat.report);
    }
    promise_.deliver(report_of(std::move(all)));
  }

  /// One report of all jobs: played when one of them did, over when all of them are.
  static step_report report_of(std::vector<lap_report> all) {
    const auto has = [&all](lap_part part) {
      return std::any_of(all.begin(), all.end(), [part](const auto& x) { return x.part == part; });
    };
    step_report report;
    report.mechanism = liquidity_name;
    report.outcome = has(lap_part::played)                  ? step_outcome::played
                     : has(lap_part::paused) || all.empty() ? step_outcome::paused
                                                            : step_outcome::over;
    if (report.outcome == step_outcome::over)
      for (const auto& x : all) {
        report.note += (report.note.empty() ? "" : "; ") + x.job.value + ": " + x.note;
        report.failed = report.failed || x.failed;
      }
    std::erase_if(all, [](const auto& x) { return x.part == lap_part::paused; });
    report.detail = std::make_shared<const jobs_detail>(std::move(all));
    return report;
  }

  /// A job that cannot be asked makes the sheet incomplete: better none than a wrong one.
  void counted(epoch_no epoch, const std::shared_ptr<open_standings>& open) {
    if (--open->missing > 0)
      return;
    if (!open->trouble.empty()) {
      open->answer.deliver(caf::make_error(ec::unreachable, open->trouble));
      return;
    }
    auto& all = open->standings;
    std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.job < b.job; });
    auto sheet = liquidity_sheet(epoch, all, config_.settings.policy,
                                 {config_.burn_uid, config_.settings.emission.profit_ratio},
                                 total_revenue(all), config_.settings.emission.per_epoch);
    if (sheet)
      open->answer.deliver(*std::move(sheet));
    else
      open->answer.deliver(to_error(sheet.error()));
  }

  liquidity_actor::pointer self_;
  liquidity_config config_;
  job_links links_;
  std::map<job_id, job_order> orders_;
  std::map<job_id, job_seat> seats_;
  uint64_t lap_ = 0;
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
    [&state](atom::lap, uint64_t number) { return state.lap(number); },
    [&state](const mechanism_command& said) { return state.obey(said); },
    [&state](const job_command& said) { return state.obey(said); },
  };
}

} // namespace

liquidity_actor
spawn_liquidity(caf::actor_system& system, liquidity_config config, job_links links) {
  return system.spawn(liquidity_behavior, std::move(config), std::move(links));
}

} // namespace sluice
