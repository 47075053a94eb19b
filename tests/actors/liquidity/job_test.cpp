#include "actors/liquidity/job.hpp"
#include "tests/support/data_file.hpp"
#include "tests/support/job_world.hpp"
#include "tests/support/miner_messages.hpp"

#include <numeric>

namespace sluice::test {
namespace {

namespace tables = storage::tables;

job_config recorded(feed_kind kind, const std::string& file) {
  auto job = small_job(kind == feed_kind::bars ? "bars" : "events");
  job.feed.kind = kind;
  job.feed.files = {file};
  if (kind == feed_kind::bars) {
    job.terms = {500, 10, 6, 18};
    job.block_seconds = 60;
    job.round_seconds = 300;
    job.checkpoint_blocks = job.live_checkpoint_blocks = 2;
  }
  return job;
}

class job : public job_test {
protected:
  job_report step(const job_actor& whom, uint64_t number) {
    return ask<job_report>(whom, atom::step_v, number);
  }

  std::optional<round_record> row(const job_config& job, round_kind kind, uint64_t number) {
    return *tables::rounds.find(*disk, {job.id, kind, {number}});
  }

  /// Number of the first round, and its first block.
  std::pair<uint64_t, uint64_t> first_round(const job_config& config) {
    const auto report = step(raise_job(config), 1);
    EXPECT_EQ(report.completed, 1U) << report.note;
    if (!report.evaluation)
      return {};
    return {report.evaluation->id.number.value, report.evaluation->start_block};
  }
};

TEST_F(job, the_first_round_of_a_market_begins_after_its_initialization) {
  raise();
  EXPECT_EQ(first_round(small_job()), std::pair(uint64_t{1}, uint64_t{10}));
  auto later = small_job("later");
  later.feed.start_block = 34;
  EXPECT_EQ(first_round(later), std::pair(uint64_t{3}, uint64_t{30}));
}

TEST_F(job, the_first_round_of_a_recording_is_its_first_whole_one_with_a_price) {
  raise();
  // The pool is initialized in block 24000023, a bar stands for minute 28198081: both inside a
  // round.
  EXPECT_EQ(first_round(recorded(feed_kind::events, recording("p1.jsonl"))),
            std::pair(uint64_t{2'400'003}, uint64_t{24'000'030}));
  EXPECT_EQ(first_round(recorded(feed_kind::bars, recording("bars.csv"))),
            std::pair(uint64_t{5'639'617}, uint64_t{28'198'085}));
}

TEST_F(job, a_round_is_on_disk_before_anybody_is_asked) {
  raise({});
  const auto config = small_job();
  std::vector<std::pair<round_status, bool>> seen; // status of the row, is there a checkpoint
  const auto spy = mock<miner_actor>(
    on_question([&](const rebalance_query& query) {
      const auto stored = row(config, query.round.kind, query.round.number.value);
      const auto start = tables::checkpoints.find(*disk, {config.id, stored->start_block});
      seen.emplace_back(stored->status, start->has_value());
      rebalance_reply reply;
      reply.accepted = true;
      return reply;
    }),
    on_any_notice(), [](atom::fence) { return atom::done_v; });
  links.roster = roster_of({{{1}, {"spy"}, "spy", spy}});
  step(raise_job(config), 1);
  ASSERT_EQ(seen.size(), 3U); // opening, after 14, after 18
  for (const auto& [status, start] : seen) {
    EXPECT_EQ(status, round_status::active);
    EXPECT_TRUE(start);
  }
  EXPECT_EQ(row(config, round_kind::evaluation, 1)->status, round_status::completed);
}

TEST_F(job, reports_to_every_miner_how_a_round_ended_once_that_is_durable) {
  raise({});
  const auto config = small_job();
  std::vector<std::pair<miner_scores, round_status>> notices;
  const auto miner = [&](bool accepts) {
    return mock<miner_actor>(
      on_question([accepts](const rebalance_query&) {
        rebalance_reply reply;
        reply.accepted = accepts;
        reply.refusal_reason = accepts ? "" : "not today";
        return reply;
      }),
      on_notice([](const proposal_refused&) {},
                [&](const miner_scores& x) {
                  notices.emplace_back(x, row(config, x.round.kind, x.round.number.value)->status);
                }),
      [](atom::fence) { return atom::done_v; });
  };
  links.roster = roster_of({{{1}, {"one"}, "", miner(true)}, {{2}, {"two"}, "", miner(false)}});
  step(raise_job(config), 1);
  ASSERT_EQ(notices.size(), 2U);
  for (const auto& [notice, status] : notices) {
    EXPECT_EQ(notice.round, (round_id{config.id, round_kind::evaluation, {1}}));
    EXPECT_EQ(notice.miners, 1U);
    EXPECT_EQ(status, round_status::completed);
  }
  EXPECT_EQ(notices[0].first.verdict, miner_verdict::scored);
  EXPECT_EQ(notices[0].first.rank, 1U);
  EXPECT_EQ(notices[1].first.verdict, miner_verdict::refused);
  EXPECT_EQ(notices[1].first.rank, 0U);
  EXPECT_EQ(notices[1].first.note, "refused: not today");
}

TEST_F(job, the_winner_that_is_eligible_plays_the_next_round_live) {
  raise();
  const auto config = small_job();
  const auto whom = raise_job(config);
  const auto first = step(whom, 1);
  ASSERT_TRUE(first.evaluation);
  EXPECT_FALSE(first.live); // nobody has a record yet
  const auto second = step(whom, 2);
  ASSERT_TRUE(second.evaluation && second.live);
  EXPECT_EQ(second.evaluation->id.number, second.live->id.number);
  ASSERT_EQ(second.live->results.size(), 1U);
  EXPECT_EQ(second.live->results[0].uid, first.evaluation->winner);
  EXPECT_EQ(second.evaluation->start_block, first.evaluation->end_block + 1);
}

TEST_F(job, the_vault_goes_from_round_to_round) {
  raise();
  const auto config = small_job();
  const auto whom = raise_job(config);
  for (uint64_t n = 1; n <= 4; ++n) {
    const auto before = tables::jobs.find(*disk, config.id);
    const auto report = step(whom, n);
    const auto after = *tables::jobs.get(*disk, config.id);
    ASSERT_TRUE(report.evaluation);
    if (*before && (*before)->begun) {
      EXPECT_EQ(report.evaluation->config.start, (*before)->vault);
      EXPECT_EQ(report.evaluation->config.start_positions, (*before)->vault_positions);
    }
    if (!report.live)
      continue;
    const auto live
      = *tables::predictions.get(*disk, {report.live->id, report.live->results[0].uid});
    ASSERT_TRUE(live.outcome);
    EXPECT_EQ(after.vault_positions.size(), live.outcome->end.positions.size());
    u256 fees0 = live.outcome->end.free.amount0;
    for (const auto& x : live.outcome->end.positions)
      fees0 += x.fees0; // collected between rounds
    EXPECT_EQ(after.vault.amount0, fees0);
  }
}

TEST_F(job, a_step_that_is_done_is_answered_from_disk) {
  raise();
  const auto config = small_job();
  const auto whom = raise_job(config);
  step(whom, 1);
  const auto second = step(whom, 2);
  const auto rows = rows_of(*disk);
  const auto again = step(whom, 2);
  EXPECT_EQ(again.evaluation, second.evaluation);
  EXPECT_EQ(again.live, second.live);
  EXPECT_EQ(again.predictions, second.predictions);
  EXPECT_EQ(step(raise_job(config), 2).predictions,
            second.predictions); // by another incarnation too
  EXPECT_EQ(first_other_row(rows, rows_of(*disk)), "");
}

TEST_F(job, ends_with_its_recording) {
  raise();
  const auto config = recorded(feed_kind::events, recording("p1.jsonl"));
  auto whom = raise_job(config);
  job_report report;
  uint64_t steps = 0;
  while (!report.ended && steps < 20)
    report = step(whom, ++steps);
  EXPECT_EQ(steps, 13U);
  EXPECT_EQ(report.completed, 12U); // 24000030..24000149 in rounds of ten
  EXPECT_FALSE(report.failed);
  EXPECT_EQ(report.note, "the recording ends at block 24000154, inside round 2400015");
  EXPECT_EQ(row(config, round_kind::evaluation, 2'400'015), std::nullopt);
  const auto rows = rows_of(*disk);
  report = step(raise_job(config), 14); // in another incarnation
  EXPECT_TRUE(report.ended);
  EXPECT_EQ(report.completed, 12U);
  EXPECT_EQ(first_other_row(rows, rows_of(*disk)), "");
}

TEST_F(job, a_recording_without_a_whole_round_ends_before_it_begins) {
  raise();
  auto config = recorded(feed_kind::events, recording("p1.jsonl"));
  config.round_seconds = 2000;
  const auto report = step(raise_job(config), 1);
  EXPECT_TRUE(report.ended);
  EXPECT_FALSE(report.failed);
  EXPECT_EQ(report.completed, 0U);
  EXPECT_NE(report.note, "");
}

TEST_F(job, a_record_that_cannot_be_ends_the_job_with_its_line) {
  raise();
  auto text = file_bytes(recording("p1.jsonl"));
  const auto swap_at = text.find("\"event\":\"swap\"", text.size() / 2);
  const auto amount = text.find("\"amount0\":\"", swap_at) + 11;
  text.insert(text[amount] == '-' ? amount + 1 : amount, "7");
  const auto line = 1 + std::count(text.begin(), text.begin() + static_cast<long>(swap_at), '\n');
  const auto config = recorded(feed_kind::events, folder.write("bent.jsonl", text));
  const auto whom = raise_job(config);
  job_report report;
  for (uint64_t n = 1; n <= 14 && !report.ended; ++n)
    report = step(whom, n);
  EXPECT_TRUE(report.ended);
  EXPECT_TRUE(report.failed);
  EXPECT_NE(report.note.find("bent.jsonl"), std::string::npos) << report.note;
  EXPECT_NE(report.note.find(std::to_string(line)), std::string::npos) << report.note;
  ASSERT_TRUE(tables::rounds.for_each(*disk, [](const round_key& key, const round_record& x) {
    EXPECT_NE(x.status, round_status::active) << to_string(key);
  }));
}

TEST_F(job, cannot_begin_without_its_recorded_start) {
  raise();
  const auto config = small_job();
  step(raise_job(config), 1);
  storage::batch writes;
  tables::checkpoints.erase(writes, {config.id, 20});
  ASSERT_TRUE(disk->commit(writes));
  (void)ask_error<job_report>(raise_job(config), atom::step_v, uint64_t{2});
}

TEST_F(job, a_round_that_fells_its_player_is_passed_over_and_the_market_goes_on) {
  raise();
  const auto config = small_job();
  const auto first = keep(spawn_job(sys, {config, 0, 96, 0}, links));
  step(first, 1);
  const auto tired = keep(spawn_job(sys, {config, 0, 96, 3}, links)); // failed three times
  const auto report = step(tired, 2);
  ASSERT_TRUE(report.evaluation);
  EXPECT_EQ(report.evaluation->status, round_status::failed);
  EXPECT_EQ(report.evaluation->note, "given up after 3 failures");
  EXPECT_EQ(report.completed, 2U);
  const auto fresh = step(raise_job(config), 3);
  ASSERT_TRUE(fresh.evaluation);
  EXPECT_EQ(fresh.evaluation->status, round_status::completed);
  EXPECT_EQ(fresh.evaluation->start_block, 30U);
}

TEST_F(job, reports_how_its_miners_stand) {
  raise();
  const auto config = small_job();
  const auto whom = raise_job(config);
  for (uint64_t n = 1; n <= 3; ++n)
    step(whom, n);
  const auto standing = ask<job_standing>(whom, atom::standing_v);
  EXPECT_EQ(standing.job, config.id);
  const auto record = *tables::jobs.get(*disk, config.id);
  EXPECT_EQ(standing.revenue, std::accumulate(record.revenue.begin(), record.revenue.end(), 0.0));
  EXPECT_EQ(record.revenue.size(), 2U); // rounds 2 and 3 had a live one
  size_t counting = 0;
  for (uint16_t uid = 1; uid <= 3; ++uid) {
    const auto kept = *tables::miner_scores.get(*disk, {config.id, three_miners()[uid - 1U].key});
    const auto wanted = std::pair(miner_uid{uid}, kept.combined_score);
    const bool stands = kept.eligible; // above 0 or not
    counting += stands;
    EXPECT_EQ(std::count(standing.eligible.begin(), standing.eligible.end(), wanted), stands);
  }
  EXPECT_EQ(standing.eligible.size(), counting);
}

TEST_F(job, a_step_that_is_asked_for_twice_is_played_once) {
  raise();
  const auto config = small_job();
  const auto whom = raise_job(config);
  step(whom, 1);
  question<job_report> first{sys, whom, atom::step_v, uint64_t{2}};
  for (int i = 0; i < 40; ++i) // into the round
    ASSERT_TRUE(sched.try_run_once());
  ASSERT_FALSE(first.answered());
  question<job_report> second{sys, whom, atom::step_v, uint64_t{2}};
  question<job_report> early{sys, whom, atom::step_v, uint64_t{1}};
  question<job_report> late{sys, whom, atom::step_v, uint64_t{3}};
  settle();
  for (auto* x : {&first, &second, &early, &late})
    ASSERT_TRUE(x->answered());
  EXPECT_EQ(first.look()->evaluation, second.look()->evaluation);
  EXPECT_EQ(first.look()->evaluation->attempts, 1U);
  EXPECT_EQ(early.look()->evaluation->id.number, round_no{1});
  EXPECT_EQ(late.look()->evaluation->id.number, round_no{3});
  EXPECT_EQ((*tables::jobs.get(*disk, config.id)).completed, 3U);
}

TEST_F(job, a_round_that_is_played_ahead_counts_when_a_step_asks_for_it) {
  raise(three_miners(), "ahead");
  const auto config = small_job();
  auto whom = raise_job(config);
  step(whom, 1);
  const auto standing = ask<job_standing>(whom, atom::standing_v);
  caf::anon_send(whom, atom::advance_v, uint64_t{2});
  settle();
  EXPECT_EQ(row(config, round_kind::evaluation, 2)->status, round_status::active);
  EXPECT_EQ(ask<job_standing>(whom, atom::standing_v), standing);
  EXPECT_EQ(tables::jobs.get(*disk, config.id)->completed, 1U);
  EXPECT_EQ(step(whom, 1).completed, 1U) << "what is done is answered meanwhile";
  const auto report = step(whom, 2);
  EXPECT_EQ(report.completed, 2U);
  EXPECT_EQ(report.evaluation->attempts, 1U);
  step(whom, 3);
  const auto rows = rows_of(*disk);
  terminate(whom);
  raise(three_miners(), "straight");
  whom = raise_job(config);
  for (uint64_t n = 1; n <= 3; ++n)
    step(whom, n);
  EXPECT_EQ(first_other_row(rows_of(*disk), rows), "");
}

TEST_F(job, a_round_that_was_played_ahead_and_lost_is_played_again) {
  raise(three_miners(), "ahead");
  const auto config = small_job();
  auto whom = raise_job(config);
  step(whom, 1);
  caf::anon_send(whom, atom::advance_v, uint64_t{2});
  settle();
  terminate(whom);
  raise(three_miners(), "ahead");
  whom = raise_job(config);
  EXPECT_EQ(step(whom, 2).evaluation->attempts, 2U);
  const auto rows = rows_of(*disk);
  terminate(whom);
  raise(three_miners(), "straight");
  whom = raise_job(config);
  for (uint64_t n = 1; n <= 2; ++n)
    step(whom, n);
  EXPECT_EQ(first_other_row(rows_of(*disk), rows), "");
}

TEST_F(job, the_end_of_a_recording_is_not_found_before_a_step_asks) {
  raise();
  const auto config = recorded(feed_kind::events, recording("p1.jsonl"));
  const auto whom = raise_job(config);
  for (uint64_t n = 1; n <= 12; ++n)
    step(whom, n);
  caf::anon_send(whom, atom::advance_v, uint64_t{13});
  settle();
  EXPECT_FALSE(tables::jobs.get(*disk, config.id)->ended);
  EXPECT_TRUE(step(whom, 13).ended);
  EXPECT_TRUE(tables::jobs.get(*disk, config.id)->ended);
}

TEST_F(job, an_earlier_incarnation_writes_no_more) {
  raise();
  const auto config = small_job();
  const auto old = raise_job(config);
  step(old, 1);
  const auto rows = rows_of(*disk);
  raise_job(config); // the old one does not know that it is one
  settle();
  (void)ask_error<job_report>(old, atom::step_v, uint64_t{2});
  EXPECT_EQ(first_other_row(rows, rows_of(*disk)), "");
}

} // namespace
} // namespace sluice::test
