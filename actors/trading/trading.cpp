#include "actors/trading/trading.hpp"

#include "actors/base/ask.hpp"
#include "actors/base/default_handlers.hpp"
#include "actors/base/log.hpp"
#include "actors/trading/step_plan.hpp"
#include "rules/json_text.hpp"
#include "rules/trading/chain_slots.hpp"
#include "rules/trading/name.hpp"
#include "rules/trading/run_time.hpp"
#include "storage/trading/queries.hpp"
#include "storage/trading/tables.hpp"
#include "tools/trading/dev_world.hpp"
#include "tools/trading/ledger.hpp"

#include <caf/actor_system.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <utility>

namespace sluice {

namespace {

namespace tables = storage::tables;

constexpr size_t best_in_report = 5;

/// One step under way; whoever asks for it meanwhile is answered with the others.
struct open_trading_step {
  uint64_t number = 0;
  int64_t now_us = 0;
  trading_step row;
  std::vector<caf::typed_response_promise<step_report>> askers;
};

class trading_state {
public:
  static inline const char* name = trading_name.data();

  explicit trading_state(observed_plain_pointer<mechanism_actor> self) : self_(self) {}

  void setup(trading_config config, trading_links links) {
    config_ = std::move(config);
    links_ = std::move(links);
    if (tools::has_dev_world(settings()))
      market_.emplace(settings());
    auto world = tools::world_of(settings(), *links_.disk);
    if (!world)
      throw std::runtime_error(world.error().what);
    setup_ = *std::move(world);
  }

  caf::result<step_report> step(uint64_t number) {
    if (open_ && open_->number == number) {
      open_->askers.push_back(self_->make_response_promise<step_report>());
      return open_->askers.back();
    }
    auto stored = tables::trading_steps.find(*links_.disk, number);
    if (!stored)
      return to_error(stored.error());
    if (*stored && (*stored)->scores_due)
      return report_of(number, **stored);
    const auto now = moment_of(number);
    if (!is_stepped(settings()) && !is_due(last_scored_us(), now, settings().score_every_s))
      return quiet(step_outcome::paused, "");
    open_.emplace();
    open_->number = number;
    open_->now_us = now;
    if (*stored)
      open_->row = **stored;
    open_->askers.push_back(self_->make_response_promise<step_report>());
    auto promise = open_->askers.back();
    with_chain([this](const chain_view& chain) { take_setup(chain, stored_row()); });
    return promise;
  }

  /// Of miners that the chain knows now, by its uids.
  caf::result<mechanism_scores> scores(epoch_no epoch) {
    auto promise = self_->make_response_promise<mechanism_scores>();
    self_->request(links_.chain, caf::infinite, atom::view_v)
      .then(
        [this, epoch, promise](const chain_view& chain) mutable {
          auto scores = scores_of(epoch, chain);
          if (scores)
            promise.deliver(*std::move(scores));
          else
            promise.deliver(to_error(scores.error()));
        },
        [promise](const caf::error& why) mutable { promise.deliver(why); });
    return promise;
  }

  caf::result<std::string> obey(const mechanism_command& command) {
    return caf::make_error(ec::refused, command.name + " is no command of this mechanism");
  }

  std::string describe() const {
    return json_object{}
      .add("now_us", setup_.terms.now_us)
      .add("stepped", is_stepped(settings()))
      .add("identities", setup_.world.identities.size())
      .add("step", open_ ? open_->number : 0)
      .text();
  }

private:
  const trading_settings& settings() const { return config_.settings; }

  int64_t moment_of(uint64_t number) const {
    if (is_stepped(settings()))
      return step_moment_us(tools::dev_start_of(settings()), number, config_.blocks_per_step,
                            config_.block_seconds);
    return static_cast<int64_t>(links_.unix_ms()) * 1'000;
  }

  int64_t last_scored_us() const {
    const auto last = tables::trading_steps.last(*links_.disk);
    return last && *last ? (*last)->second.now_us : 0;
  }

  static step_report quiet(step_outcome outcome, std::string note) {
    return {std::string{trading_name}, outcome, false, std::move(note), nullptr};
  }

  bool stored_row() const { return open_->row.now_us != 0; }

  void with_chain(std::function<void(const chain_view&)> then) {
    ask_or(
      self_, [this](const caf::error& why) { fail(why); }, links_.chain, std::move(then),
      atom::view_v);
  }

  void fail(const caf::error& why) {
    if (!open_)
      return;
    auto askers = std::move(open_->askers);
    open_.reset();
    for (auto& x : askers)
      x.deliver(why);
  }

  void fail(const fault& why) { fail(to_error(why)); }

  /// The batches in order; then it goes on. The storage writer keeps the order of one sender.
  void write(std::vector<storage::batch> all, std::function<void()> then) {
    std::erase_if(all, [](const auto& x) { return x.writes.empty(); });
    if (all.empty())
      return then();
    for (size_t i = 0; i + 1 < all.size(); ++i)
      ask_or(
        self_, [this](const caf::error& why) { fail(why); }, links_.storage_writer,
        [](atom::done) {}, std::move(all[i]));
    ask_or(
      self_, [this](const caf::error& why) { fail(why); }, links_.storage_writer,
      [this, then = std::move(then)](atom::done) {
        if (open_)
          then();
      },
      std::move(all.back()));
  }

  void write(storage::batch one, std::function<void()> then) {
    std::vector<storage::batch> all;
    all.push_back(std::move(one));
    write(std::move(all), std::move(then));
  }

  /// First who is registered and what time it is, then the events.
  void take_setup(const chain_view& chain, bool events_are_stored) {
    if (!open_)
      return;
    std::vector<chain_slot> slots;
    for (const auto& x : chain.neurons)
      slots.push_back({static_cast<uint16_t>(x.uid.value), x.key.value});
    (void)take_slots(setup_.world, slots);
    setup_.terms.now_us = open_->now_us;
    auto planned = plan_setup(*links_.disk, setup_);
    if (!planned)
      return fail(planned.error());
    write(*std::move(planned), [this, events_are_stored] {
      if (events_are_stored)
        end_step();
      else
        take_events();
    });
  }

  void take_events() {
    taken_rows rows;
    if (market_) {
      rows.feed = settings().feeds.front().name;
      const auto point = sync_point_of(*links_.disk, {rows.feed, ""});
      if (!point)
        return fail(point.error());
      rows.events = market_->advance_to(open_->now_us);
      std::erase_if(rows.events, [&](const auto& x) { return x.time_us <= point->synced_us; });
      rows.rows = rows.events.size();
      rows.until.synced_us = open_->now_us;
    }
    storage::plan_counts counts;
    storage::batch out;
    if (market_) {
      auto planned = plan_rows(*links_.disk, setup_, rows, &counts);
      if (!planned)
        return fail(planned.error());
      out = *std::move(planned);
    }
    open_->row.now_us = open_->now_us;
    open_->row.rows = rows.rows;
    open_->row.added = counts.added;
    open_->row.duplicates = counts.duplicates;
    open_->row.books = counts.books;
    begin_step_row(out, open_->number, open_->row);
    write(std::move(out), [this] { end_step(); });
  }

  void end_step() {
    auto last = plan_step_end(*links_.disk, setup_, settings(), open_->number, open_->row);
    if (!last)
      return fail(last.error());
    write(*std::move(last), [this] {
      auto planned = plan_archive(*links_.disk, setup_, settings().retention);
      if (!planned)
        return fail(planned.error());
      write(*std::move(planned), [this] { answer(); });
    });
  }

  void answer() {
    const auto done = tables::trading_steps.find(*links_.disk, open_->number);
    if (!done)
      return fail(done.error());
    const auto report = report_of(open_->number, done->value_or(open_->row));
    auto askers = std::move(open_->askers);
    open_.reset();
    for (auto& x : askers)
      x.deliver(report);
  }

  step_report report_of(uint64_t number, const trading_step& row) const {
    auto detail = std::make_shared<trading_detail>();
    detail->number = number;
    detail->step = row;
    if (auto miners = storage::all_performance(*links_.disk, setup_)) {
      std::stable_sort(miners->begin(), miners->end(),
                       [](const auto& a, const auto& b) { return a.weight > b.weight; });
      for (const auto& x : *miners)
        if (x.weight > 0 && detail->best.size() < best_in_report)
          detail->best.push_back({x.uid.value_or(0), x.hotkey, x.score.score, x.weight, x.pnl_tao,
                                  x.totals.trades, x.current_positions});
    }
    return {std::string{trading_name}, step_outcome::played, false, "", std::move(detail)};
  }

  result<mechanism_scores> scores_of(epoch_no epoch, const chain_view& chain) const {
    auto now = setup_;
    std::vector<chain_slot> slots;
    for (const auto& x : chain.neurons)
      slots.push_back({static_cast<uint16_t>(x.uid.value), x.key.value});
    (void)take_slots(now.world, slots);
    const auto miners = storage::all_performance(*links_.disk, now);
    if (!miners)
      return miners.error();
    const auto weights = trading_weights_of(settings().score, *miners);
    mechanism_scores out{std::string{trading_name}, epoch, {}, {}};
    bool positive = false;
    for (size_t i = 0; i < weights.uids.size(); ++i) {
      out.scores[{weights.uids[i]}] = weights.weights[i];
      positive = positive || weights.weights[i] > 0;
    }
    for (const auto& x : *miners)
      if (x.uid && x.status == miner_status::blacklisted)
        out.barred.insert({*x.uid});
    if (!positive)
      return fault{ec::refused, "no registered miner has a score above 0"};
    return out;
  }

  observed_plain_pointer<mechanism_actor> self_;
  trading_config config_;
  trading_links links_;
  storage::ledger_setup setup_;
  std::optional<tools::dev_feed> market_;
  std::optional<open_trading_step> open_;
};

mechanism_actor::behavior_type
trading_behavior(observed_pointer<mechanism_actor, trading_state> self, trading_config config,
                 trading_links links) {
  auto& state = self->state;
  install_default_handlers(self, [&state] { return state.describe(); });
  state.setup(std::move(config), std::move(links));
  return {
    [&state](atom::scores, epoch_no epoch) { return state.scores(epoch); },
    [&state](atom::step, uint64_t number) { return state.step(number); },
    [&state](const mechanism_command& command) { return state.obey(command); },
  };
}

} // namespace

mechanism_actor
spawn_trading(caf::actor_system& system, trading_config config, trading_links links) {
  return system.spawn(trading_behavior, std::move(config), std::move(links));
}

} // namespace sluice
