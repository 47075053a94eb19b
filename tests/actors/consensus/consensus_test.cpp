#include "actors/consensus/consensus.hpp"
#include "actors/consensus/stored_book.hpp"
#include "tests/support/intake_world.hpp"

namespace sluice::test {
namespace {

namespace tables = storage::tables;
using namespace std::chrono_literals;

class consensus : public intake_test {
protected:
  consensus() {
    distributor = mock<task_distributor_actor>(
      [](const submit_task_message&) {}, [](const cancel_task_message&) {},
      [](const approve_task_message&) {}, [](const task_stats_message&) {},
      [](const fetch_tasks_message&) {}, [](const answer_task_message&) {},
      [this](const task_turn& x) {
        turns.push_back(x);
        task_turn_report made;
        made.step = x.step;
        made.now_ms = x.now_ms;
        made.submitted = 4;
        return made;
      },
      [this](const task_ranking_query&) { return task_ranking{ranking}; },
      [](const mechanism_command& x) { return "{\"did\":\"" + x.name + "\"}"; }, [](atom::due) {});
  }

  mechanism_actor raise(bool world) {
    intake = make_intake(world);
    consensus_config config;
    if (world)
      config.settings.world = consensus_world{1, intake_start_ms / 1000, 4};
    config.settings.step_s = 60;
    config.unix_ms = clock();
    config.on_moment = [this](uint64_t x) { now_ms = x; };
    config.speed = speed;
    for (uint16_t i = 0; world && i < dev_validators; ++i)
      config.validators.push_back({static_cast<uint16_t>(dev_validator_uid + i),
                                   static_cast<dev_validator_kind>(i), keys_of(i)});
    for (uint16_t uid = 1; uid < 5; ++uid)
      config.miners.push_back({{uid}, {"miner-" + std::to_string(uid)}});
    return mechanism = keep(spawn_consensus(sys, std::move(config),
                                            {disk, storage_writer, chain, intake, distributor}));
  }

  step_report step(uint64_t n) { return ask<step_report>(mechanism, atom::step_v, n); }
  static const consensus_step& row_of(const step_report& x) {
    return dynamic_cast<const consensus_detail&>(*x.detail).step;
  }

  double speed = 0;
  task_distributor_actor distributor;
  consensus_intake_actor intake;
  mechanism_actor mechanism;
  std::vector<task_turn> turns;
  std::vector<ranked_miner> ranking;
};

TEST_F(consensus, lets_the_validators_of_a_world_report_in_every_step) {
  raise(true);
  const auto first = step(1);
  EXPECT_EQ(first.outcome, step_outcome::played);
  const auto& x = row_of(first);
  EXPECT_EQ(x.now_ms, intake_start_ms + 900'000);
  EXPECT_EQ(x.reports, 3U);
  EXPECT_EQ(x.items, 12U);
  EXPECT_EQ(x.silent, 0U);
  EXPECT_EQ(x.statistics.agreed, 4U);
  EXPECT_EQ(x.statistics.active_validators, 3U);
  EXPECT_EQ(x.tasks.submitted, 4U);
  EXPECT_EQ(*tables::consensus_steps.get(*disk, 1), x);
  EXPECT_EQ(now_ms, x.now_ms);
  const auto second = step(2); // the silent one is silent
  EXPECT_EQ(row_of(second).reports, 2U);
  EXPECT_EQ(row_of(second).silent, 1U);
  EXPECT_EQ(row_of(second).statistics.agreed, 4U);
  EXPECT_EQ(*consensus_steps_done(*disk), 2U);
  ASSERT_EQ(turns.size(), 2U);
  EXPECT_EQ(turns[1].step, 2U);
  EXPECT_EQ(turns[1].now_ms, now_ms);
}

TEST_F(consensus, answers_a_step_that_is_done_from_the_disk) {
  raise(true);
  const auto before = row_of(step(1));
  kill(mechanism);
  raise(true);
  EXPECT_EQ(row_of(step(1)), before);
  EXPECT_EQ(turns.size(), 1U);
}

/// Its reports are there already, and count once.
TEST_F(consensus, plays_a_step_that_was_cut_off_again) {
  raise(true);
  ASSERT_EQ(step(1).outcome, step_outcome::played);
  storage::batch writes;
  tables::consensus_steps.erase(writes, 1); // as if it had been killed before its row
  ASSERT_TRUE(disk->commit(writes));
  const auto again = row_of(step(1));
  EXPECT_EQ(again.reports, 3U);
  EXPECT_EQ(tables::consensus_counts.get(*disk, "now")->reports, 3U);
}

TEST_F(consensus, waits_for_the_moment_of_a_step_where_a_world_is_watched) {
  speed = 180;
  raise(true);
  question<step_report> asked{sys, mechanism, atom::step_v, uint64_t{1}};
  settle();
  advance(4999ms);
  EXPECT_FALSE(asked.answered());
  advance(1ms);
  EXPECT_TRUE(asked.answered());
}

TEST_F(consensus, plays_a_step_of_the_real_clock_when_it_is_time) {
  raise(false);
  EXPECT_EQ(step(1).outcome, step_outcome::played);
  EXPECT_EQ(step(2).outcome, step_outcome::paused);
  now_ms += 59'999;
  EXPECT_EQ(step(2).outcome, step_outcome::paused);
  now_ms += 1;
  const auto second = step(2);
  EXPECT_EQ(second.outcome, step_outcome::played);
  EXPECT_EQ(row_of(second).now_ms, now_ms);
  EXPECT_TRUE(turns.empty()); // tasks have their own clock
}

TEST_F(consensus, hands_in_the_ranking_by_the_uid_of_now) {
  raise(true);
  ranked_miner x;
  x.uid = {77};
  x.key = {"miner-3"};
  x.score = 0.8;
  ranking.push_back(x);
  x.key = {"stranger"};
  ranking.push_back(x);
  const auto scores = ask<mechanism_scores>(mechanism, atom::scores_v, epoch_no{8});
  EXPECT_EQ(scores.mechanism, "consensus");
  EXPECT_EQ(scores.epoch, epoch_no{8});
  EXPECT_EQ(scores.scores, (std::map<miner_uid, double>{{{3}, 0.8}}));
}

TEST_F(consensus, states_why_there_are_no_scores) {
  raise(true);
  const auto why = sentence(ask_error<mechanism_scores>(mechanism, atom::scores_v, epoch_no{8}));
  EXPECT_NE(why.find("validators have to report miners"), std::string::npos) << why;
  EXPECT_EQ(why_no_consensus_scores(*disk, {}), why);
}

TEST_F(consensus, hands_commands_about_tasks_on) {
  raise(true);
  EXPECT_EQ(ask<std::string>(mechanism, mechanism_command{"tasks cancel", {"x"}, "me", 1}),
            "{\"did\":\"tasks cancel\"}");
  EXPECT_TRUE(ask_error<std::string>(mechanism, mechanism_command{"consensus stop", {}, "me", 1}));
}

TEST_F(consensus, fails_a_step_when_nothing_can_be_written) {
  storage_writer = refusing_storage_writer(ec::storage_full, "the disk is full");
  raise(true);
  EXPECT_EQ(sentence(ask_error<step_report>(mechanism, atom::step_v, uint64_t{1})),
            "the disk is full");
  EXPECT_FALSE(*tables::consensus_steps.find(*disk, 1));
}

} // namespace
} // namespace sluice::test
