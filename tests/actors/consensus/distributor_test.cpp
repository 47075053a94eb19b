#include "actors/consensus/distributor.hpp"
#include "tests/support/task_world.hpp"

#include <nlohmann/json.hpp>

namespace sluice::test {
namespace {

namespace tables = storage::tables;

using std::chrono::seconds;

class distributor_test : public task_test {};

TEST_F(distributor_test, gives_a_task_to_a_connected_miner_and_takes_its_answer) {
  join(50, late_worker(3000));
  const auto distributor = make_distributor();
  settle(); // the first pass, with nothing to do
  const auto id = submit(distributor);
  EXPECT_EQ(row(id).state, task_state::pending);
  advance(seconds(30));
  ASSERT_EQ(questions.size(), 1U);
  EXPECT_EQ(questions[0].task_id, id);
  EXPECT_EQ(questions[0].task_type, "translation");
  EXPECT_EQ(questions[0].payload, "one two");
  EXPECT_EQ(questions[0].deadline_ms, 1'800'000U);
  EXPECT_EQ(row(id).state, task_state::assigned);
  advance(seconds(3));
  deliver_waiting();
  const auto done = row(id);
  EXPECT_EQ(done.state, task_state::completed);
  EXPECT_EQ(done.best, miner_uid{50});
  EXPECT_EQ(best_of(done)->result, "two one");
  EXPECT_EQ(best_of(done)->processing_ms, 3000U); // by the node's clock
  EXPECT_TRUE(notices.empty());
  advance(seconds(settings.tasks.review_s + settings.tasks.distribute_s));
  EXPECT_EQ(row(id).state, task_state::done);
  ASSERT_EQ(notices.size(), 1U);
  EXPECT_EQ(notices[0].task_id, id);
  EXPECT_TRUE(notices[0].best);
  EXPECT_EQ(questions.size(), 1U); // once
}

TEST_F(distributor_test, asks_a_miner_again_that_has_come_back_by_another_handle) {
  join(50, worker(50, worker_strategy_kind::silent));
  const auto distributor = make_distributor();
  const auto id = submit(distributor);
  advance(seconds(60));
  EXPECT_EQ(row(id).state, task_state::assigned);
  entries[0].handle = late_worker(0);
  advance(seconds(60));
  ASSERT_EQ(questions.size(), 1U); // once, in two passes
  deliver_waiting();
  EXPECT_EQ(row(id).state, task_state::completed);
}

TEST_F(distributor_test, asks_again_after_it_was_killed) {
  join(50, late_worker(0));
  const auto distributor = make_distributor();
  const auto id = submit(distributor);
  advance(seconds(30));
  ASSERT_EQ(questions.size(), 1U);
  waiting.clear();
  kill(distributor);
  make_distributor();
  advance(seconds(30));
  ASSERT_EQ(questions.size(), 2U);
  deliver_waiting();
  EXPECT_EQ(row(id).state, task_state::completed);
}

TEST_F(distributor_test, asks_again_when_a_question_fails_but_not_for_ever) {
  int asked = 0;
  join(50, mock<miner_actor>(
             [&asked](const miner_question&) -> caf::result<miner_answer> {
               ++asked;
               return caf::make_error(ec::busy, "later");
             },
             [](const miner_notice&) {}, [](atom::fence) { return atom::done_v; }));
  const auto distributor = make_distributor();
  const auto id = submit(distributor);
  advance(seconds(600));
  EXPECT_EQ(asked, 3);
  EXPECT_EQ(row(id).state, task_state::assigned);
}

TEST_F(distributor_test, ends_every_task_of_miners_that_do_not_answer) {
  join(50, worker(50, worker_strategy_kind::silent));
  settings.tasks.answer_s = 60;
  settings.tasks.settle_s = 60;
  const auto distributor = make_distributor();
  const auto id = submit(distributor);
  advance(seconds(4 * (60 + 60) + 5 * 30));
  EXPECT_EQ(row(id).state, task_state::failed);
  EXPECT_EQ(row(id).retries, 3U);
  EXPECT_EQ(tables::consensus_task_work.get(*disk, key_of(50))->all, (work_tally{4, 0}));
}

TEST_F(distributor_test, hands_tasks_to_workers_that_poll) {
  join(50, {});
  const auto distributor = make_distributor();
  const auto id = submit(distributor);
  const auto fetch = [&] {
    return call<fetch_tasks_message, std::vector<task_work>>(distributor,
                                                             fetch_tasks_call{key_of(50), 5});
  };
  advance(seconds(30));
  EXPECT_EQ(row(id).state, task_state::pending); // nobody is there
  EXPECT_TRUE((***fetch()).empty());
  advance(seconds(30));
  const auto work = fetch();
  ASSERT_EQ((***work).size(), 1U);
  EXPECT_EQ((***work)[0].task_id, id);
  EXPECT_NE(row(id).assignments[0].handed_out_ms, 0U); // durable
  advance(seconds(2));
  const auto taken = answer(distributor, 50, id);
  ASSERT_TRUE(**taken) << (**taken).error().what;
  EXPECT_EQ((***taken).state, task_state::completed);
  EXPECT_EQ(row(id).responses[0].processing_ms, 2000U);
  EXPECT_EQ((**answer(distributor, 50, id)).error().code, ec::read_only);
  EXPECT_EQ(row(id).responses.size(), 1U);
}

TEST_F(distributor_test, continues_where_it_was_killed) {
  join(50, {});
  auto distributor = make_distributor();
  const auto id = submit(distributor, 1);
  EXPECT_TRUE((***call<fetch_tasks_message, std::vector<task_work>>(
                 distributor, fetch_tasks_call{key_of(50), 1}))
                .empty());
  advance(seconds(30));
  ASSERT_EQ(row(id).state, task_state::assigned);
  kill(distributor);
  distributor = make_distributor();
  EXPECT_TRUE(**answer(distributor, 50, id));
  kill(distributor);
  distributor = make_distributor();
  const auto stats = call<task_stats_message, task_stats>(distributor, task_stats_call{});
  EXPECT_EQ((***stats).by_state.at("completed"), 1U);
  EXPECT_FALSE(**answer(distributor, 50, id));
  const auto approved = call<approve_task_message, changed_task>(
    distributor, approve_task_call{{"client", false}, id, {{{50}, 1}}});
  EXPECT_EQ((***approved).state, task_state::approved);
  EXPECT_EQ(tables::consensus_task_work.get(*disk, key_of(50))->all, (work_tally{1, 1}));
}

TEST_F(distributor_test, obeys_an_operator) {
  const auto distributor = make_distributor();
  const auto made = nlohmann::json::parse(
    ask<std::string>(distributor, mechanism_command{"tasks submit", {"tts", "say this"}, "me", 1}));
  const auto id = made["task"].get<std::string>();
  EXPECT_EQ(made["state"], "pending");
  EXPECT_EQ(row(id).payload, "say this");
  const auto gone = nlohmann::json::parse(
    ask<std::string>(distributor, mechanism_command{"tasks cancel", {id}, "me", 1}));
  EXPECT_EQ(gone["state"], "cancelled");
  EXPECT_EQ(row(id).state, task_state::cancelled);
  EXPECT_TRUE(
    ask_error<std::string>(distributor, mechanism_command{"tasks submit", {"cook", "x"}, "me", 1}));
  EXPECT_TRUE(
    ask_error<std::string>(distributor, mechanism_command{"tasks cancel", {"x"}, "me", 1}));
  EXPECT_TRUE(ask_error<std::string>(distributor, mechanism_command{"tasks other", {}, "me", 1}));
}

TEST_F(distributor_test, answers_with_the_disks_reason_when_nothing_can_be_written) {
  storage_writer = refusing_storage_writer(ec::storage_full, "the disk is full");
  const auto distributor = make_distributor();
  submit_task_call what;
  what.payload = "x";
  const auto made = call<submit_task_message, submitted_task>(distributor, what);
  ASSERT_TRUE(made->has_value());
  EXPECT_EQ((**made).error().what, "the disk is full");
}

TEST_F(distributor_test, ranks_by_the_work_that_was_accepted) {
  join(50, worker(50, worker_strategy_kind::worker));
  join(51, worker(51, worker_strategy_kind::silent));
  settings.tasks.review_s = 0;
  const auto distributor = make_distributor();
  submit(distributor);
  submit(distributor);
  advance(seconds(30));
  const auto ranks = ask<task_ranking>(distributor, task_ranking_query{now_ms()}).all;
  ASSERT_EQ(ranks.size(), 2U);
  EXPECT_EQ(ranks[0].uid, miner_uid{50});
  EXPECT_GT(ranks[0].score, 0);
  EXPECT_EQ(ranks[1].score, 0);
}

} // namespace
} // namespace sluice::test
