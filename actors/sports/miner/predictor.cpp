#include "actors/sports/miner/predictor.hpp"

#include "actors/base/ask.hpp"
#include "actors/base/default_handlers.hpp"
#include "actors/events/event_outlet.hpp"
#include "actors/sports/miner/own_task.hpp"
#include "rules/canonical_json.hpp"
#include "rules/json_text.hpp"
#include "rules/sports/book.hpp"
#include "rules/sports/command_picks.hpp"
#include "rules/sports/exchange.hpp"
#include "rules/sports/miner_events.hpp"
#include "rules/sports/miner_pick.hpp"
#include "storage/sports/miner_store.hpp"
#include "storage/sports/own_prediction.hpp"
#include "tools/bounded_command.hpp"

#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <map>
#include <set>
#include <type_traits>
#include <utility>

namespace sluice {

namespace {

class sports_predictor_state {
public:
  static inline const char* name = "sports_predictor";

  explicit sports_predictor_state(observed_plain_pointer<sports_predictor_actor> self)
    : self_(self), events_(self, "predictor") {}

  void setup(sports_predictor_config config, sports_predictor_links links,
             const miner_memory& memory, const std::vector<sports_game>& results) {
    config_ = std::move(config);
    links_ = std::move(links);
    uid_ = config_.uid;
    events_.to(links_.events);
    for (const auto& x : results)
      learn(x);
    for (const auto& x : memory.games)
      games_[x.external_id] = x;
    for (const auto& x : memory.predictions) {
      predicted_.insert(x.game_id);
      last_number_ = std::max(last_number_, x.number);
      wagered_[sports_day_of(x.created_us)] += x.wager;
    }
    periodic_terms terms;
    terms.interval_ms = config_.interval_s * 1000;
    terms.jitter = 0.2;
    terms.initial_delay_ms = terms.interval_ms;
    add_own_task<sports_predictor_actor>(self_, links_.tasks, "predictions", terms);
  }

  /// Durable first.
  void take(const games_of_validator& x) {
    storage::batch writes;
    std::map<std::string, uint64_t> changed; // by sport
    for (const auto& game : x.games) {
      auto& known = games_[game.external_id];
      if (!is_news(known, game))
        continue;
      if (known.state != game.state)
        events_.publish(miner_topics::game_state_changed,
                        game_state_changed_event{
                          game.external_id,
                          known.external_id.empty() ? "" : std::string{name_of(known.state)},
                          std::string{name_of(game.state)}, now_s()});
      known = game;
      learn(game);
      storage::put_game(writes, game);
      ++changed[game.sport];
    }
    if (changed.empty())
      return;
    for (const auto& [sport, count] : changed)
      events_.publish(miner_topics::games_updated, miner_games_event{sport, count, now_s()});
    games_seen_ += writes.writes.size();
    ask_or(
      self_, [this](const caf::error& why) { note("games are not stored: " + sentence(why)); },
      links_.database, [this](atom::done) { predict(); }, std::move(writes));
  }

  void know(miner_uid uid) {
    uid_ = uid;
    predict();
  }

  caf::result<atom::done> run() {
    forget();
    if (!uid_)
      return caf::make_error(ec::unreachable, "no validator has let this miner in yet");
    predict();
    return atom::done_v;
  }

  void command_ended_with(const command_ended& x) {
    if (x.number != asked_)
      return;
    const auto games = std::exchange(asked_games_, {});
    asked_open_ = false;
    if (!x.why.empty())
      return note("the command: " + x.why);
    auto picks = picks_of_command(x.output, games, left_today());
    if (!picks)
      return note("the command's answer: " + picks.error().what);
    make(games, *std::move(picks));
  }

  std::string describe() const {
    return json_object{}
      .add("games", games_.size())
      .add("games_changed", games_seen_)
      .add("predicted_games", predicted_.size())
      .add("generated", generated_)
      .add("failed", failed_)
      .add("model", config_.model ? std::string{config_.model->name()} : "exec")
      .add("uid", uid_ ? std::to_string(uid_->value) : "not known")
      .add("wagered_today", text_of_nano(wagered_today()))
      .add("last_error", last_error_)
      .text();
  }

private:
  int64_t now_us() const { return static_cast<int64_t>(config_.unix_ms()) * 1000; }
  double now_s() const { return static_cast<double>(config_.unix_ms()) / 1000; }

  nano wagered_today() const {
    const auto at = wagered_.find(sports_day_of(now_us()));
    return at == wagered_.end() ? 0 : at->second;
  }
  nano left_today() const { return std::max<nano>(0, config_.daily_limit - wagered_today()); }

  void learn(const sports_game& x) {
    if (config_.model && x.outcome != game_outcome::undecided
        && learnt_.insert(x.external_id).second)
      config_.model->learn(x);
  }

  void forget() {
    const auto before_us = now_us() - static_cast<int64_t>(config_.keep_days) * 86'400'000'000;
    std::erase_if(games_, [&](const auto& x) {
      const bool old = x.second.start_us < before_us;
      if (old)
        predicted_.erase(x.first);
      return old;
    });
    std::erase_if(wagered_, [this](const auto& x) { return x.first < sports_day_of(now_us()); });
  }

  void note(const std::string& what) {
    last_error_ = what;
    ++failed_;
    if (config_.show)
      config_.show(what);
  }

  /// Games that nobody has decided about, those that begin first in front.
  std::vector<sports_game> open_games() const {
    return games_to_predict(games_, predicted_, now_us());
  }

  void predict() {
    if (!uid_ || asked_open_ || writing_)
      return;
    auto games = open_games();
    if (games.empty() || left_today() < config_.wager_least)
      return;
    if (!config_.command.empty())
      return ask_command(std::move(games));
    make(games, picks_of(*config_.model, games, left_today(), config_.picks));
  }

  void ask_command(std::vector<sports_game> games) {
    asked_open_ = true;
    asked_games_ = std::move(games);
    const auto number = ++asked_;
    self_->template spawn<caf::detached>(
      [command = config_.command, bounds = tools::command_bounds{config_.command_ms},
       input = command_input(asked_games_), number,
       whom = sports_predictor_actor{static_cast<sports_predictor_actor::pointer>(self_)}](
        caf::event_based_actor*) {
        auto output = tools::run_bounded(command, input, bounds);
        command_ended end{number, {}, {}};
        if (output)
          end.output = *std::move(output);
        else
          end.why = output.error().what;
        caf::anon_send(whom, std::move(end));
      });
  }

  void make(const std::vector<sports_game>& games, std::vector<game_pick> picks) {
    std::vector<miner_prediction> made;
    storage::batch writes;
    std::set<std::string> sports;
    const auto now = now_us();
    for (auto& x : picks) {
      const auto& game = games[x.game];
      if (x.pick.wager < config_.wager_least || predicted_.contains(game.external_id))
        continue;
      x.pick.prediction_id = random_prediction_id(config_.chance(), config_.chance());
      made.push_back(own_prediction(last_number_ + made.size() + 1, x.pick, game, *uid_, now));
      storage::tables::miner_predictions.put(writes, made.back().number, made.back());
      sports.insert(game.sport);
    }
    if (made.empty())
      return;
    writing_ = true;
    ask_or(
      self_,
      [this](const caf::error& why) {
        writing_ = false;
        note("predictions are not stored, and not sent: " + sentence(why));
      },
      links_.database,
      [this, made, sports](atom::done) {
        writing_ = false;
        for (const auto& x : made) {
          predicted_.insert(x.game_id);
          last_number_ = x.number;
          wagered_[sports_day_of(x.created_us)] += x.wager;
        }
        generated_ += made.size();
        events_.publish(
          miner_topics::predictions_generated,
          predictions_generated_event{
            made.size(), {sports.begin(), sports.end()}, made.front().model_name, now_s()});
        self_->send(links_.messenger(), predictions_made{made});
      },
      std::move(writes));
  }

  observed_plain_pointer<sports_predictor_actor> self_;
  event_outlet<std::remove_pointer_t<observed_plain_pointer<sports_predictor_actor>>> events_;
  sports_predictor_config config_;
  sports_predictor_links links_;
  std::optional<miner_uid> uid_;
  std::map<std::string, sports_game> games_;
  std::set<std::string> predicted_; // games
  std::set<std::string> learnt_;
  std::map<int64_t, nano> wagered_; // by UTC day
  std::vector<sports_game> asked_games_;
  uint64_t asked_ = 0; // number of the last question to the command
  bool asked_open_ = false;
  bool writing_ = false;
  uint64_t last_number_ = 0;
  uint64_t games_seen_ = 0;
  uint64_t generated_ = 0;
  uint64_t failed_ = 0;
  std::string last_error_;
};

sports_predictor_actor::behavior_type
sports_predictor_behavior(observed_pointer<sports_predictor_actor, sports_predictor_state> self,
                          sports_predictor_config config, sports_predictor_links links,
                          std::shared_ptr<const miner_memory> memory,
                          std::shared_ptr<const std::vector<sports_game>> results) {
  auto& state = self->state;
  install_default_handlers(self, [&state] { return state.describe(); });
  state.setup(std::move(config), std::move(links), *memory, *results);
  return {
    [&state](const games_of_validator& x) { state.take(x); },
    [&state](const own_uid& x) { state.know(x.uid); },
    [&state](const command_ended& x) { state.command_ended_with(x); },
    [&state](const run_task&) { return state.run(); },
    [&state](atom::view) { return state.describe(); },
  };
}

} // namespace

sports_predictor_actor
spawn_sports_predictor(caf::actor_system& system, sports_predictor_config config,
                       sports_predictor_links links, std::shared_ptr<const miner_memory> memory,
                       std::shared_ptr<const std::vector<sports_game>> results) {
  return system.spawn(sports_predictor_behavior, std::move(config), std::move(links),
                      std::move(memory), std::move(results));
}

} // namespace sluice
