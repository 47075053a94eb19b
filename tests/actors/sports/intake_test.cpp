#include "actors/sports/intake.hpp"
#include "rules/sports/events.hpp"
#include "storage/sports/recall.hpp"
#include "storage/sports/writer.hpp"
#include "tests/support/sports_world.hpp"

namespace sluice::test {
namespace {

namespace tables = storage::tables;
using code = prediction_code;

class sports_intake_test : public sports_test {
protected:
  sports_games_taken give(std::vector<game_update> games) {
    return ask<sports_games_taken>(intake, sports_game_batch{now_us, std::move(games)});
  }

  /// received = accepted + refused (D3b).
  void expect_balanced_counts() {
    const auto status = ask<sports_intake_status>(intake, atom::view_v);
    int64_t answered = 0;
    for (const auto& [name, value] : status.numbers)
      if (name.starts_with("answer_"))
        answered += value;
    const auto received = status.numbers.find(tables::sports_received_key);
    EXPECT_EQ(received == status.numbers.end() ? 0 : received->second, answered);
  }

  game_update first = game_at("g1", 10);
  game_update second = game_at("g2", 34);
  sports_intake_actor intake = make_intake();
};

TEST_F(sports_intake_test, stores_a_prediction_before_it_answers) {
  give({first});
  const auto answer = submit_one(intake, 1, claim("p1", 1, first, game_outcome::team_a, 100));
  EXPECT_EQ(answer.code, code::accepted) << answer.message;
  EXPECT_EQ(answer.outcome, game_outcome::team_a);
  const auto row = tables::sports_predictions.get(*disk, 1);
  ASSERT_TRUE(row);
  EXPECT_EQ(row->prediction_id, "p1");
  EXPECT_EQ(row->received_us, sports_start_us);
  EXPECT_EQ(row->wager, 100 * nano_one);
  EXPECT_EQ(tables::sports_prediction_ids.get(*disk, "p1")->number, 1U);
  ASSERT_EQ(events_of(sports_topics::prediction_received).size(), 1U);
  ASSERT_EQ(events_of(sports_topics::prediction_accepted).size(), 1U);
  const auto event = events_of(sports_topics::prediction_accepted).front();
  EXPECT_EQ(event.hotkey, "miner-1");
  EXPECT_EQ(event.wager, "100");
  EXPECT_EQ(event.timestamp, 1'767'225'600.0);
  EXPECT_EQ(count_of("prediction_rejected"), 0U);
  expect_balanced_counts();
}

TEST_F(sports_intake_test, refuses_with_the_code_of_the_first_check_that_fails) {
  give({first});
  auto stranger = claim("p1", 9, first, game_outcome::team_a, 1);
  EXPECT_EQ(submit_one(intake, 9, stranger).code, code::unknown_hotkey);
  EXPECT_EQ(submit_one(intake, 2, claim("p1", 1, first, game_outcome::team_a, 1)).code,
            code::uid_mismatch);
  EXPECT_EQ(submit_one(intake, 1, claim("p1", 1, second, game_outcome::team_a, 1)).code,
            code::game_not_found);
  now_us = first.start_us;
  const auto late = submit_one(intake, 1, claim("p1", 1, first, game_outcome::team_a, 1));
  EXPECT_EQ(late.code, code::game_started);
  const auto events = events_of(sports_topics::prediction_rejected);
  ASSERT_EQ(events.size(), 4U);
  EXPECT_EQ(events.back().code, "game_started");
  EXPECT_EQ(events.back().message, late.message);
  EXPECT_EQ(count_of("prediction_received"), 4U);
  EXPECT_FALSE(*tables::sports_predictions.last(*disk));
  expect_balanced_counts();
}

/// Each with those before it in the book, though all are written together.
TEST_F(sports_intake_test, keeps_the_daily_limit_within_one_batch) {
  give({first});
  const auto answers = submit(intake, 1,
                              {claim("p1", 1, first, game_outcome::team_a, 600),
                               claim("p2", 1, first, game_outcome::team_b, 600),
                               claim("p3", 1, first, game_outcome::team_b, 400),
                               claim("p4", 1, first, game_outcome::team_b, 1)});
  ASSERT_EQ(answers.size(), 4U);
  EXPECT_EQ(answers[0].code, code::accepted);
  EXPECT_EQ(answers[1].code, code::daily_limit_exceeded);
  EXPECT_EQ(answers[2].code, code::accepted) << "1000 is allowed";
  EXPECT_EQ(answers[3].code, code::daily_limit_exceeded);
  now_us += 24 * sports_hour_us;
  give({second});
  EXPECT_EQ(submit_one(intake, 1, claim("p5", 1, second, game_outcome::team_a, 1000)).code,
            code::accepted)
    << "another day";
}

TEST_F(sports_intake_test, confirms_what_it_has_when_it_is_sent_again) {
  give({first});
  const auto one = claim("p1", 1, first, game_outcome::team_a, 100);
  submit_one(intake, 1, one);
  kill(intake);
  intake = make_intake(); // from the disk
  const auto again = submit_one(intake, 1, one);
  EXPECT_EQ(again.code, code::duplicate_prediction);
  EXPECT_TRUE(again.same);
  EXPECT_EQ(count_of("prediction_rejected"), 0U) << "it is no refusal";
  const auto other = submit_one(intake, 1, claim("p1", 1, first, game_outcome::team_b, 100));
  EXPECT_EQ(other.code, code::duplicate_prediction);
  EXPECT_FALSE(other.same);
  EXPECT_EQ((*tables::sports_predictions.last(*disk))->first, 1U);
  expect_balanced_counts();
}

TEST_F(sports_intake_test, settles_once_with_the_first_outcome) {
  give({first});
  submit(intake, 1,
         {claim("p1", 1, first, game_outcome::team_a, 100),
          claim("p2", 1, first, game_outcome::team_b, 50)});
  now_us = first.start_us + 2 * sports_hour_us;
  const auto taken = give({decided(first, game_outcome::team_a)});
  EXPECT_EQ(taken.changed, 1U);
  EXPECT_EQ(taken.won, 1U);
  EXPECT_EQ(taken.lost, 1U);
  const auto again = give({decided(first, game_outcome::team_b)});
  EXPECT_EQ(again.won + again.lost, 0U) << "the first outcome stands";
  const auto settled = ask<sports_settled>(intake, sports_settle_call{now_us + sports_hour_us});
  EXPECT_EQ(settled, sports_settled{});
  const auto won = tables::sports_predictions.get(*disk, 1);
  EXPECT_EQ(won->state, prediction_state::won);
  EXPECT_EQ(won->payout, 200 * nano_one);
  EXPECT_EQ(won->settled_us, now_us);
  EXPECT_EQ(tables::sports_predictions.get(*disk, 2)->payout, 0);
  const auto events = events_of(sports_topics::prediction_settled);
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[0].state, "won");
  EXPECT_EQ(events[0].payout, "200");
}

TEST_F(sports_intake_test, gives_the_wager_back_when_a_game_stays_undecided) {
  give({first});
  submit_one(intake, 1, claim("p1", 1, first, game_outcome::team_a, 100));
  const auto at_limit = first.start_us + 24 * sports_hour_us;
  EXPECT_EQ(ask<sports_settled>(intake, sports_settle_call{at_limit}).voided, 0U);
  EXPECT_EQ(ask<sports_settled>(intake, sports_settle_call{at_limit + 1}).voided, 1U);
  EXPECT_EQ(ask<sports_settled>(intake, sports_settle_call{at_limit + 2}).voided, 0U);
  const auto row = tables::sports_predictions.get(*disk, 1);
  EXPECT_EQ(row->state, prediction_state::void_);
  EXPECT_EQ(row->payout, 100 * nano_one);
  EXPECT_EQ(tables::sports_games.get(*disk, "g1")->state, game_state::void_);
}

TEST_F(sports_intake_test, tells_who_is_connected_which_games_changed) {
  EXPECT_EQ(give({first, second}).added, 2U);
  EXPECT_EQ(sent, 2U);
  EXPECT_EQ(seen->games({0, ""}).size(), 2U);
  EXPECT_EQ(give({first, second}).unchanged, 2U);
  EXPECT_EQ(sent, 2U) << "nothing new";
  auto moved = first;
  moved.team_a_odds = 2'100'000'000;
  now_us += sports_hour_us;
  EXPECT_EQ(give({moved}).changed, 1U);
  const auto events = events_of(sports_topics::game_updated);
  ASSERT_GE(events.size(), 3U);
  EXPECT_TRUE(events[0].added);
  EXPECT_FALSE(events.back().added);
  EXPECT_EQ(events.back().external_id, "g1");
  EXPECT_EQ(events_of(sports_topics::games_updated).front(),
            (games_updated_event{"soccer", 2, 1'767'225'600.0}));
}

TEST_F(sports_intake_test, refuses_predictions_when_the_feed_is_silent_for_too_long) {
  has_feed = true;
  kill(intake);
  intake = make_intake();
  give({first});
  now_us += sports_hour_us; // odds_stale_s
  EXPECT_EQ(submit_one(intake, 1, claim("p1", 1, first, game_outcome::team_a, 1)).code,
            code::accepted);
  now_us += 1;
  EXPECT_EQ(submit_one(intake, 1, claim("p2", 1, first, game_outcome::team_a, 1)).code,
            code::stale_odds);
  kill(intake);
  intake = make_intake();
  EXPECT_EQ(submit_one(intake, 1, claim("p2", 1, first, game_outcome::team_a, 1)).code,
            code::stale_odds)
    << "its last word is on the disk";
  give({}); // nothing new is a word as well
  EXPECT_EQ(submit_one(intake, 1, claim("p2", 1, first, game_outcome::team_a, 1)).code,
            code::accepted);
}

TEST_F(sports_intake_test, answers_with_an_error_when_nothing_can_be_stored) {
  give({first});
  kill(intake);
  size_t tries = 0;
  writer = mock<storage_writer_actor>(
    [&tries](const storage::batch&) -> caf::result<atom::done> {
      ++tries;
      return caf::make_error(ec::storage_full, "the disk is full");
    },
    [](const incarnation_batch&) { return atom::done_v; },
    [](atom::fence, const std::string&) -> uint64_t { return 1; }, [](atom::flush) {});
  intake = make_intake();
  const auto one = claim("p1", 1, first, game_outcome::team_a, 1000);
  question<std::vector<prediction_answer>> asked{
    sys, intake, sports_submission{key_of(1), prediction_way::http, now_us, {one}}};
  settle();
  EXPECT_FALSE(asked.answered()) << "it tries again";
  advance(std::chrono::seconds(1));
  ASSERT_TRUE(asked.answered());
  EXPECT_EQ(tries, sports_write_tries);
  ASSERT_TRUE(asked.look());
  EXPECT_EQ(asked.look()->front().code, code::storage_error);
  EXPECT_EQ(asked.look()->front().prediction_id, "p1");
  EXPECT_NE(asked.look()->front().message.find("the disk is full"), std::string::npos);
  EXPECT_EQ(count_of("prediction_accepted"), 0U);
  kill(intake);
  writer = storage_writer_actor{};
  intake = make_intake();
  EXPECT_EQ(submit_one(intake, 1, one).code, code::accepted) << "nothing of it had been counted";
}

/// The same intake goes on when the disk is well again.
TEST_F(sports_intake_test, takes_back_what_could_not_be_stored) {
  give({first});
  kill(intake);
  bool is_broken = true;
  writer = mock<storage_writer_actor>(
    [this, &is_broken](const storage::batch& writes) -> caf::result<atom::done> {
      if (is_broken)
        return caf::make_error(ec::storage_full, "the disk is full");
      EXPECT_TRUE(disk->commit(writes));
      return atom::done_v;
    },
    [](const incarnation_batch&) { return atom::done_v; },
    [](atom::fence, const std::string&) -> uint64_t { return 1; }, [](atom::flush) {});
  intake = make_intake();
  question<std::vector<prediction_answer>> asked{
    sys, intake,
    sports_submission{key_of(1),
                      prediction_way::http,
                      now_us,
                      {claim("p1", 1, first, game_outcome::team_a, 1000)}}};
  advance(std::chrono::seconds(1));
  ASSERT_TRUE(asked.answered());
  is_broken = false;
  const auto answer = submit_one(intake, 1, claim("p2", 1, first, game_outcome::team_b, 1000));
  EXPECT_EQ(answer.code, code::accepted) << answer.message;
  EXPECT_EQ(tables::sports_predictions.get(*disk, 1)->prediction_id, "p2");
  expect_balanced_counts();
}

TEST_F(sports_intake_test, shows_who_comes_and_goes) {
  caf::anon_send(intake, sports_presence{"connected", key_of(1), {1}, 5, "", now_us});
  caf::anon_send(intake, sports_presence{"reconnected", key_of(1), {1}, 6, "newer", now_us});
  caf::anon_send(intake, sports_presence{"disconnected", key_of(1), {1}, 6, "idle", now_us});
  settle();
  EXPECT_EQ(events_of(sports_topics::miner_connected).front().connection, 5U);
  EXPECT_EQ(events_of(sports_topics::miner_updated).front().update_type, "reconnected");
  EXPECT_EQ(events_of(sports_topics::miner_disconnected).front().reason, "idle");
}

TEST_F(sports_intake_test, follows_the_metagraph) {
  EXPECT_EQ(seen->registered(key_of(4)), miner_uid{4});
  neurons.pop_back();
  neurons.push_back({{9}, {"new"}, 0, false});
  block = 200;
  ask<sports_settled>(intake, sports_settle_call{now_us});
  EXPECT_FALSE(seen->registered(key_of(4)));
  EXPECT_EQ(seen->registered({"new"}), miner_uid{9});
  const auto events = events_of(sports_topics::metagraph_updated);
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events.front().block, 200U);
  EXPECT_EQ(events.front().num_hotkeys, 4U);
  ASSERT_EQ(events_of(sports_topics::miner_updated).size(), 2U);
  EXPECT_EQ(events_of(sports_topics::miner_updated)[0].update_type, "deregistered");
  EXPECT_EQ(events_of(sports_topics::miner_updated)[1].update_type, "registered");
}

TEST_F(sports_intake_test, keeps_nonces_and_forgets_old_ones) {
  std::optional<result<nothing>> kept;
  caf::anon_send(intake,
                 keep_sports_nonces_message{{{key_of(1), "n1", now_us}},
                                            [&kept](const result<nothing>& x) { kept = x; }});
  settle();
  ASSERT_TRUE(kept);
  EXPECT_TRUE(*kept);
  EXPECT_EQ(storage::recall_nonces(*disk, 0)->size(), 1U);
  ask<sports_settled>(intake, sports_settle_call{now_us + 300 * int64_t{1'000'000}});
  EXPECT_EQ(storage::recall_nonces(*disk, 0)->size(), 1U);
  ask<sports_settled>(intake, sports_settle_call{now_us + 301 * int64_t{1'000'000}});
  EXPECT_EQ(storage::recall_nonces(*disk, 0)->size(), 0U);
}

TEST_F(sports_intake_test, forgets_what_is_older_than_it_is_to_be_kept) {
  give({first});
  submit_one(intake, 1, claim("p1", 1, first, game_outcome::team_a, 100));
  now_us = first.start_us + sports_hour_us;
  give({decided(first, game_outcome::team_a)});
  const auto kept_us = static_cast<int64_t>(rules.keep_days) * 24 * sports_hour_us;
  EXPECT_EQ(ask<sports_settled>(intake, sports_settle_call{first.start_us + kept_us}).forgotten,
            0U);
  EXPECT_EQ(ask<sports_settled>(intake, sports_settle_call{first.start_us + kept_us + 1}).forgotten,
            1U);
  EXPECT_FALSE(*tables::sports_predictions.last(*disk));
  EXPECT_TRUE(seen->games({0, ""}).empty());
  const auto parts = ask<sports_parts>(intake, sports_parts_query{now_us, 0}).parts;
  ASSERT_TRUE(parts);
  EXPECT_EQ(parts->lifetimes.at(key_of(1)).earnings, 200 * nano_one);
}

TEST_F(sports_intake_test, refuses_what_is_beyond_its_bounds) {
  EXPECT_TRUE(ask_error<std::vector<prediction_answer>>(
    intake, sports_submission{key_of(1), prediction_way::http, now_us, {}}));
  EXPECT_TRUE(ask_error<sports_games_taken>(
    intake, sports_game_batch{now_us, std::vector<game_update>(sports_game_batch_max + 1, first)}));
}

} // namespace
} // namespace sluice::test
