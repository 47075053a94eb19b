#include "actors/liquidity/liquidity.hpp"

#include "actors/manners.hpp"
#include "actors/supervisor.hpp"
#include "rules/limits.hpp"

#include <caf/actor_system.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <map>
#include <memory>
#include <numeric>

namespace sluice {

namespace {

struct job_seat {
  job_actor actor;
  std::optional<lap_report> report; // of the lap that is open
  std::string abandoned;            // why it is gone for good
  uint32_t lives = 0;               // since the last finished lap
};

/// One open question for standings.
struct census {
  std::vector<job_standing> standings;
  size_t missing = 0;
  std::string trouble;
  caf::typed_response_promise<score_sheet> answer;
};

class liquidity_state {
public:
  static inline const char* name = "liquidity";

  explicit liquidity_state(liquidity_actor::pointer self)
    : self_(self), children_(self, {.then = when_hopeless::abandon,
                                    .restarts_max = limits::round_attempts_max + 2}) {}

  void setup(liquidity_config config, job_links links) {
    config_ = std::move(config);
    links_ = std::move(links);
    children_.on_abandoned
      = [this](const std::string& job, const std::string& why) { give_up(job_id{job}, why); };
    for (const auto& job : config_.jobs) {
      if (!job.active)
        continue;
      seats_[job.id];
      children_.add({job.id.value, restart_rule::permanent, [this, job] { return raise(job); }});
    }
  }

  caf::result<std::vector<lap_report>> lap(uint64_t number) {
    promise_ = self_->make_response_promise<std::vector<lap_report>>();
    lap_ = number;
    for (auto& [id, seat] : seats_) {
      seat.report.reset();
      if (!seat.abandoned.empty())
        seat.report = epitaph(id, seat.abandoned);
    }
    for (auto& [id, seat] : seats_)
      if (!seat.report)
        ask(id);
    complete();
    return promise_;
  }

  caf::result<score_sheet> scores(epoch_no epoch) {
    auto open = std::make_shared<census>();
    for (const auto& [id, seat] : seats_)
      if (seat.abandoned.empty())
        ++open->missing;
    if (open->missing == 0)
      return caf::make_error(ec::unreachable, "every liquidity job has failed");
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

private:
  /// A restarted job takes up its part of the lap by itself.
  caf::actor raise(const job_config& job) {
    auto& seat = seats_.at(job.id);
    seat.actor
      = spawn_job(self_->system(),
                  {job, config_.speed, config_.emission.lookback_rounds, seat.lives++}, links_);
    if (promise_.pending() && !seat.report)
      ask(job.id);
    return caf::actor_cast<caf::actor>(seat.actor);
  }

  void ask(const job_id& id) {
    self_->request(seats_.at(id).actor, caf::infinite, atom::lap_v, lap_)
      .then(
        [this, id, number = lap_](lap_report& report) {
          auto& seat = seats_.at(id);
          if (number != lap_)
            return; // whoever asked for that lap is gone
          seat.report = std::move(report);
          seat.lives = 1;
          complete();
        },
        [](const caf::error&) {}); // it fell: its next life is asked again
  }

  static lap_report epitaph(const job_id& id, const std::string& why) {
    lap_report report;
    report.job = id;
    report.ended = report.failed = true;
    report.note = why;
    return report;
  }

  void give_up(const job_id& id, const std::string& why) {
    auto& seat = seats_.at(id);
    seat.abandoned = why.empty() ? "fell too often" : why;
    if (!seat.report)
      seat.report = epitaph(id, seat.abandoned);
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
    promise_.deliver(std::move(all));
  }

  /// A job that cannot be asked makes the sheet incomplete: better none than a wrong one.
  void counted(epoch_no epoch, const std::shared_ptr<census>& open) {
    if (--open->missing > 0)
      return;
    if (!open->trouble.empty()) {
      open->answer.deliver(caf::make_error(ec::unreachable, open->trouble));
      return;
    }
    auto& all = open->standings;
    std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.job < b.job; });
    auto sheet = liquidity_sheet(epoch, all, config_.policy,
                                 {config_.burn_uid, config_.emission.profit_ratio},
                                 total_revenue(all), config_.emission.per_epoch);
    if (sheet)
      open->answer.deliver(*std::move(sheet));
    else
      open->answer.deliver(to_error(sheet.error()));
  }

  liquidity_actor::pointer self_;
  liquidity_config config_;
  job_links links_;
  std::map<job_id, job_seat> seats_;
  uint64_t lap_ = 0;
  caf::typed_response_promise<std::vector<lap_report>> promise_;
  supervisor children_;
};

liquidity_actor::behavior_type
liquidity_behavior(liquidity_actor::stateful_pointer<liquidity_state> self, liquidity_config config,
                   job_links links) {
  mind_manners(self);
  auto& state = self->state;
  state.setup(std::move(config), std::move(links));
  return {
    [&state](atom::scores, epoch_no epoch) { return state.scores(epoch); },
    [&state](atom::lap, uint64_t number) { return state.lap(number); },
  };
}

} // namespace

liquidity_actor
spawn_liquidity(caf::actor_system& system, liquidity_config config, job_links links) {
  return system.spawn(liquidity_behavior, std::move(config), std::move(links));
}

} // namespace sluice
