#include "actors/liquidity/miner.hpp"
#include "actors/liquidity/round.hpp"
#include "net/liquidity/miner_bodies.hpp"
#include "rules/limits.hpp"
#include "rules/liquidity/score.hpp"
#include "sim/evaluate/baseline.hpp"
#include "tests/support/actor_hunt.hpp"
#include "tests/support/round_world.hpp"

namespace sluice::test {
namespace {

TEST_F(round_test, every_way_to_take_part_has_its_verdict) {
  join(1, "wide");
  join(2, "refuser");
  join(3, "silent");
  join(4, "crasher");
  join(5, "garbage");
  join(6, "hold");
  join(7, miner_actor{});
  const auto done = play(config());
  std::map<uint16_t, std::pair<miner_verdict, std::string>> found;
  for (const auto& x : done.results)
    found[x.uid.value] = {x.verdict, x.note};
  using enum miner_verdict;
  EXPECT_EQ(found[1], std::pair(scored, std::string{}));
  EXPECT_EQ(found[2].first, refused);
  EXPECT_EQ(found[2].second, "refused: not quoting this pair today");
  EXPECT_EQ(found[3], std::pair(failed, std::string{"no answer"}));
  EXPECT_EQ(found[4], std::pair(failed, std::string{"the miner is down"}));
  EXPECT_EQ(found[5].first, failed); // not one valid answer
  EXPECT_TRUE(found[5].second.starts_with("invalid: ")) << found[5].second;
  EXPECT_EQ(found[6], std::pair(scored, std::string{}));
  EXPECT_EQ(found[7], std::pair(failed, std::string{"it was away at block 28"}));
  std::set<uint16_t> ranked;
  for (auto uid : done.ranking)
    ranked.insert(uid.value);
  EXPECT_EQ(ranked, (std::set<uint16_t>{1, 6}));
  ASSERT_EQ(done.predictions.size(), 7U);
  for (size_t i = 0; i < 7; ++i) {
    EXPECT_EQ(done.predictions[i].uid, done.results[i].uid);
    EXPECT_EQ(done.predictions[i].outcome.has_value(), done.results[i].verdict == scored);
    EXPECT_EQ(done.results[i].verdict != scored && done.results[i].score != 0, false);
  }
  EXPECT_EQ(done.predictions[1].refusal, "not quoting this pair today");
  EXPECT_EQ(done.results[4].invalid, 3U);              // one per question
  EXPECT_EQ(done.predictions[6].questions.size(), 0U); // it was never asked
  EXPECT_EQ(done.asked, 1U + 5 * 3);                   // the refuser once
  // Who failed gets what keeping the vault's plan was worth, and nothing for it.
  EXPECT_EQ(done.results[1].entered, std::nullopt);
  EXPECT_EQ(done.results[5].entered, done.results[5].score);
  for (const size_t i : {2, 3, 4, 6})
    EXPECT_EQ(done.results[i].entered, std::min(0.0, done.results[5].score)) << i;
}

TEST_F(round_test, silence_keeps_the_plan_that_was_asked_for_before) {
  diary book;
  const auto mute = mock<miner_actor>(
    [&book, this, asked = 0](const miner_question& q) mutable -> caf::result<miner_answer> {
      const auto query = query_in(q);
      book.asked.push_back(query);
      if (asked++ > 0)
        return caf::make_error(ec::unreachable, std::string{"gone"});
      return answering_with(accept(around(query.tick)));
    },
    on_any_notice(), [](atom::fence) { return atom::done_v; });
  join(1, mute);
  const auto done = play(config());
  EXPECT_EQ(book.asked.size(), 3U); // asked on and on
  const auto& record = done.predictions[0];
  EXPECT_EQ(record.verdict, miner_verdict::scored);
  EXPECT_EQ(record.what.opening, around(book.asked[0].tick));
  EXPECT_TRUE(record.what.rebalances.empty());
  using enum answer_result;
  EXPECT_EQ(record.questions,
            (std::vector<asked_question>{{19, accepted}, {24, silent}, {28, silent}}));
  const auto direct
    = evaluate(*until(29), record.what, job.model, job.positions_max, round_options(job));
  EXPECT_EQ(done.results[0].score, score(direct->metrics, job.scoring));
}

TEST_F(round_test, with_a_baseline_the_difference_from_the_kept_vault_enters) {
  job.scoring.baseline = score_baseline::kept;
  job.start_positions = {{-887'270, 887'270, 1'000'000'000'000}};
  join(1, "wide");
  join(2, "hold");
  join(3, "silent");
  const auto done = play(config());
  const auto kept = evaluate(*until(29), {job.start, job.start_positions, {}, {}, false}, job.model,
                             job.positions_max, round_options(job));
  const auto baseline = score(kept->metrics, job.scoring);
  ASSERT_NE(baseline, 0);
  EXPECT_EQ(done.predictions[0].baseline, baseline);
  EXPECT_EQ(done.results[0].entered, done.results[0].score - baseline);
  EXPECT_EQ(done.results[1].score, baseline);
  EXPECT_EQ(done.results[1].entered, 0);
  EXPECT_EQ(done.results[2].entered, 0);
}

TEST_F(round_test, what_a_miners_own_live_plan_minted_is_not_in_its_baseline) {
  job.scoring.baseline = score_baseline::kept;
  job.start_positions = {{-887'270, 887'270, 1'000'000'000'000}};
  join(1, "hold");
  join(2, "hold");
  auto with = config();
  with.owners = {{"key-2"}};
  const auto done = play(with);
  EXPECT_EQ(done.results[0].entered, 0);
  EXPECT_EQ(done.results[1].score, done.results[0].score);
  const auto kept = plan{job.start, job.start_positions, {}, {}, false};
  const auto without = evaluate(
    *until(29), baseline_plan(kept, with.owners, {"key-2"}, until(29)->start.sqrt_price_x96),
    job.model, job.positions_max, round_options(job));
  const auto baseline = score(without->metrics, job.scoring);
  EXPECT_EQ(done.predictions[1].baseline, baseline);
  EXPECT_EQ(done.results[1].entered, entered_value(done.results[1].score, baseline, job.scoring));
}

TEST_F(round_test, who_sent_something_invalid_is_scored_and_does_not_win) {
  diary book;
  join(1, writer(book, [this](const rebalance_query& q) {
         auto desired = around(q.tick);
         if (q.block_number == 24)
           std::swap(desired[0].tick_lower, desired[0].tick_upper);
         return accept(q.block_number == 24 ? desired : std::vector<desired_position>{});
       }));
  auto with = config();
  with.combined_before = {{{"key-1"}, 1}}; // it would win the tie
  join(2, "hold");
  const auto both = play(with);
  EXPECT_EQ(both.ranking, (std::vector<miner_uid>{{2}, {1}}));
  EXPECT_EQ(both.winner, miner_uid{2});
  links.miners.pop_back();
  const auto alone = play(with);
  EXPECT_EQ(alone.ranking, std::vector{miner_uid{1}});
  EXPECT_EQ(alone.winner, std::nullopt);
}

TEST_F(round_test, an_answer_takes_effect_at_the_block_of_its_question) {
  diary book;
  join(1, writer(book, [this](const rebalance_query& q) { return accept(around(q.tick)); }));
  const auto done = play(config());
  ASSERT_EQ(book.asked.size(), 3U);
  EXPECT_EQ(book.asked[0].block_number, 19U);
  EXPECT_EQ(book.asked[1].block_number, 24U);
  EXPECT_EQ(book.asked[2].block_number, 28U);
  const auto& what = done.predictions[0].what;
  EXPECT_EQ(what.start, job.start);
  EXPECT_EQ(what.opening, around(book.asked[0].tick));
  ASSERT_EQ(what.rebalances.size(), 2U);
  EXPECT_EQ(what.rebalances[0], (rebalance{24, around(book.asked[1].tick)}));
  EXPECT_EQ(what.rebalances[1], (rebalance{28, around(book.asked[2].tick)}));
  const auto direct = evaluate(*until(29), what, job.model, job.positions_max, round_options(job));
  ASSERT_TRUE(direct);
  EXPECT_EQ(done.predictions[0].outcome, *direct);
  EXPECT_EQ(done.results[0].score, score(direct->metrics, job.scoring));
}

TEST_F(round_test, a_question_states_where_the_market_and_the_miner_stand) {
  diary book;
  join(1, writer(book, [this](const rebalance_query& q) {
         return accept(q.block_number == 19 ? around(q.tick) : std::vector<desired_position>{});
       }));
  play(config());
  ASSERT_EQ(book.asked.size(), 3U);
  const auto& opening = book.asked[0];
  EXPECT_EQ(opening.tick, until(19)->start.tick);
  EXPECT_EQ(opening.sqrt_price_x96, until(19)->start.sqrt_price_x96);
  EXPECT_NEAR(opening.current_price, 3000, 150);
  EXPECT_EQ(opening.inventory_remaining, job.start);
  EXPECT_TRUE(opening.current_positions.empty());
  EXPECT_EQ(opening.rebalances_so_far, 0U);
  EXPECT_EQ(opening.deadline_ms, job.reply_timeout_ms);
  EXPECT_EQ(opening.terms, job.terms);
  EXPECT_EQ(opening.round, config().id);
  const auto& second = book.asked[1];
  EXPECT_EQ(second.tick, until(24)->blocks.back()->tick);
  ASSERT_EQ(second.current_positions.size(), 1U); // its own, from the opening
  EXPECT_EQ(second.rebalances_so_far, 1U);
  EXPECT_LT(second.inventory_remaining.amount0, job.start.amount0);
  const auto& third = book.asked[2];
  EXPECT_TRUE(third.current_positions.empty()); // burned after 24
  EXPECT_EQ(third.rebalances_so_far, 2U);
}

TEST_F(round_test, an_invalid_proposal_is_reported_and_changes_nothing) {
  diary book;
  join(1, writer(book, [this](const rebalance_query& q) {
         auto desired = around(q.tick);
         if (q.block_number == 24)
           std::swap(desired[0].tick_lower, desired[0].tick_upper);
         return accept(desired);
       }));
  const auto done = play(config());
  ASSERT_EQ(book.notices.size(), 1U);
  EXPECT_EQ(book.notices[0].round, config().id);
  EXPECT_EQ(book.notices[0].block, 24U);
  EXPECT_NE(book.notices[0].reason, "");
  const auto& record = done.predictions[0];
  EXPECT_EQ(record.invalid, (std::vector<answer_note>{{24, book.notices[0].reason}}));
  ASSERT_EQ(record.what.rebalances.size(), 1U);
  EXPECT_EQ(record.what.rebalances[0].block, 28U);
  EXPECT_EQ(done.results[0].invalid, 1U);
  EXPECT_EQ(done.results[0].verdict, miner_verdict::scored);
  ASSERT_EQ(book.asked.size(), 3U); // and it is asked again
  EXPECT_EQ(book.asked[2].current_positions.size(), 1U);
}

TEST_F(round_test, a_reply_beyond_its_bounds_is_not_decoded) {
  auto wordy = accept({});
  wordy.refusal_reason.assign(limits::refusal_bytes_max + 1, '!');
  auto loud = accept({});
  loud.model_info.assign(limits::metadata_bytes_max + 1, '!');
  auto unsure = accept({{-10, 10, u256{5U}, u256{5U}, std::numeric_limits<double>::quiet_NaN()}});
  auto at_the_bound = accept({});
  at_the_bound.model_info.assign(limits::metadata_bytes_max, '!');
  std::deque<diary> books(4);
  uint16_t uid = 0;
  for (const auto& reply : {wordy, loud, unsure, at_the_bound}) {
    auto& book = books[uid];
    join(++uid, writer(book, [reply](const rebalance_query&) { return reply; }));
  }
  const auto done = play(config());
  for (size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(done.results[i].verdict, miner_verdict::failed);
    EXPECT_TRUE(done.results[i].note.starts_with("undecodable reply: ")) << done.results[i].note;
    EXPECT_FALSE(done.predictions[i].accepted);
  }
  EXPECT_EQ(done.results[3].verdict, miner_verdict::scored);
}

TEST_F(round_test, an_answer_that_is_text_is_read_and_one_that_cannot_be_has_failed) {
  const auto raw_answer = [&](std::string text) {
    return mock<miner_actor>(
      [text](const miner_question&) { return miner_answer{miner_body{text}}; }, on_any_notice(),
      [](atom::fence) { return atom::done_v; });
  };
  join(1, raw_answer(R"({"accepted":true,"desired_positions":[]})"));
  join(2, raw_answer(R"({"accepted":false,"refusal_reason":"too early"})"));
  join(3, raw_answer(R"({"accepted":"yes"})"));
  const auto done = play(config());
  EXPECT_EQ(done.results[0].verdict, miner_verdict::scored);
  EXPECT_EQ(done.results[1].verdict, miner_verdict::refused);
  EXPECT_EQ(done.results[1].note, "refused: too early");
  EXPECT_EQ(done.predictions[1].refusal, "too early");
  EXPECT_EQ(done.results[2].verdict, miner_verdict::failed);
  EXPECT_EQ(done.results[2].note,
            "undecodable reply: answer: body.accepted: expected true or false, got \"yes\"");
}

TEST_F(round_test, who_refuses_in_the_middle_keeps_its_plan_and_is_not_asked_again) {
  diary book;
  join(1, writer(book, [this](const rebalance_query& q) {
         auto reply = accept(around(q.tick));
         reply.accepted = q.block_number != 24;
         reply.refusal_reason = reply.accepted ? "" : "enough";
         return reply;
       }));
  join(2, "wide");
  const auto done = play(config());
  EXPECT_EQ(book.asked.size(), 2U);
  EXPECT_EQ(done.results[0].verdict, miner_verdict::scored);
  EXPECT_EQ(done.results[0].note, "refused at block 24, too late: its plan is kept: enough");
  EXPECT_EQ(done.predictions[0].refusal, "");
  EXPECT_EQ(done.predictions[0].what.opening, around(book.asked[0].tick));
  EXPECT_EQ(done.ranking.size(), 2U);
}

TEST_F(round_test, everybody_is_asked_before_an_answer_is_waited_for) {
  std::vector<held_promise<miner_answer>> open;
  const auto slow = [&] {
    return keep(sys.spawn([&open](miner_actor::pointer self) -> miner_actor::behavior_type {
      return {[self, &open](const miner_question&) {
                open.emplace_back(self);
                return open.back().promise();
              },
              on_any_notice(), [](atom::fence) { return atom::done_v; }};
    }));
  };
  for (uint16_t uid = 1; uid <= 5; ++uid)
    join(uid, slow());
  auto with = config();
  with.stepped = false;
  const auto round = keep(spawn_round(sys, with, links));
  question<atom::done> asked{sys, round, checkpoint_call{19, true, until(19)}};
  settle();
  EXPECT_EQ(open.size(), 5U);
  for (size_t i = 0; i < 5; ++i) {
    EXPECT_FALSE(asked.answered());
    open[i].deliver(answering_with(accept({})));
    settle();
  }
  EXPECT_TRUE(asked.answered());
  open.clear();
}

/// A list of who is there, for the next question.
std::shared_ptr<const std::vector<roster_entry>> there(std::vector<roster_entry> all) {
  return std::make_shared<const std::vector<roster_entry>>(std::move(all));
}

TEST_F(round_test, who_connects_for_the_first_time_waits_for_the_next_round) {
  diary early, late;
  const auto hold = [](const rebalance_query&) { return accept({}); };
  join(1, writer(early, hold));
  links.miners.push_back({{2}, {"key-2"}, "", {}, false}); // was never connected
  const auto round = keep(spawn_round(sys, config(), links));
  ask<atom::done>(round, checkpoint_call{19, true, until(19)});
  EXPECT_EQ(early.asked.size(), 1U);
  auto now = links.miners;
  now[1].handle = writer(late, hold);
  now[1].seen = true;
  ask<atom::done>(round, checkpoint_call{24, false, until(24), there(now)});
  ask<atom::done>(round, checkpoint_call{28, false, until(28), there(now)});
  const auto done = ask<round_outcome>(round, atom::closing_v, until(29));
  EXPECT_EQ(late.asked.size(), 0U);
  EXPECT_EQ(done.results.size(), 1U);
}

TEST_F(round_test, who_was_away_at_the_opening_is_asked_later_and_cannot_refuse) {
  diary late;
  links.miners.push_back({{2}, {"key-2"}, "", {}, true});
  const auto round = keep(spawn_round(sys, config(), links));
  ask<atom::done>(round, checkpoint_call{19, true, until(19)});
  auto now = links.miners;
  now[0].handle = writer(late, [](const rebalance_query&) {
    rebalance_reply reply;
    reply.refusal_reason = "not today";
    return reply;
  });
  ask<atom::done>(round, checkpoint_call{24, false, until(24), there(now)});
  ask<atom::done>(round, checkpoint_call{28, false, until(28), there(now)});
  const auto done = ask<round_outcome>(round, atom::closing_v, until(29));
  EXPECT_EQ(late.asked.size(), 1U); // a refusal ends its questions
  EXPECT_EQ(done.results[0].verdict, miner_verdict::failed);
  EXPECT_TRUE(done.results[0].entered);
  EXPECT_EQ(done.asked, 1U);
}

TEST_F(round_test, who_comes_back_between_two_questions_is_asked_by_the_new_handle) {
  diary before, after;
  const auto hold = [](const rebalance_query&) { return accept({}); };
  const auto old_handle = writer(before, hold);
  join(1, old_handle);
  const auto round = keep(spawn_round(sys, config(), links));
  ask<atom::done>(round, checkpoint_call{19, true, until(19)});
  kill(old_handle);
  auto now = links.miners;
  now[0].handle = writer(after, hold);
  ask<atom::done>(round, checkpoint_call{24, false, until(24), there(now)});
  EXPECT_EQ(before.asked.size(), 1U);
  EXPECT_EQ(after.asked.size(), 1U);
  const auto done = ask<round_outcome>(round, atom::closing_v, until(29));
  EXPECT_EQ(done.results[0].verdict, miner_verdict::scored);
}

TEST_F(round_test, who_was_sent_away_is_not_asked_again) {
  diary banned, stays;
  const auto hold = [](const rebalance_query&) { return accept({}); };
  join(1, writer(banned, hold));
  join(2, writer(stays, hold));
  const auto round = keep(spawn_round(sys, config(), links));
  ask<atom::done>(round, checkpoint_call{19, true, until(19)});
  const auto left = there({links.miners[1]});
  ask<atom::done>(round, checkpoint_call{24, false, until(24), left});
  EXPECT_EQ(banned.asked.size(), 1U);
  EXPECT_EQ(stays.asked.size(), 2U);
  const auto done = ask<round_outcome>(round, atom::closing_v, until(29));
  EXPECT_EQ(done.results[0].verdict, miner_verdict::scored); // its plan is kept
  EXPECT_EQ(done.results[0].note, "it was away at block 24");
}

TEST_F(round_test, a_slot_that_changed_hands_is_another_miner) {
  diary old_book, new_book;
  const auto hold = [](const rebalance_query&) { return accept({}); };
  join(1, writer(old_book, hold));
  const auto round = keep(spawn_round(sys, config(), links));
  ask<atom::done>(round, checkpoint_call{19, true, until(19)});
  const auto now = there({{{1}, {"another"}, "", writer(new_book, hold)}});
  ask<atom::done>(round, checkpoint_call{24, false, until(24), now});
  EXPECT_EQ(old_book.asked.size(), 1U);
  EXPECT_TRUE(new_book.asked.empty());
}

TEST_F(round_test, equal_scores_go_to_the_better_record_then_to_the_lower_uid) {
  for (uint16_t uid : {4, 2, 3})
    join(uid, "hold");
  auto with = config();
  EXPECT_EQ(play(with).ranking, (std::vector<miner_uid>{{2}, {3}, {4}}));
  with.combined_before = {{{"key-4"}, 0.5}, {{"key-2"}, -0.1}};
  EXPECT_EQ(play(with).ranking, (std::vector<miner_uid>{{4}, {3}, {2}}));
  with.incumbent = {"key-2"};
  EXPECT_EQ(play(with).ranking, (std::vector<miner_uid>{{2}, {4}, {3}}));
}

TEST_F(round_test, fails_when_nobody_can_simulate) {
  links.simulators = mock<simulator_actor>([](const simulation&) -> caf::result<simulation_result> {
    return caf::make_error(ec::unreachable, std::string{"no simulator"});
  });
  join(1, "wide");
  const auto round = keep(spawn_round(sys, config(), links));
  question<atom::done> asked{sys, round, checkpoint_call{19, true, until(19)}};
  settle();
  EXPECT_FALSE(asked.answered()); // whoever watches it sees it fail
  (void)ask_error<atom::done>(round, checkpoint_call{24, false, until(24)}); // it is gone
}

TEST_F(round_test, fails_when_a_session_fails_that_has_not_answered) {
  const auto handle
    = mock<miner_actor>(on_question([](const rebalance_query&) { return rebalance_reply{}; }),
                        on_any_notice(), [](atom::fence) { return atom::done_v; });
  join(1, handle);
  const auto round = keep(spawn_round(sys, config(), links));
  settle(); // every session is spawned
  question<atom::done> asked{sys, round, checkpoint_call{19, true, until(19)}};
  actor_hunt hunt{sched};
  for (hunt.look(); sched.try_run_once(); hunt.look())
    if (sched.prioritize(handle)) // the session has passed the question on
      break;
  ASSERT_TRUE(hunt.kill("miner_session"));
  settle();
  EXPECT_FALSE(asked.answered());
  (void)ask_error<atom::done>(round, checkpoint_call{24, false, until(24)}); // it is gone
}

TEST_F(round_test, without_miners_it_is_over_at_once) {
  const auto done = play(config());
  EXPECT_TRUE(done.results.empty());
  EXPECT_TRUE(done.ranking.empty());
}

} // namespace
} // namespace sluice::test
