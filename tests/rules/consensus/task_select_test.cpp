#include "rules/consensus/task_select.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace sluice {
namespace {

std::vector<uint16_t> uids(const std::vector<task_choice>& all, const std::vector<size_t>& chosen) {
  std::vector<uint16_t> made;
  for (const auto i : chosen)
    made.push_back(all[i].uid.value);
  return made;
}

available_miner miner(uint16_t uid, double performance, double load) {
  available_miner x;
  x.uid = {uid};
  x.hotkey = "miner-" + std::to_string(uid);
  x.performance = performance;
  x.load = load;
  return x;
}

TEST(selection, leaves_out_full_miners_and_other_specialists) {
  // VIO-SEL-1 of vectors/mechanisms.json
  const std::vector<task_choice> all{{{1}, 0.8, 1, 5, {"tts"}},
                                     {{2}, 0.9, 5, 5, {}},
                                     {{3}, 0.7, 0, 5, {}},
                                     {{4}, 0.7, 0, 5, {"transcription"}},
                                     {{5}, 0.7, 2, 5, {}}};
  EXPECT_EQ(uids(all, select_miners(all, "transcription", 3)), (std::vector<uint16_t>{3, 4, 5}));
}

TEST(selection, takes_anybody_where_no_specialist_is_free) {
  const std::vector<task_choice> all{
    {{1}, 0.8, 1, 5, {"tts"}}, {{2}, 0.9, 1, 5, {"tts"}}, {{3}, 1, 5, 5, {"translation"}}};
  EXPECT_EQ(uids(all, select_miners(all, "translation", 2)), (std::vector<uint16_t>{2, 1}));
  EXPECT_TRUE(select_miners({}, "translation", 2).empty());
}

TEST(selection, breaks_ties_by_load_and_then_by_uid) {
  const std::vector<task_choice> all{
    {{8}, 0.5, 1, 10, {}}, {{7}, 0.5, 1, 5, {}}, {{6}, 0.5, 2, 10, {}}, {{5}, 0.6, 4, 5, {}}};
  EXPECT_EQ(uids(all, select_miners(all, "tts", 9)), (std::vector<uint16_t>{5, 8, 6, 7}));
}

TEST(assigning, moves_the_load_inside_a_pass) {
  std::vector<available_miner> all{miner(1, 0.9, 0), miner(2, 0.6, 0)};
  std::vector<uint16_t> order;
  for (int i = 0; i < 10; ++i)
    for (const auto k : assign_miners(all, "tts", 1, 1, {}, {}))
      order.push_back(all[k].uid.value);
  // 0.9, 0.72, then 0.6 of the other one is more than 0.54, and so on until both are full; of 0.36
  // and 0.36 the one with the lower load goes first.
  EXPECT_EQ(order, (std::vector<uint16_t>{1, 1, 2, 1, 2, 2, 1, 2, 1, 2}));
  EXPECT_TRUE(assign_miners(all, "tts", 1, 1, {}, {}).empty());
}

TEST(assigning, gives_what_there_is_but_not_less_than_the_least) {
  std::vector<available_miner> all{miner(1, 0.9, 0), miner(2, 0.6, 0)};
  EXPECT_EQ(assign_miners(all, "tts", 3, 1, {}, {}).size(), 2U);
  EXPECT_TRUE(assign_miners(all, "tts", 3, 3, {}, {}).empty());
  EXPECT_EQ(all[0].load, 1);
}

TEST(assigning, avoids_who_let_the_task_down_while_there_is_somebody_else) {
  std::vector<available_miner> all{miner(1, 0.9, 0), miner(2, 0.6, 0), miner(3, 0.5, 0)};
  EXPECT_EQ(assign_miners(all, "tts", 1, 1, {{1}}, {}), (std::vector<size_t>{1}));
  EXPECT_EQ(assign_miners(all, "tts", 2, 1, {{1}, {2}}, {}), (std::vector<size_t>{2, 0}));
}

TEST(assigning, never_fills_a_miner_beyond_its_capacity) {
  const auto seed = std::random_device{}();
  std::mt19937 rng{seed};
  for (int round = 0; round < 300; ++round) {
    std::vector<available_miner> all;
    double places = 0;
    for (uint16_t i = 0; i < 1 + rng() % 6; ++i) {
      auto x = miner(i, static_cast<double>(rng() % 11) / 10, static_cast<double>(rng() % 7));
      if (rng() % 2 == 0)
        x.task_types = {"tts"};
      places += std::max(0.0, x.capacity - x.load);
      all.push_back(x);
    }
    double given = 0;
    while (true) {
      const auto before = all;
      const auto required = 1 + rng() % 4;
      const auto chosen
        = assign_miners(all, rng() % 2 == 0 ? "tts" : "translation", required, 1, {}, {});
      if (chosen.empty())
        break;
      EXPECT_LE(chosen.size(), required);
      for (const auto i : chosen) {
        EXPECT_LT(before[i].load, before[i].capacity) << "seed " << seed;
        EXPECT_EQ(all[i].load, before[i].load + 1);
      }
      given += static_cast<double>(chosen.size());
    }
    EXPECT_EQ(given, places) << "seed " << seed;
  }
}

} // namespace
} // namespace sluice
