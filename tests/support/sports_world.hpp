/// The actors of the sports mechanism on a real disk, with a chain, a moment and observers of the
/// test's own.
#pragma once

#include "actors/sports/intake.hpp"
#include "actors/sports/scoring.hpp"
#include "actors/sports/survey.hpp"
#include "actors/storage_writer.hpp"
#include "messages/miner.hpp"
#include "rules/sports/exchange.hpp"
#include "storage/sports/tables.hpp"
#include "tests/support/actor_test.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace sluice::test {

/// The moment at which tests of sports begin: 2026-01-01T00:00:00Z, in microseconds.
inline constexpr int64_t sports_start_us = 1'767'225'600'000'000;
inline constexpr int64_t sports_hour_us = int64_t{3600} * 1'000'000;

/// Miners "miner-1" (uid 1) to "miner-4" are registered.
class sports_test : public actor_test {
protected:
  sports_test() {
    for (uint16_t uid = 1; uid <= 4; ++uid)
      neurons.push_back({{uid}, key_of(uid), 0, false});
    chain = mock<chain_reader_actor>(
      [this](atom::view) {
        chain_view seen;
        seen.head = {block, {epoch}};
        seen.neurons = neurons;
        return seen;
      },
      [this](atom::step, uint64_t) {
        return chain_head{block, {epoch}};
      });
    events = mock<event_manager_actor>(
      [this](const publish_event& x) -> caf::result<uint64_t> {
        seen_events.push_back(x.what);
        return uint64_t{seen_events.size()};
      },
      [](const subscribe_events&) { return atom::done_v; },
      [](atom::unban, const std::string&) { return atom::done_v; },
      [](const event_query&) { return event_list{}; },
      [](atom::view) { return event_statistics{}; },
      [](atom::drain, uint64_t) { return events_drained{}; }, [](atom::due, uint64_t) {});
  }

  static hotkey key_of(uint16_t uid) { return {"miner-" + std::to_string(uid)}; }

  std::function<int64_t()> clock() {
    return [this] { return now_us; };
  }

  sports_intake_actor make_intake() {
    sports_intake_config config;
    config.rules = rules;
    config.stepped = true;
    config.has_feed = has_feed;
    config.now_us = clock();
    auto made = keep(
      spawn_sports_intake(sys, std::move(config),
                          {disk, writer ? writer : storage_writer, chain, seen, events,
                           [this](std::span<const sports_game> games) { sent += games.size(); }}));
    settle();
    return made;
  }

  sports_scoring_actor make_scoring(const sports_intake_actor& intake) {
    auto made
      = keep(spawn_sports_scoring(sys, rules, {disk, storage_writer, chain, intake, seen, events}));
    settle();
    return made;
  }

  // ---- games and picks --------------------------------------------------------------------------

  /// Begins `hours` after the test; even odds of 2, no draw.
  static game_update game_at(const std::string& id, int64_t hours) {
    game_update x;
    x.external_id = id;
    x.team_a = "A of " + id;
    x.team_b = "B of " + id;
    x.sport = "soccer";
    x.league = "first";
    x.start_us = sports_start_us + hours * sports_hour_us;
    x.team_a_odds = 2 * nano_one;
    x.team_b_odds = 2 * nano_one;
    return x;
  }

  static game_update decided(game_update x, game_outcome outcome) {
    x.outcome = outcome;
    return x;
  }

  /// What a miner that knows the game claims.
  prediction_claim claim(const std::string& id, uint16_t uid, const game_update& x,
                         game_outcome outcome, int64_t dollars) const {
    sports_game game;
    game.external_id = x.external_id;
    game.team_a = x.team_a;
    game.team_b = x.team_b;
    game.team_a_odds = x.team_a_odds;
    game.team_b_odds = x.team_b_odds;
    return claim_of_pick({id, outcome, dollars * nano_one, "test", {}}, game, {uid}, now_us);
  }

  std::vector<prediction_answer>
  submit(const sports_intake_actor& intake, uint16_t uid, std::vector<prediction_claim> claims) {
    return ask<std::vector<prediction_answer>>(
      intake, sports_submission{key_of(uid), prediction_way::websocket, now_us, std::move(claims)});
  }

  prediction_answer
  submit_one(const sports_intake_actor& intake, uint16_t uid, prediction_claim one) {
    const auto all = submit(intake, uid, {std::move(one)});
    EXPECT_EQ(all.size(), 1U);
    return all.empty() ? prediction_answer{} : all.front();
  }

  // ---- what was published -----------------------------------------------------------------------

  size_t count_of(std::string_view type) const {
    return static_cast<size_t>(
      std::ranges::count(seen_events, type, [](const event_record& x) { return x.type; }));
  }

  template <class T>
  std::vector<T> events_of(event_topic<T> topic) const {
    std::vector<T> made;
    for (const auto& x : seen_events)
      if (const auto* data = data_of(x, topic))
        made.push_back(*data);
    return made;
  }

  sports_settings rules;
  bool has_feed = false;
  int64_t now_us = sports_start_us;
  uint64_t block = 100;
  uint64_t epoch = 1;
  std::vector<neuron> neurons;
  std::vector<event_record> seen_events;
  size_t sent = 0; // games, to whoever is connected
  std::shared_ptr<storage::data_dir> disk = open_disk();
  std::shared_ptr<sports_public_view> seen = std::make_shared<sports_public_view>();
  storage_writer_actor storage_writer = keep(spawn_storage_writer(sys, {disk, false}));
  storage_writer_actor writer; // null: the real one
  chain_reader_actor chain;
  event_manager_actor events;
};

} // namespace sluice::test
