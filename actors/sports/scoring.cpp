#include "actors/sports/scoring.hpp"

#include "actors/base/ask.hpp"
#include "actors/base/default_handlers.hpp"
#include "actors/base/thrown_fault.hpp"
#include "actors/sports/event_queue.hpp"
#include "actors/sports/publishing.hpp"
#include "rules/json_text.hpp"
#include "rules/sports/events.hpp"
#include "rules/sports/publish_parts.hpp"
#include "rules/sports/tier_weights.hpp"
#include "storage/sports/recall.hpp"
#include "storage/sports/tables.hpp"
#include "storage/sports/writer.hpp"

#include <caf/actor_system.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <utility>
#include <vector>

namespace sluice {

namespace {

/// A scoring under way.
struct open_scoring {
  int64_t now_us = 0;
  sports_scoring made;
  tier_state tiers;
  std::vector<tier_move> moves;
  std::vector<caf::typed_response_promise<sports_scoring>> promises;
};

std::map<miner_day, daily_score> daily_rows_of(const sports_records& records) {
  std::map<miner_day, daily_score> made;
  for (const auto& [key, record] : records)
    for (const auto& [day, score] : record.daily)
      made[{day, key}] = score;
  return made;
}

scoring_complete_event scoring_event_of(const sports_scoring& x) {
  scoring_complete_event made{x.number, {}, event_time(x.scores.now_us)};
  for (const auto& one : x.scores.miners)
    made.scores.push_back({one.uid.value, one.key.value, one.tier, one.tier_score, one.weight});
  return made;
}

class sports_scoring_state {
public:
  static inline const char* name = "sports_scoring";

  explicit sports_scoring_state(observed_plain_pointer<sports_scoring_actor> self)
    : self_(self), events_(self, "sports_scoring") {}

  void setup(const sports_settings& rules, sports_scoring_links links) {
    rules_ = rules;
    links_ = std::move(links);
    events_.to(links_.events);
    auto tiers = storage::recall_tiers(*links_.disk);
    if (!tiers)
      throw thrown_fault("the tiers of sports: ", tiers.error());
    tiers_ = *std::move(tiers);
    auto last = storage::last_scoring(*links_.disk);
    if (!last)
      throw thrown_fault("the scorings of sports: ", last.error());
    if (*last)
      last_ = **std::move(last);
    links_.seen->set_standings(last_.scores.miners);
  }

  const sports_scoring& last() const { return last_; }

  caf::result<sports_scoring> score(const sports_score_call& call) {
    if (last_.number != 0 && last_.scores.now_us == call.now_us)
      return last_;
    auto promise = self_->make_response_promise<sports_scoring>();
    if (open_) {
      open_->promises.push_back(promise);
      return promise;
    }
    open_ = std::make_shared<open_scoring>();
    open_->now_us = call.now_us;
    open_->promises.push_back(promise);
    ask_or(
      self_, failing(), links_.intake,
      [this](const sports_settled&) {
        ask_or(
          self_, failing(), links_.intake, [this](const sports_parts& x) { with_parts(x); },
          sports_parts_query{open_->now_us, last_.scores.now_us});
      },
      sports_settle_call{call.now_us});
    return promise;
  }

  std::string describe() const {
    return json_object{}
      .add("under_way", open_ != nullptr)
      .add("last", last_.number)
      .add("last_us", last_.scores.now_us)
      .add("tier_day", tiers_.last_day.value_or(0))
      .text();
  }

private:
  std::function<void(const caf::error&)> failing() {
    return [this](const caf::error& why) {
      self_->observed().stats->count("scorings_failed");
      const auto done = std::exchange(open_, nullptr);
      for (auto& x : done->promises)
        x.deliver(why);
    };
  }

  void with_parts(const sports_parts& x) {
    ask_or(
      self_, failing(), links_.chain,
      [this, parts = x.parts](const chain_view& seen) { compute(*parts, seen); }, atom::view_v);
  }

  void compute(const sports_day_parts& parts, const chain_view& seen) {
    std::map<hotkey, miner_uid> registered;
    for (const auto& x : seen.neurons)
      registered[x.key] = x.uid;
    auto& open = *open_;
    open.tiers = tiers_;
    const auto members = members_of(registered, parts.records, tiers_.tiers);
    const auto today = sports_day_of(open.now_us);
    if (parts.first_day)
      open.moves
        = advance_tiers(open.tiers, *parts.first_day, today, members, parts.records, rules_);
    open.made.number = last_.number + 1;
    const auto banned = banned_hotkeys(*links_.disk);
    if (!banned)
      return failing()(to_error(banned.error()));
    for (const auto& x : last_.scores.miners)
      if (banned->contains(x.key))
        open.made.blacklisted[x.key] = x.weight;
    open.made.scores = score_sports(open.now_us, members, open.tiers, parts.records,
                                    parts.lifetimes, rules_, *banned, open.made.blacklisted);
    open.made.moves = open.moves.size();
    open.made.settled = parts.settled;
    open.made.games_left = parts.games_left;
    store(daily_rows_of(parts.records));
  }

  void store(const std::map<miner_day, daily_score>& daily) {
    storage::batch writes;
    storage::add_daily(writes, changed_days(daily));
    if (open_->tiers.last_day != tiers_.last_day)
      if (auto added = storage::add_tiers(*links_.disk, writes, open_->tiers, open_->moves); !added)
        return failing()(to_error(added.error()));
    storage::add_scoring(writes, open_->made);
    ask_or(
      self_, failing(), links_.storage_writer, [this](atom::done) { finish(); }, std::move(writes));
  }

  /// Only those that are not on the disk as they are now.
  std::map<miner_day, daily_score> changed_days(const std::map<miner_day, daily_score>& daily) {
    std::map<miner_day, daily_score> made;
    for (const auto& [at, score] : daily) {
      const auto known = daily_.find(at);
      if (known == daily_.end() || known->second != score)
        made.emplace(at, score);
    }
    daily_ = daily;
    return made;
  }

  void finish() {
    const auto done = std::exchange(open_, nullptr);
    tiers_ = std::move(done->tiers);
    last_ = std::move(done->made);
    links_.seen->set_standings(last_.scores.miners);
    self_->observed().stats->count("scorings");
    show(done->moves);
    for (auto& x : done->promises)
      x.deliver(last_);
  }

  void show(const std::vector<tier_move>& moves) {
    const auto now_us = last_.scores.now_us;
    for (const auto& x : moves)
      events_.publish(sports_topics::miner_updated,
                      miner_updated_event{x.key.value, x.uid.value, "tier",
                                          std::to_string(x.from) + " -> " + std::to_string(x.to),
                                          event_time(now_us)},
                      ms_of_us(now_us));
    events_.publish(sports_topics::scoring_complete, scoring_event_of(last_), ms_of_us(now_us));
  }

  observed_plain_pointer<sports_scoring_actor> self_;
  sports_settings rules_;
  sports_scoring_links links_;
  sports_event_queue<observed_plain_pointer<sports_scoring_actor>> events_;
  tier_state tiers_;
  sports_scoring last_;                    // number 0: none yet
  std::map<miner_day, daily_score> daily_; // as they were written by this incarnation
  std::shared_ptr<open_scoring> open_;     // null: none
};

sports_scoring_actor::behavior_type
sports_scoring_behavior(observed_pointer<sports_scoring_actor, sports_scoring_state> self,
                        const sports_settings& rules, sports_scoring_links links) {
  auto& state = self->state;
  install_default_handlers(self, [&state] { return state.describe(); });
  state.setup(rules, std::move(links));
  return {
    [&state](const sports_score_call& x) { return state.score(x); },
    [&state](atom::view) { return state.last(); },
  };
}

} // namespace

sports_scoring_actor spawn_sports_scoring(caf::actor_system& system, const sports_settings& rules,
                                          sports_scoring_links links) {
  return system.spawn(sports_scoring_behavior, rules, std::move(links));
}

} // namespace sluice
