#include "storage/consensus/task_tables.hpp"
#include "storage/data_dir.hpp"
#include "tests/storage/temp_folder.hpp"

#include <gtest/gtest.h>

#include <array>
#include <random>
#include <stdexcept>

namespace sluice::storage {
namespace {

class task_tables_on_disk : public ::testing::Test {
protected:
  data_dir open() const {
    const std::array parts{schema_part{task_tables(), {}}};
    const auto layout = schema_with(parts);
    auto opened = data_dir::open(temp.path() / "data", {"0.3.0", 1, ""},
                                 open_mode::create_or_continue, {.layout = &layout});
    if (!opened)
      throw std::runtime_error(opened.error().what);
    return *std::move(opened);
  }

  static void store(data_dir& disk, const task_changes& changes) {
    batch all;
    add_task_changes(all, changes);
    const auto done = disk.commit(all);
    ASSERT_TRUE(done) << done.error().what;
  }

  static available_miner miner(uint16_t uid) {
    available_miner x;
    x.uid = {uid};
    x.hotkey = "m" + std::to_string(uid);
    return x;
  }

  static std::string
  submit(task_board& board, uint64_t now_ms, task_changes& out, std::string client = "client") {
    submit_task_call call;
    call.caller.client = std::move(client);
    call.payload = "hello";
    return board.submit(call, now_ms, out)->task_id;
  }

  test::temp_folder temp;
  consensus_settings settings;
};

TEST_F(task_tables_on_disk, continue_where_a_killed_process_was) {
  std::string id;
  {
    auto disk = open();
    task_board board{settings};
    task_changes out;
    id = submit(board, 1000, out);
    board.distribute({miner(1)}, {{"m1"}}, 2000, out);
    store(disk, out);
  }
  auto disk = open();
  auto board = read_task_board(disk, settings);
  ASSERT_TRUE(board) << board.error().what;
  task_changes out;
  ASSERT_TRUE(board->answer({{"m1"}, id, "text"}, std::nullopt, 5000, out));
  EXPECT_FALSE(board->answer({{"m1"}, id, "text"}, std::nullopt, 5000, out));
  board->expire(5000 + settings.tasks.review_s * 1000, out);
  store(disk, out);
  const auto row = tables::consensus_tasks.get(disk, id);
  EXPECT_EQ(row->state, task_state::done);
  EXPECT_EQ(row->responses[0].processing_ms, 3000U);
  EXPECT_EQ(tables::consensus_task_work.get(disk, {"m1"})->all, (work_tally{1, 1}));
  EXPECT_TRUE(read_task_board(disk, settings)->open_assignments().empty());
}

TEST_F(task_tables_on_disk, are_the_same_board_whenever_it_is_read_again) {
  const auto seed = std::random_device{}();
  std::mt19937 rng{seed};
  settings.tasks.answer_s = 10;
  settings.tasks.settle_s = 20;
  settings.tasks.review_s = 5;
  auto disk = open();
  task_board board{settings};
  std::vector<std::string> ids;
  uint64_t now = 1000;
  for (int i = 0; i < 150; ++i) {
    task_changes out;
    now += rng() % 4000;
    if (rng() % 3 == 0)
      ids.push_back(submit(board, now, out));
    if (rng() % 3 == 0)
      board.distribute({miner(1), miner(2)}, {{"m1"}, {"m2"}}, now, out);
    if (!ids.empty() && rng() % 2 == 0)
      (void)board.answer({{"m" + std::to_string(1 + rng() % 2)}, ids[rng() % ids.size()], "x"},
                         std::nullopt, now, out);
    if (!ids.empty() && rng() % 8 == 0)
      (void)board.cancel({{"client", false}, ids[rng() % ids.size()], ""}, now, out);
    board.expire(now, out);
    store(disk, out);
    const auto again = read_task_board(disk, settings);
    ASSERT_TRUE(again) << again.error().what;
    EXPECT_EQ(again->stats().by_state, board.stats().by_state) << "seed " << seed;
    EXPECT_EQ(again->stats().total_assignments, board.stats().total_assignments);
    for (const auto& id : ids) {
      const auto* a = board.find(id);
      const auto* b = again->find(id);
      ASSERT_EQ(a == nullptr, b == nullptr) << "seed " << seed;
      if (a) {
        EXPECT_EQ(*a, *b) << "seed " << seed;
      }
    }
    uint64_t places = 0;
    ASSERT_TRUE(tables::consensus_task_places.for_each(disk, [&](auto&&...) { ++places; }));
    EXPECT_EQ(places, ids.size()) << "seed " << seed;
  }
}

TEST_F(task_tables_on_disk, list_the_newest_first) {
  auto disk = open();
  task_board board{settings};
  task_changes out;
  const auto first = submit(board, 1000, out);
  const auto second = submit(board, 2000, out, "other");
  const auto third = submit(board, 3000, out);
  ASSERT_TRUE(board.cancel({{"client", false}, first, ""}, 4000, out));
  store(disk, out);
  const auto ids = [&](const list_tasks_call& call) {
    std::vector<std::string> made;
    const auto all = list_tasks(disk, call);
    EXPECT_TRUE(all);
    for (const auto& x : *all)
      made.push_back(x.id);
    return made;
  };
  EXPECT_EQ(ids({}), (std::vector{first, third, second})); // it ended last
  EXPECT_EQ(ids({task_state::pending, {}, 10}), (std::vector{third, second}));
  EXPECT_EQ(ids({{}, "client", 10}), (std::vector{first, third}));
  EXPECT_EQ(ids({{}, {}, 1}), (std::vector{first}));
  EXPECT_TRUE(ids({task_state::failed, {}, 10}).empty());
}

TEST_F(task_tables_on_disk, state_what_is_wrong_with_a_place_without_a_task) {
  auto disk = open();
  batch bad;
  tables::consensus_task_places.put(bad, {task_state::pending, 1, "lost"}, {});
  ASSERT_TRUE(disk.commit(bad));
  const auto read = read_task_board(disk, settings);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().what, "task lost has a place and no record");
}

} // namespace
} // namespace sluice::storage
