#include "actors/sports/intake.hpp"

#include "actors/base/default_handlers.hpp"
#include "actors/base/log.hpp"
#include "actors/base/thrown_fault.hpp"
#include "actors/sports/event_queue.hpp"
#include "actors/sports/intake_events.hpp"
#include "actors/sports/intake_items.hpp"
#include "rules/json_text.hpp"
#include "rules/sports/exchange.hpp"
#include "rules/sports/publish_parts.hpp"
#include "storage/sports/recall.hpp"
#include "storage/sports/tables.hpp"
#include "storage/sports/writer.hpp"

#include <caf/actor_system.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <algorithm>
#include <chrono>
#include <deque>
#include <utility>

namespace sluice {

namespace {

namespace tables = storage::tables;

class sports_intake_state {
public:
  static inline const char* name = "sports_intake";

  explicit sports_intake_state(observed_plain_pointer<sports_intake_actor> self)
    : self_(self), events_(self, "sports_intake") {}

  void setup(sports_intake_config config, sports_intake_links links) {
    config_ = std::move(config);
    links_ = std::move(links);
    events_.to(links_.events);
    recall();
    rules_are_new_ = true;
    self_->request(links_.chain, caf::infinite, atom::view_v)
      .then([this](const chain_view& seen) { know_miners(seen); }, [](const caf::error&) {});
  }

  // ---- what comes -------------------------------------------------------------------------------

  template <class Waiting, class What, class Reply>
  void take(What what, Reply reply) {
    if (waiting_.size() >= waiting_sports_max)
      return reply(fault{ec::busy, "too much waits to be stored; send it again in a second"});
    waiting_.push_back(Waiting{std::move(what), std::move(reply)});
    go_on();
  }

  template <class Waiting, class Answer, class What>
  caf::result<Answer> promised(What what) {
    auto promise = self_->make_response_promise<Answer>();
    take<Waiting>(std::move(what), [promise](result<Answer> x) mutable {
      if (x)
        promise.deliver(*std::move(x));
      else
        promise.deliver(to_error(x.error()));
    });
    return promise;
  }

  /// An observer's matter only: nothing of it is stored.
  void show_presence(const sports_presence& x) {
    const auto at_ms = ms_of_us(x.at_us);
    self_->observed().stats->count("miners_" + x.what);
    if (x.what == "connected")
      events_.publish(sports_topics::miner_connected, connected_event_of(x), at_ms);
    else if (x.what == "disconnected")
      events_.publish(sports_topics::miner_disconnected, disconnected_event_of(x), at_ms);
    else
      events_.publish(
        sports_topics::miner_updated,
        miner_updated_event{x.key.value, x.uid.value, x.what, x.why, event_time(x.at_us)}, at_ms);
  }

  sports_intake_status status() const {
    sports_intake_status made;
    made.numbers = counts_.all();
    made.waiting = waiting_.size();
    made.games = book_.games().size();
    made.predictions = book_.predictions().size();
    return made;
  }

  /// The pause before another try is over.
  void write_again() {
    if (commit_)
      write();
  }

  std::string describe() const {
    return json_object{}.add("writing", commit_ != nullptr).raw("status", json_of(status())).text();
  }

private:
  // -- one commit after the other

  void recall() {
    auto book = storage::recall_book(*links_.disk, config_.rules);
    if (!book)
      throw thrown_fault("the predictions of sports: ", book.error());
    book_ = *std::move(book);
    recall_lifetimes();
    auto counts = storage::prediction_counts::read(*links_.disk);
    if (!counts)
      throw thrown_fault("the counts of sports: ", counts.error());
    counts_ = *std::move(counts);
    feed_us_ = counts_.value(tables::sports_feed_key);
    std::vector<sports_game> games;
    for (const auto& [id, game] : book_.games())
      games.push_back(game);
    links_.seen->open(std::move(games));
  }

  void recall_lifetimes() {
    auto sums = storage::recall_lifetimes(*links_.disk);
    if (!sums)
      throw thrown_fault("what was forgotten of sports: ", sums.error());
    lifetimes_ = *std::move(sums);
  }

  void go_on() {
    if (commit_ || waiting_.empty())
      return;
    commit_ = std::make_shared<open_sports_commit>();
    self_->request(links_.chain, caf::infinite, atom::view_v)
      .then(
        [this](const chain_view& seen) {
          know_miners(seen);
          take_waiting();
        },
        [this](const caf::error& why) { // nothing was taken out: all of it is refused
          for (auto& x : std::exchange(waiting_, {}))
            std::visit([&](auto& item) { item.reply(to_fault(why)); }, x);
          commit_ = nullptr;
        });
  }

  void take_waiting() {
    if (std::exchange(rules_are_new_, false))
      storage::add_rules(commit_->writes, config_.rules);
    for (size_t i = 0; i < sports_together_max && !waiting_.empty(); ++i) {
      auto next = std::move(waiting_.front());
      waiting_.pop_front();
      std::visit([this](auto& item) { put(std::move(item)); }, next);
    }
    counts_.put(commit_->writes);
    write();
  }

  void write() {
    if (commit_->writes.writes.empty())
      return finish();
    ++commit_->tries;
    auto writes
      = commit_->tries < sports_write_tries ? commit_->writes : std::move(commit_->writes);
    self_->request(links_.storage_writer, caf::infinite, std::move(writes))
      .then([this](atom::done) { finish(); }, [this](const caf::error& why) { failed(why); });
  }

  void failed(const caf::error& why) {
    spdlog::warn("sports: nothing can be stored (try {} of {}): {}", commit_->tries,
                 sports_write_tries, sentence(why));
    if (commit_->tries < sports_write_tries) {
      self_->delayed_send(self_,
                          std::chrono::milliseconds(sports_write_pause_ms << (commit_->tries - 1)),
                          atom::flush_v);
      return;
    }
    recall();
    rules_are_new_ = true;
    for (auto& f : commit_->failed)
      f(to_fault(why));
    commit_ = nullptr;
    go_on();
  }

  /// In one turn: readers see it, senders are answered, observers get events.
  void finish() {
    const auto done = std::exchange(commit_, nullptr);
    for (const auto& f : done->then)
      f();
    go_on();
  }

  int64_t moment_of(int64_t us) const { return us > 0 ? us : config_.now_us(); }

  // -- predictions

  void put(waiting_predictions x) {
    auto& what = x.what;
    if (what.claims.empty() || what.claims.size() > sports_limits::batch_max)
      return x.reply(
        fault{ec::bad_input, "expected 1 to " + std::to_string(sports_limits::batch_max)
                               + " predictions, got " + std::to_string(what.claims.size())});
    const auto at_us = moment_of(what.received_us);
    const auto uid = links_.seen->registered(what.key);
    const auto feed = config_.has_feed ? std::optional{feed_us_} : std::nullopt;
    std::vector<prediction_answer> answers;
    for (auto& claim : what.claims)
      answers.push_back(judge({at_us, what.key, what.way, std::move(claim)}, uid, feed));
    count(answers);
    commit_->failed.push_back([this, answers, reply = x.reply](const fault& why) {
      auto refused = unstored_answers(answers, why);
      count(refused); // with the next commit
      reply(std::move(refused));
    });
    commit_->then.push_back(
      [answers = std::move(answers), reply = std::move(x.reply)] { reply(answers); });
  }

  void count(const std::vector<prediction_answer>& answers) {
    counts_.received(answers.size());
    for (const auto& x : answers)
      counts_.answered(x);
  }

  /// With everything that was judged before it in the book.
  prediction_answer
  judge(const prediction_arrival& x, std::optional<miner_uid> uid, std::optional<int64_t> feed) {
    auto judged = book_.judge(x, uid, feed);
    const auto at_ms = ms_of_us(x.received_us);
    commit_->then.push_back([this, event = received_event_of(x), at_ms] {
      events_.publish(sports_topics::prediction_received, event, at_ms);
    });
    if (judged.accepted) {
      const auto row = *judged.accepted;
      if (auto applied = book_.apply(row); !applied)
        throw thrown_fault("a prediction that was judged: ", applied.error());
      storage::add_accepted(commit_->writes, row);
      commit_->then.push_back([this, event = accepted_event_of(row), at_ms] {
        events_.publish(sports_topics::prediction_accepted, event, at_ms);
      });
    } else if (!judged.answer.same) {
      commit_->then.push_back(
        [this, event = rejected_event_of(judged.answer, x.key, x.received_us), at_ms] {
          events_.publish(sports_topics::prediction_rejected, event, at_ms);
        });
    }
    return std::move(judged.answer);
  }

  // -- games

  void put(waiting_games x) {
    auto& what = x.what;
    if (what.games.size() > sports_game_batch_max)
      return x.reply(fault{ec::bad_input, "expected at most "
                                            + std::to_string(sports_game_batch_max) + " games, got "
                                            + std::to_string(what.games.size())});
    const auto at_us = moment_of(what.at_us);
    for (auto& one : what.games)
      one.at_us = one.at_us > 0 ? one.at_us : at_us;
    auto made = std::make_shared<sports_games_taken>();
    auto changed = book_.after_all(what.games);
    std::map<std::string, uint64_t> by_sport;
    for (const auto& game : changed) {
      const bool is_added = book_.find_game(game.external_id) == nullptr;
      ++(is_added ? made->added : made->changed);
      ++by_sport[game.sport];
      book_.put(game);
      storage::add_game(commit_->writes, game);
      commit_->then.push_back([this, event = game_event_of(game, is_added, at_us), at_us] {
        events_.publish(sports_topics::game_updated, event, ms_of_us(at_us));
      });
    }
    made->unchanged = what.games.size() > changed.size() ? what.games.size() - changed.size() : 0;
    feed_us_ = std::max(feed_us_, at_us);
    storage::add_number(commit_->writes, tables::sports_feed_key, feed_us_);
    show_games(std::move(changed));
    for (const auto& [sport, count] : by_sport)
      commit_->then.push_back(
        [this, event = games_updated_event{sport, count, event_time(at_us)}, at_us] {
          events_.publish(sports_topics::games_updated, event, ms_of_us(at_us));
        });
    const auto settled = settle(at_us);
    made->won = settled.won;
    made->lost = settled.lost;
    made->voided = settled.voided;
    answer_with(made, std::move(x.reply));
  }

  void show_games(std::vector<sports_game> games) {
    if (games.empty())
      return;
    commit_->then.push_back([this, games = std::move(games)] {
      links_.seen->put(games);
      if (links_.on_games)
        links_.on_games(games);
    });
  }

  /// Once it is durable.
  template <class T>
  void answer_with(std::shared_ptr<T> made, sports_answer_to<T> reply) {
    commit_->failed.push_back([reply](const fault& why) { reply(why); });
    commit_->then.push_back([made = std::move(made), reply = std::move(reply)] { reply(*made); });
  }

  // -- settlement

  sports_settled settle(int64_t now_us) {
    auto due = book_.due(now_us);
    book_.apply(due);
    sports_settled made;
    for (const auto& game : due.games) {
      storage::add_game(commit_->writes, game);
      commit_->then.push_back([this, event = game_event_of(game, false, now_us), now_us] {
        events_.publish(sports_topics::game_updated, event, ms_of_us(now_us));
      });
    }
    for (const auto& x : due.predictions) {
      made.won += x.state == prediction_state::won ? 1 : 0;
      made.lost += x.state == prediction_state::lost ? 1 : 0;
      made.voided += x.state == prediction_state::void_ ? 1 : 0;
      storage::add_settled(commit_->writes, x);
      commit_->then.push_back([this, event = settled_event_of(x), now_us] {
        events_.publish(sports_topics::prediction_settled, event, ms_of_us(now_us));
      });
    }
    if (!due.predictions.empty())
      storage::add_number(commit_->writes, tables::sports_settled_key, now_us);
    show_games(std::move(due.games));
    return made;
  }

  void put(waiting_settlement x) {
    const auto now_us = moment_of(x.what.now_us);
    auto made = std::make_shared<sports_settled>(settle(now_us));
    if (const auto done = forget(now_us, *made); !done)
      spdlog::warn("sports: what is too old stays: {}", done.error().what);
    show_metagraph(now_us);
    answer_with(made, std::move(x.reply));
  }

  /// What is not kept any longer: predictions, games, days, nonces.
  result<nothing> forget(int64_t now_us, sports_settled& made) {
    constexpr int64_t day_us = int64_t{86'400} * 1'000'000;
    const auto kept_us = static_cast<int64_t>(config_.rules.keep_days) * day_us;
    const auto nonces = storage::expire_nonces(
      *links_.disk, now_us - static_cast<int64_t>(config_.freshness_s) * 1'000'000,
      commit_->writes);
    if (!nonces)
      return nonces.error();
    const auto days
      = storage::expire_days(*links_.disk, sports_day_of(now_us - kept_us), commit_->writes);
    if (!days)
      return days.error();
    auto old = book_.old(now_us - kept_us);
    if (old.games.empty() && old.predictions.empty())
      return nothing{};
    if (auto added
        = storage::add_forgotten(*links_.disk, commit_->writes, old.predictions, old.games);
        !added)
      return added;
    book_.apply(old);
    made.forgotten = old.predictions.size();
    commit_->then.push_back([this, games = std::move(old.games)] {
      links_.seen->forget(games);
      recall_lifetimes();
    });
    return nothing{};
  }

  // -- nonces, questions

  void put(waiting_nonces x) {
    storage::add_nonces(commit_->writes, x.what);
    answer_with(std::make_shared<nothing>(), std::move(x.reply));
  }

  void put(waiting_offer x) {
    auto made = std::make_shared<sports_offer>();
    made->games = book_.offered(x.what.now_us, offered_games_max);
    made->wagered_today = config_.stepped ? wagered_before(book_, x.what.now_us)
                                          : book_.wagered_on(sports_day_of(x.what.now_us));
    answer_with(made, std::move(x.reply));
  }

  /// When what was put before it is durable.
  void put(waiting_parts x) {
    commit_->failed.push_back([reply = x.reply](const fault& why) { reply(why); });
    commit_->then.push_back([this, since_us = x.what.since_us, reply = std::move(x.reply)] {
      auto parts = std::make_shared<sports_day_parts>();
      parts->records = sports_records_of(book_);
      parts->lifetimes = lifetimes_;
      parts->first_day = first_sports_day(book_);
      parts->games_left = book_.open_games();
      parts->settled = static_cast<uint64_t>(
        std::ranges::count_if(book_.predictions(), [since_us](const auto& row) {
          return row.second.settled_us > since_us;
        }));
      reply(sports_parts{std::move(parts)});
    });
  }

  // -- who is registered

  void know_miners(const chain_view& seen) {
    block_ = seen.head.block;
    hotkeys_ = seen.neurons.size();
    std::map<hotkey, miner_uid> now;
    for (const auto& x : seen.neurons)
      now[x.key] = x.uid;
    if (now == registered_)
      return;
    if (!registered_.empty()) {
      show_members(registered_, now, "deregistered");
      show_members(now, registered_, "registered");
    }
    registered_ = now;
    links_.seen->set_registered(std::move(now));
  }

  /// Those who are in the first and not in the second.
  void show_members(const std::map<hotkey, miner_uid>& all,
                    const std::map<hotkey, miner_uid>& known, const std::string& what) {
    const auto now_us = config_.now_us();
    for (const auto& [key, uid] : all)
      if (!known.contains(key))
        events_.publish(sports_topics::miner_updated,
                        miner_updated_event{key.value, uid.value, what, "", event_time(now_us)},
                        ms_of_us(now_us));
  }

  void show_metagraph(int64_t now_us) {
    if (std::exchange(shown_block_, block_) == block_)
      return;
    commit_->then.push_back([this, now_us] {
      events_.publish(sports_topics::metagraph_updated,
                      metagraph_updated_event{event_time(now_us), hotkeys_, block_},
                      ms_of_us(now_us));
    });
  }

  observed_plain_pointer<sports_intake_actor> self_;
  sports_intake_config config_;
  sports_intake_links links_;
  sports_event_queue<observed_plain_pointer<sports_intake_actor>> events_;
  sports_book book_;
  storage::prediction_counts counts_;
  std::map<hotkey, lifetime_before> lifetimes_; // of what is not in the book any more
  int64_t feed_us_ = 0;                         // its last word
  bool rules_are_new_ = false;                  // not stored yet
  std::map<hotkey, miner_uid> registered_;
  uint64_t block_ = 0;
  uint64_t hotkeys_ = 0;
  uint64_t shown_block_ = 0; // the last of which observers got an event
  std::deque<waiting_sports> waiting_;
  std::shared_ptr<open_sports_commit> commit_; // null: nothing is being written
};

sports_intake_actor::behavior_type
sports_intake_behavior(observed_pointer<sports_intake_actor, sports_intake_state> self,
                       sports_intake_config config, sports_intake_links links) {
  auto& state = self->state;
  install_default_handlers(self, [&state] { return state.describe(); });
  state.setup(std::move(config), std::move(links));
  return {
    [&state](const submit_predictions_message& x) {
      state.take<waiting_predictions>(x.what, x.reply);
    },
    [&state](const keep_sports_nonces_message& x) { state.take<waiting_nonces>(x.what, x.reply); },
    [&state](const sports_presence& x) { state.show_presence(x); },
    [&state](const sports_submission& x) {
      return state.promised<waiting_predictions, std::vector<prediction_answer>>(x);
    },
    [&state](const sports_game_batch& x) {
      return state.promised<waiting_games, sports_games_taken>(x);
    },
    [&state](const sports_settle_call& x) {
      return state.promised<waiting_settlement, sports_settled>(x);
    },
    [&state](const sports_offer_query& x) {
      return state.promised<waiting_offer, sports_offer>(x);
    },
    [&state](const sports_parts_query& x) {
      return state.promised<waiting_parts, sports_parts>(x);
    },
    [&state](atom::view) { return state.status(); },
    [&state](atom::flush) { state.write_again(); },
  };
}

} // namespace

sports_intake_actor spawn_sports_intake(caf::actor_system& system, sports_intake_config config,
                                        sports_intake_links links) {
  return system.spawn(sports_intake_behavior, std::move(config), std::move(links));
}

} // namespace sluice
