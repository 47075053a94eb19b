#include "storage/consensus/task_loads.hpp"
#include "storage/consensus/task_tables.hpp"
#include "tests/storage/temp_folder.hpp"

#include <gtest/gtest.h>

#include <array>
#include <random>
#include <set>

namespace sluice::storage {
namespace {

/// Against the board itself, which knows who waits for whom.
TEST(task_loads, are_the_open_assignments_of_the_board) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 rng{seed};
  const test::temp_folder temp;
  const std::array parts{schema_part{task_tables(), {}}};
  const auto layout = schema_with(parts);
  auto opened = data_dir::open(temp.path() / "data", {"0.3.0", 1, ""},
                               open_mode::create_or_continue, {.layout = &layout});
  ASSERT_TRUE(opened) << opened.error().what;
  auto& disk = *opened;
  EXPECT_TRUE(open_task_loads(disk)->empty());
  task_board board{consensus_settings{}};
  std::vector<available_miner> miners;
  std::set<hotkey> connected;
  for (uint16_t uid = 1; uid < 6; ++uid) {
    available_miner x;
    x.uid = {uid};
    x.hotkey = "m" + std::to_string(uid);
    connected.insert({x.hotkey});
    miners.push_back(x);
  }
  uint64_t most = 0;
  for (uint64_t now = 1000; now < 60'000; now += 1000) {
    task_changes out;
    submit_task_call call;
    call.caller.client = "client";
    call.payload = "task " + std::to_string(now);
    ASSERT_TRUE(board.submit(call, now, out));
    board.distribute(miners, connected, now, out);
    for (const auto& x : board.open_assignments())
      if (rng() % 3 == 0) {
        ASSERT_TRUE(board.answer({x.key, x.work.task_id, "text"}, std::nullopt, now, out));
      }
    batch all;
    add_task_changes(all, out);
    ASSERT_TRUE(disk.commit(all));
    std::map<uint16_t, uint64_t> expected;
    for (const auto& x : board.open_assignments())
      most = std::max(most, ++expected[x.uid.value]);
    const auto loads = open_task_loads(disk);
    ASSERT_TRUE(loads) << loads.error().what;
    EXPECT_EQ(*loads, expected);
  }
  EXPECT_GT(most, 0U) << "nobody ever had a task";
}

} // namespace
} // namespace sluice::storage
