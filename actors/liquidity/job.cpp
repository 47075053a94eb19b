#include "actors/liquidity/job.hpp"

#include "actors/base/ask.hpp"
#include "actors/base/default_handlers.hpp"
#include "actors/base/log.hpp"
#include "actors/base/supervisor.hpp"
#include "actors/liquidity/executor.hpp"
#include "actors/liquidity/job_book.hpp"
#include "actors/liquidity/market/full_checkpoints.hpp"
#include "actors/liquidity/market/market_walk.hpp"
#include "actors/liquidity/market/write_market_first.hpp"
#include "actors/liquidity/pool_feed.hpp"
#include "actors/liquidity/round.hpp"
#include "actors/liquidity/score_notices.hpp"
#include "actors/roster.hpp"
#include "rules/json_text.hpp"
#include "rules/limits.hpp"
#include "rules/liquidity/name.hpp"
#include "rules/liquidity/schedule.hpp"

#include <caf/actor_system.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <algorithm>
#include <set>

namespace sluice {

namespace {

/// Fractions of a round at which progress is reported and paced feeds are asked.
constexpr uint64_t slices = 30;

/// One of the two competitions of the round that is being played.
struct turn {
  round_actor actor;
  std::set<uint64_t> checkpoints;
};

class job_state {
public:
  static inline const char* name = "job";

  explicit job_state(observed_plain_pointer<job_actor> self)
    : self_(self), children_(self, {.restarts_max = 0}) {}

  /// Not before everything that the last incarnation had sent is on disk.
  void start(job_settings settings, job_links links) {
    settings_ = std::move(settings);
    links_ = std::move(links);
    writer_ = "job " + settings_.job.id.value;
    full_checkpoints_ = full_checkpoints{settings_.full_checkpoint_after};
    ask(
      links_.storage_writer,
      [this](uint64_t incarnation) {
        incarnation_ = incarnation;
        restore();
      },
      atom::fence_v, writer_);
  }

  caf::result<job_report> play_step(uint64_t number) {
    auto promise = self_->make_response_promise<job_report>();
    steps_[number].push_back(promise);
    if (held_ && number >= step_)
      std::exchange(held_, nullptr)();
    else if (held_)
      answer_done();
    if (book_ && step_ == 0)
      go_on();
    return promise;
  }

  /// The next round may be played before a step asks for it; it is not booked before.
  void play_ahead(uint64_t number) {
    ahead_ = number;
    if (book_ && step_ == 0)
      go_on();
  }

  caf::result<job_standing> standing() {
    auto promise = self_->make_response_promise<job_standing>();
    if (book_)
      send_standing(promise);
    else
      curious_.push_back(promise);
    return promise;
  }

  std::string describe() const {
    return json_object{}
      .add("completed", book_ ? book_->record().completed : 0)
      .add("round", round_.number.value)
      .add("round_to", round_.end_block)
      .add("block", window_end_)
      .add("playing_lap", step_)
      .add("waits_for_its_step", static_cast<bool>(held_))
      .add("answers_missing", waiting_)
      .add("incarnation", incarnation_)
      .raw("config", json_of(settings_.job))
      .text();
  }

private:
  // -- before a round

  void restore() {
    auto opened = job_book::open(settings_.job, settings_.lookback_rounds, links_.disk);
    if (!opened)
      return fail(to_error(opened.error()));
    book_ = *std::move(opened);
    for (const auto& promise : std::exchange(curious_, {}))
      send_standing(promise);
    if (book_->record().ended)
      return go_on();
    pool_feed_config feed{settings_.job, settings_.speed, {}};
    if (book_->begun()) {
      auto stored = feed_place_of(*links_.disk, book_->record());
      if (!stored)
        return fail(to_error(stored.error()));
      feed.from = std::move(stored->at);
      full_checkpoints_.restored(stored->cost);
    }
    children_.add({"pool_feed", restart_rule::permanent, [this, feed] {
                     feed_ = spawn_pool_feed(self_->system(), feed);
                     return caf::actor_cast<caf::actor>(feed_);
                   }});
    children_.add({"executor", restart_rule::permanent, [this] {
                     executor_
                       = spawn_paper_executor(self_->system(), {links_.disk, links_.storage_writer,
                                                                writer_, incarnation_});
                     return caf::actor_cast<caf::actor>(executor_);
                   }});
    go_on();
  }

  /// Answers who waits for what is done; false when the disk cannot be read.
  bool answer_done() {
    while (!steps_.empty() && book_->is_over(steps_.begin()->first)) {
      auto report = book_->report(steps_.begin()->first);
      if (!report) {
        fail(to_error(report.error()));
        return false;
      }
      auto finished = steps_.extract(steps_.begin());
      for (auto& promise : finished.mapped())
        promise.deliver(*report);
    }
    return true;
  }

  /// Plays the next step that somebody waits for, or the one that may be played already.
  void go_on() {
    step_ = 0;
    if (!answer_done())
      return;
    if (!steps_.empty())
      step_ = steps_.begin()->first;
    else if (!book_->is_over(ahead_) && ahead_ == book_->record().completed + 1)
      step_ = ahead_;
    else
      return;
    ask(
      feed_, [this](const feed_state& at) { begin(at); }, atom::saved_v, !book_->begun());
  }

  /// The first round of all is the first one that finds a pool with a price.
  void begin(const feed_state& at) {
    if (book_->begun())
      return play(at);
    const auto first = first_round_from(
      at.saved.block, at.alive,
      settings_.job.feed.start_block ? settings_.job.feed.start_block : at.first_block,
      blocks_per_round(settings_.job.round_seconds, settings_.job.block_seconds));
    if (first.here) {
      book_->begin_at(first.number);
      return play(at);
    }
    ask(
      feed_,
      [this](const feed_segment& moved) {
        if (moved.ended)
          return end("the recording ends before a whole round");
        ask(
          feed_, [this](const feed_state& now) { begin(now); }, atom::saved_v, true);
      },
      atom::advance_v, first.look_from);
  }

  void play(const feed_state& at) {
    auto next = book_->next();
    if (!next)
      return fail(to_error(next.error()));
    round_ = *std::move(next);
    start_ = at;
    blocks_.clear();
    spdlog::debug("job {}: round {} from block {}, feed at {}", settings_.job.id.value,
                  round_.number.value, round_.start_block, at.saved.block);
    window_end_ = 0;
    if (at.last_block && *at.last_block < round_.end_block)
      return end("the recording ends at block " + std::to_string(*at.last_block) + ", inside round "
                 + std::to_string(round_.number.value));
    if (settings_.failures >= limits::round_attempts_max)
      return pass_over("given up after " + std::to_string(settings_.failures) + " failures");
    keep(book_->started(round_, at), [this] {
      ask(
        links_.roster, [this](std::vector<roster_entry>& all) { open_turns(std::move(all)); },
        atom::roster_v);
    });
  }

  void open_turns(std::vector<roster_entry> all) {
    all = playing(std::move(all), liquidity_name);
    book_->know(members_of(all));
    open_turn(round_kind::evaluation, all);
    if (!round_.live_candidates.empty())
      open_turn(round_kind::live, candidates_of(round_, all));
    checkpoint(round_.start_block - 1, true);
  }

  void open_turn(round_kind kind, const std::vector<roster_entry>& miners) {
    const auto& job = settings_.job;
    round_config config{
      {job.id, kind, round_.number}, round_.start_block,        book_->config_now(), {}, true,
      book_->record().vault_owners,  book_->record().incumbent, settings_.speed};
    for (const auto& [key, kept] : book_->board().scores())
      config.combined_before[key] = kept.combined_score;
    auto& x = turns_[kind];
    const auto every
      = kind == round_kind::live ? job.live_checkpoint_blocks : job.checkpoint_blocks;
    const auto marks = checkpoints({round_.number, round_.start_block, round_.end_block}, every);
    x.checkpoints = {marks.begin(), marks.end()};
    children_.add({actor_name_of(config.id), restart_rule::transient, [&] {
                     x.actor = spawn_round(self_->system(), std::move(config),
                                           {miners, links_.simulators, executor_});
                     return caf::actor_cast<caf::actor>(x.actor);
                   }});
  }

  // -- during a round

  /// To the next block at which somebody has to do something.
  void step() {
    const auto at = window_end_ ? window_end_ : round_.start_block - 1;
    if (at >= round_.end_block)
      return close();
    auto goal = round_.end_block;
    for (const auto& [kind, x] : turns_)
      if (auto mark = x.checkpoints.upper_bound(at); mark != x.checkpoints.end())
        goal = std::min(goal, *mark);
    const auto slice = (round_.end_block - round_.start_block) / slices + 1;
    goal = std::min(goal, at + slice);
    ask(
      feed_,
      [this, goal](const feed_segment& moved) {
        blocks_.insert(blocks_.end(), moved.blocks.begin(), moved.blocks.end());
        window_end_ = goal;
        self_->send(links_.reporter, step_progress{settings_.job.id.value, round_.start_block,
                                                   round_.end_block, goal});
        if (goal < round_.end_block)
          checkpoint(goal, false);
        else
          close();
      },
      atom::advance_v, goal);
  }

  std::shared_ptr<const window> market_until(uint64_t block) const {
    return std::make_shared<window>(
      window{start_.terms, round_.start_block, block, start_.price, start_.snapshot, blocks_});
  }

  void checkpoint(uint64_t block, bool opening) {
    spdlog::debug("job {}: block {}", settings_.job.id.value, block);
    std::vector<round_kind> asked;
    for (const auto& [kind, x] : turns_)
      if (opening || x.checkpoints.contains(block))
        asked.push_back(kind);
    if (asked.empty())
      return step();
    waiting_ = asked.size();
    checkpoint_call call{block, opening, market_until(block)};
    if (opening)
      return put(call, asked, {});
    ask(
      links_.roster,
      [this, call, asked](std::vector<roster_entry>& all) {
        put(call, asked, playing(std::move(all), liquidity_name));
      },
      atom::roster_v);
  }

  /// `all`: who is there now; at the opening the rounds received it.
  void
  put(checkpoint_call call, const std::vector<round_kind>& asked, std::vector<roster_entry> all) {
    const auto began = self_->clock().now();
    if (!call.opening)
      call.miners = std::make_shared<const std::vector<roster_entry>>(std::move(all));
    for (const auto kind : asked) {
      ask(
        turns_.at(kind).actor,
        [this, began](atom::done) {
          if (--waiting_ > 0)
            return;
          self_->observed().stats->note("checkpoint", self_->clock().now() - began);
          step();
        },
        call);
    }
  }

  // -- after a round

  void close() {
    spdlog::debug("job {}: round {} closes", settings_.job.id.value, round_.number.value);
    const auto market = market_until(round_.end_block);
    outcomes_.clear();
    waiting_ = turns_.size();
    for (const auto& [kind, x] : turns_)
      ask(
        x.actor,
        [this, market, kind = kind](round_outcome& outcome) {
          outcomes_[kind] = std::move(outcome);
          if (--waiting_ == 0)
            settle_vault(market);
        },
        atom::closing_v, market);
  }

  /// What the vault has now: the live miner's doing, or what it had, as time went by.
  void settle_vault(const std::shared_ptr<const window>& market) {
    if (auto live = outcomes_.find(round_kind::live); live != outcomes_.end() && live->second.vault)
      return finish(*live->second.vault);
    simulation work{market,
                    {book_->idle()},
                    settings_.job.model,
                    settings_.job.positions_max,
                    round_options(settings_.job)};
    ask(
      links_.simulators,
      [this](simulation_result& done) {
        if (!done.outcomes.front())
          return fail(to_error(done.outcomes.front().error()));
        finish(*done.outcomes.front());
      },
      std::move(work));
  }

  /// What changes the record waits until a step asks for the round.
  void when_asked(std::function<void()> then) {
    if (!steps_.empty() && steps_.rbegin()->first >= step_)
      then();
    else
      held_ = std::move(then);
  }

  void finish(const plan_outcome& vault) {
    when_asked([this, vault] { book_round(vault); });
  }

  void book_round(const plan_outcome& vault) {
    ask(
      feed_,
      [this, vault](const feed_state& now) {
        std::optional<round_outcome> live;
        if (auto x = outcomes_.find(round_kind::live); x != outcomes_.end())
          live = std::move(x->second);
        count_answers(outcomes_.at(round_kind::evaluation), *self_->observed().stats);
        auto writes
          = book_->finished(round_, start_, now, outcomes_.at(round_kind::evaluation), live, vault);
        put_market(writes, settings_.job.id, blocks_);
        auto notices = score_notices_of(settings_.job.id, round_.number,
                                        outcomes_.at(round_kind::evaluation), live, book_->board());
        for (auto& [kind, x] : turns_)
          caf::anon_send_exit(x.actor, caf::exit_reason::user_shutdown);
        turns_.clear();
        blocks_.clear();
        keep(std::move(writes), [this, notices = std::move(notices)] {
          send_score_notices(self_, links_.roster, notices);
          go_on();
        });
      },
      atom::saved_v, full_checkpoints_.round_ends(blocks_));
  }

  /// A round that kills whoever plays it is not played again; the market goes on. Its blocks are
  /// not stored, so what follows begins with a full checkpoint.
  void pass_over(const std::string& why) {
    ask(
      feed_,
      [this, why](const feed_segment&) {
        ask(
          feed_,
          [this, why](const feed_state& now) {
            when_asked([this, why, now] {
              full_checkpoints_.restored(0);
              keep(book_->failed(round_, now, why), [this] { go_on(); });
            });
          },
          atom::saved_v, true);
      },
      atom::advance_v, round_.end_block);
  }

  void end(const std::string& why, bool failed = false) {
    when_asked([this, why, failed] { keep(book_->ended(why, failed), [this] { go_on(); }); });
  }

  void send_standing(caf::typed_response_promise<job_standing> promise) {
    self_->request(links_.roster, caf::infinite, atom::roster_v)
      .then(
        [this, promise](const std::vector<roster_entry>& all) mutable {
          promise.deliver(book_->standing(members_of(playing(all, liquidity_name))));
        },
        [promise](const caf::error& why) mutable { promise.deliver(why); });
  }

  // -- plumbing

  template <class Handle, class F, class... Ts>
  void ask(const Handle& whom, F then, Ts&&... xs) {
    ask_or(
      self_, [this](const caf::error& why) { trouble(why); }, whom, std::move(then),
      std::forward<Ts>(xs)...);
  }

  void keep(storage::batch writes, std::function<void()> then) {
    write_market_first(self_, links_.storage_writer, {writer_, incarnation_, std::move(writes)},
                       std::move(then), [this](const caf::error& why) { trouble(why); });
  }

  /// Bad input will be bad again: the job is over. Everything else: fail, and start again from
  /// disk.
  void trouble(const caf::error& why) {
    if (to_fault(why).code == ec::bad_input && step_ != 0)
      return end(sentence(why), true);
    fail(why);
  }

  void fail(const caf::error& why) {
    for (auto& [number, all] : std::exchange(steps_, {}))
      for (auto& promise : all)
        promise.deliver(why);
    for (auto& promise : std::exchange(curious_, {}))
      promise.deliver(why);
    self_->quit(why);
  }

  observed_plain_pointer<job_actor> self_;
  job_settings settings_;
  job_links links_;
  std::optional<job_book> book_;
  pool_feed_actor feed_;
  executor_actor executor_;
  std::string writer_; // as the storage writer knows it
  uint64_t incarnation_ = 0;
  uint64_t step_ = 0;          // that is played; 0: none
  uint64_t ahead_ = 0;         // the round that may be played before it is asked for; 0: none
  std::function<void()> held_; // a round's end, until it is asked for
  std::map<uint64_t, std::vector<caf::typed_response_promise<job_report>>> steps_; // asked for
  std::vector<caf::typed_response_promise<job_standing>> curious_; // asked before it was read
  open_round round_;
  feed_state start_;
  std::map<round_kind, turn> turns_;
  std::map<round_kind, round_outcome> outcomes_;
  std::vector<std::shared_ptr<const block_record>> blocks_;
  full_checkpoints full_checkpoints_;
  uint64_t window_end_ = 0; // blocks up to here are in the window
  size_t waiting_ = 0;
  supervisor children_;
};

job_actor::behavior_type
job_behavior(observed_pointer<job_actor, job_state> self, job_settings settings, job_links links) {
  auto& state = self->state;
  install_default_handlers(self, [&state] { return state.describe(); });
  state.start(std::move(settings), std::move(links));
  return {
    [&state](atom::step, uint64_t number) { return state.play_step(number); },
    [&state](atom::advance, uint64_t number) { state.play_ahead(number); },
    [&state](atom::standing) { return state.standing(); },
  };
}

} // namespace

job_actor spawn_job(caf::actor_system& system, job_settings settings, job_links links) {
  return system.spawn(job_behavior, std::move(settings), std::move(links));
}

} // namespace sluice
