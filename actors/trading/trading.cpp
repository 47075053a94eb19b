#include "actors/trading/trading.hpp"

#include "actors/base/ask.hpp"
#include "actors/base/default_handlers.hpp"
#include "actors/base/log.hpp"
#include "actors/base/thrown_fault.hpp"
#include "actors/trading/answers.hpp"
#include "actors/trading/feed_intake.hpp"
#include "actors/trading/step_plan.hpp"
#include "rules/json_text.hpp"
#include "rules/trading/name.hpp"
#include "rules/trading/run_time.hpp"
#include "storage/trading/queries.hpp"
#include "storage/trading/tables.hpp"
#include "tools/trading/dev_world.hpp"

#include <caf/actor_system.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <algorithm>
#include <chrono>
#include <deque>
#include <optional>
#include <set>
#include <utility>

namespace sluice {

namespace {

namespace tables = storage::tables;

constexpr std::chrono::seconds trading_tick{60};

/// One step under way; whoever asks for it meanwhile is answered with the others.
struct open_trading_step {
  uint64_t number = 0;
  bool lay_ahead = false; // events, when it began
  std::vector<caf::typed_response_promise<step_report>> askers;
};

class trading_state {
public:
  static inline const char* name = trading_name.data();

  explicit trading_state(observed_plain_pointer<trading_actor> self) : self_(self) {}

  void setup(trading_config config, trading_links links) {
    config_ = std::move(config);
    links_ = std::move(links);
    if (tools::has_dev_world(settings()))
      market_.emplace(settings());
    auto made = setup_of(*links_.disk, settings());
    if (!made)
      throw thrown_fault(made.error());
    setup_ = *std::move(made);
    for (const auto& feed : settings().feeds)
      if (feed.kind != trading_feed_kind::world)
        intakes_.emplace_back(feed);
    for (const auto* what : {"failed_operations", "failed_queries", "deliveries"})
      self_->observed().stats->count(what, 0);
    self_->observed().stats->level("snapshot_every_seconds",
                                   static_cast<double>(settings().snapshot_every_s));
    self_->observed().stats->level("cadence_seconds", static_cast<double>(longest_cadence_s()));
    in_turn([this] { verify(); });
    if (!is_stepped(settings()))
      self_->send(self_, atom::due_v);
  }

  caf::result<step_report> step(uint64_t number) {
    if (open_ && open_->number == number) {
      open_->askers.push_back(self_->make_response_promise<step_report>());
      return open_->askers.back();
    }
    auto stored = tables::trading_steps.find(*links_.disk, number);
    if (!stored)
      return to_error(stored.error());
    if (*stored)
      return report_of_step(*links_.disk, setup_, number, **stored);
    if (!is_stepped(settings()) && !is_due(last_scored_us(), clock_us(), settings().score_every_s))
      return quiet_report(step_outcome::paused, "");
    if (open_)
      return caf::make_error(ec::refused, "step " + std::to_string(open_->number) + " is open");
    open_.emplace();
    open_->number = number;
    open_->askers.push_back(self_->make_response_promise<step_report>());
    auto promise = open_->askers.back();
    in_turn([this] { begin_step(); });
    return promise;
  }

  /// Of miners that the chain knows now, by its uids.
  caf::result<mechanism_scores> scores(epoch_no epoch) {
    auto promise = self_->make_response_promise<mechanism_scores>();
    self_->request(links_.chain, caf::infinite, atom::view_v)
      .then(
        [this, epoch, promise](const chain_view& chain) mutable {
          auto scores = scores_on_chain(*links_.disk, setup_, epoch, chain);
          if (scores)
            promise.deliver(*std::move(scores));
          else
            promise.deliver(to_error(scores.error()));
        },
        [promise](const caf::error& why) mutable { promise.deliver(why); });
    return promise;
  }

  caf::result<performance_answer> performance(uint16_t uid) const {
    auto found = performance_at(*links_.disk, setup_, uid);
    if (found)
      return *std::move(found);
    return to_error(found.error());
  }

  /// `trading sources`; `trading pause`, `resume` and `sync`, each with the name of a feed.
  caf::result<std::string> obey(const mechanism_command& command) {
    if (command.name == "trading sources")
      return show_sources();
    const auto order = source_order_of(command.name);
    if (!order || command.arguments.empty())
      return caf::make_error(ec::refused, command.name + " is no command of this mechanism");
    auto promise = self_->make_response_promise<std::string>();
    self_
      ->request(links_.sources, caf::infinite,
                feed_command{command.arguments.front(), source_command{*order}})
      .then(
        [this, promise](const source_view& x) mutable {
          if (!is_stepped(settings()))
            ask_feeds(); // what it brings is taken now
          promise.deliver(source_json(x));
        },
        [promise](const caf::error& why) mutable { promise.deliver(why); });
    return promise;
  }

  /// Live feeds are asked every minute, whoever plays.
  void due() {
    self_->delayed_send(self_, trading_tick, atom::due_v);
    ask_feeds();
  }

  std::string describe() const {
    json_list feeds;
    for (const auto& x : intakes_)
      feeds.raw(x.describe());
    return json_object{}
      .add("now", setup_.terms.now_us)
      .add("stepped", is_stepped(settings()))
      .add("miners", setup_.world.identities.size())
      .add("hotkeys_without_coldkey", unknown_slots_)
      .add("step", open_ ? open_->number : 0)
      .raw("feeds", feeds.text())
      .text();
  }

private:
  const trading_settings& settings() const { return config_.settings; }

  caf::result<std::string> show_sources() {
    auto promise = self_->make_response_promise<std::string>();
    self_->request(links_.sources, caf::infinite, atom::view_v)
      .then(
        [this, promise](const std::vector<source_view>& all) mutable {
          promise.deliver(sources_json(settings(), all));
        },
        [promise](const caf::error& why) mutable { promise.deliver(why); });
    return promise;
  }

  void ask_feeds() {
    if (std::exchange(asked_, true))
      return;
    in_turn([this] {
      asked_ = false;
      renew([this] { pull(0, [this] { next(); }); });
    });
  }

  /// How far behind a feed may be: its cadence, or a step.
  uint64_t longest_cadence_s() const {
    uint64_t most = is_stepped(settings()) ? config_.blocks_per_step * config_.block_seconds : 0;
    for (const auto& feed : settings().feeds)
      if (feed.kind != trading_feed_kind::world)
        most = std::max(most, feed.cadence_s);
    return most;
  }

  int64_t clock_us() const { return static_cast<int64_t>(links_.unix_ms()) * 1'000; }

  int64_t moment_of_step() const {
    return is_stepped(settings()) ? step_moment_us(tools::dev_start_of(settings()), open_->number,
                                                   config_.blocks_per_step, config_.block_seconds)
                                  : clock_us();
  }

  int64_t last_scored_us() const {
    const auto last = tables::trading_steps.last(*links_.disk);
    return last && *last ? (*last)->second.now_us : 0;
  }

  // ---- one thing after the other ----------------------------------------------------------------

  /// Steps and rounds of questions wait for each other: at most one of each is open.
  void in_turn(std::function<void()> what) {
    turns_.push_back(std::move(what));
    if (turns_.size() == 1)
      begin_turn();
  }

  /// It may be over before it returns: its place stays, what is done there does not.
  void begin_turn() {
    const auto what = std::move(turns_.front());
    what();
  }

  void next() {
    ++turn_;
    turns_.pop_front();
    if (!turns_.empty())
      begin_turn();
  }

  /// What comes of a question of a turn that is over already changes nothing.
  std::function<void(const caf::error&)> trouble() {
    return [this, turn = turn_](const caf::error& why) {
      if (turn == turn_)
        fail(why);
    };
  }

  /// What stands open cannot be done: a step answers why, feeds are asked again at the next tick.
  void fail(const caf::error& why) {
    self_->observed().stats->count("failed_operations");
    spdlog::warn("trading: {}", sentence(why));
    if (open_ && stepping_) {
      auto askers = std::move(open_->askers);
      open_.reset();
      for (auto& x : askers)
        x.deliver(why);
    }
    stepping_ = false;
    next();
  }

  void fail(const fault& why) { fail(to_error(why)); }

  /// The batches in order, then it goes on. The storage writer keeps the order of one sender; when
  /// it fails this actor is started again as well.
  void write(std::vector<storage::batch> all, std::function<void()> then) {
    std::erase_if(all, [](const auto& x) { return x.writes.empty(); });
    if (all.empty())
      return then();
    for (size_t i = 0; i + 1 < all.size(); ++i)
      ask_or(
        self_, trouble(), links_.storage_writer, [](atom::done) {}, std::move(all[i]));
    ask_or(
      self_, trouble(), links_.storage_writer,
      [this, turn = turn_, then = std::move(then)](atom::done) {
        if (turn == turn_)
          then();
      },
      std::move(all.back()));
  }

  void write(result<std::vector<storage::batch>> planned, std::function<void()> then) {
    if (!planned)
      return fail(planned.error());
    write(*std::move(planned), std::move(then));
  }

  void write(result<storage::batch> planned, std::function<void()> then) {
    if (!planned)
      return fail(planned.error());
    std::vector<storage::batch> all;
    all.push_back(*std::move(planned));
    write(std::move(all), std::move(then));
  }

  /// What an earlier run left must be what its events give (facts/mechanisms A3.14); else it is
  /// calculated anew.
  void verify() {
    const auto stored = storage::stored_setup(*links_.disk);
    if (!stored)
      return fail(stored.error());
    if (!*stored)
      return next();
    const auto found = storage::check_ledger(*links_.disk, **stored);
    if (!found)
      return fail(found.error());
    spdlog::info("trading: {}", integrity_text(*found));
    if (found->errors == 0)
      return next();
    spdlog::warn("trading: the ledger is calculated anew from its events: {}",
                 found->faults.empty() ? "" : found->faults.front());
    write(plan_rebuild(*links_.disk, **stored), [this] { next(); });
  }

  /// First who is registered and what time it is: the books follow.
  void renew(std::function<void()> then) {
    ask_or(
      self_, trouble(), links_.chain,
      [this, then = std::move(then)](const chain_view& chain) mutable {
        unknown_slots_ = take_chain(setup_.world, chain);
        setup_.terms.now_us = stepping_ ? moment_of_step() : clock_us();
        write(plan_setup(*links_.disk, setup_, settings().thresholds), std::move(then));
      },
      atom::view_v);
  }

  // ---- feeds ------------------------------------------------------------------------------------

  /// Asks the feeds from the `at`th on, one after the other.
  void pull(size_t at, std::function<void()> then) {
    if (at == intakes_.size())
      return then();
    const auto wanted = intakes_[at].request(*links_.disk, setup_.world, is_stepped(settings()));
    if (!wanted)
      return fail(wanted.error());
    self_->request(links_.sources, caf::infinite, feed_request{intakes_[at].name(), *wanted})
      .then([this, at, then](const source_delivery& x) { take(at, x, then); },
            [this, at, then](const caf::error& why) {
              if (is_stepped(settings()))
                return fail(why); // a recording that cannot be read is no step
              spdlog::warn("trading: feed {}: {}", intakes_[at].name(), sentence(why));
              intakes_[at].failed();
              self_->observed().stats->count("failed_queries");
              pull(at + 1, then);
            });
  }

  /// Durable first, then reported to the feed with the next question.
  void take(size_t at, const source_delivery& x, const std::function<void()>& then) {
    if (x.mark.number == 0 || !x.rows)
      return pull(at + 1, then);
    write(plan_rows(*links_.disk, setup_, intakes_[at].rows_of(x)),
          [this, at, then, mark = x.mark, more = x.more] {
            intakes_[at].stored(mark);
            self_->observed().stats->count("deliveries");
            pull(more ? at : at + 1, then);
          });
  }

  void take_market(std::function<void()> then) {
    if (!market_)
      return then();
    const sync_key key{settings().feeds.front().name, ""};
    const auto point = sync_point_of(*links_.disk, key);
    if (!point)
      return fail(point.error());
    const auto now = setup_.terms.now_us;
    write(plan_rows(*links_.disk, setup_, rows_of_market(*market_, key, *point, now)),
          std::move(then));
  }

  // ---- a step -----------------------------------------------------------------------------------

  void begin_step() {
    stepping_ = true;
    const auto ahead = has_future_events(*links_.disk);
    if (!ahead)
      return fail(ahead.error());
    open_->lay_ahead = *ahead;
    renew([this] { take_market([this] { pull(0, [this] { end_step(); }); }); });
  }

  void end_step() {
    note_unknown_subnets();
    if (!is_endless(settings()) && open_->number > 1) {
      const auto taken = taken_since_last_step(*links_.disk);
      if (!taken)
        return fail(taken.error());
      if (taken->rows == 0 && !open_->lay_ahead)
        return answer(quiet_report(step_outcome::over, "every stake of the recordings is taken"));
    }
    write(plan_archive(*links_.disk, setup_, settings().retention), [this] {
      write(plan_step_end(*links_.disk, setup_, settings(), open_->number), [this] {
        const auto row = tables::trading_steps.get(*links_.disk, open_->number);
        if (!row)
          return fail(row.error());
        answer(report_of_step(*links_.disk, setup_, open_->number, *row));
      });
    });
  }

  /// Once for each: their events count, although they may be emission (facts/mechanisms A3.2).
  void note_unknown_subnets() {
    const auto unknown = unknown_subnets(*links_.disk);
    if (!unknown)
      return;
    std::string fresh;
    for (const auto netuid : *unknown)
      if (unknown_subnets_.insert(netuid).second)
        fresh += (fresh.empty() ? "" : ", ") + std::to_string(netuid);
    if (!fresh.empty())
      spdlog::warn("trading: it is not known whose coldkeys are neurons on subnet {}: stakes there "
                   "count as trades; a world file states them (kind registered)",
                   fresh);
  }

  void answer(const step_report& report) {
    auto askers = std::move(open_->askers);
    open_.reset();
    stepping_ = false;
    for (auto& x : askers)
      x.deliver(report);
    next();
  }

  observed_plain_pointer<trading_actor> self_;
  trading_config config_;
  trading_links links_;
  storage::ledger_setup setup_;
  std::optional<tools::dev_feed> market_;
  std::vector<feed_intake> intakes_;
  std::optional<open_trading_step> open_;
  std::deque<std::function<void()>> turns_; // the first is under way
  bool stepping_ = false;                   // it is the step
  uint64_t turn_ = 0;                       // its number
  bool asked_ = false;                      // a round of questions waits
  uint64_t unknown_slots_ = 0;
  std::set<uint16_t> unknown_subnets_; // that the log has
};

trading_actor::behavior_type trading_behavior(observed_pointer<trading_actor, trading_state> self,
                                              trading_config config, trading_links links) {
  auto& state = self->state;
  install_default_handlers(self, [&state] { return state.describe(); });
  state.setup(std::move(config), std::move(links));
  return {
    [&state](atom::scores, epoch_no epoch) { return state.scores(epoch); },
    [&state](atom::step, uint64_t number) { return state.step(number); },
    [&state](const mechanism_command& command) { return state.obey(command); },
    [&state](const performance_request& x) { return state.performance(x.uid); },
    [&state](atom::due) { state.due(); },
  };
}

} // namespace

trading_actor spawn_trading(caf::actor_system& system, trading_config config, trading_links links) {
  return system.spawn(trading_behavior, std::move(config), std::move(links));
}

} // namespace sluice
