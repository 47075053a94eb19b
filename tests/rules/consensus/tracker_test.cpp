#include "rules/consensus/tracker.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace sluice {
namespace {

TEST(tracker, begins_in_the_middle) {
  EXPECT_EQ(tracker_performance(performance_basis{}), 0.5);
  EXPECT_EQ(tracker_performance(miner_work{}, task_type::tts, 3, 5), 0.5);
}

TEST(tracker, adds_the_parts_of_a_performance) {
  performance_basis x;
  x.total = 10;
  x.successes = 9;
  x.avg_s = 6;
  x.recent_rate = 1;
  x.type_total = 6;
  x.type_rate = 1;
  x.load = 1;
  x.capacity = 5;
  // 0.36 + 0.24 + 0.2 + 0.1 - 0.02
  EXPECT_NEAR(tracker_performance(x), 0.88, 1e-12);
  x.type_total = 4; // too few samples
  EXPECT_NEAR(tracker_performance(x), 0.78, 1e-12);
  x = {};
  x.total = 1;
  x.avg_s = 60;
  x.load = 5;
  x.capacity = 5;
  EXPECT_EQ(tracker_performance(x), 0); // not below
}

TEST(tracker, ranks_by_stake_performance_load_and_task_type) {
  // VIO-RANK-1 of vectors/mechanisms.json
  ranking_basis x{500, 1000, 0.89, 1, 5, 6, 1};
  EXPECT_NEAR(tracker_composite(x), 0.766, 1e-12);
  x.type_total = 2;
  EXPECT_NEAR(tracker_composite(x), 0.666, 1e-12);
  x.max_stake = 0;
  x.capacity = 0;
  EXPECT_NEAR(tracker_composite(x), 0.356, 1e-12);
}

TEST(tracker, counts_as_a_list_of_all_outcomes_does) {
  const auto seed = std::random_device{}();
  std::mt19937 rng{seed};
  miner_work x;
  std::vector<work_outcome> all;
  for (int i = 0; i < 200; ++i) {
    work_outcome one;
    one.uid = {static_cast<uint16_t>(rng() % 3)};
    one.type = static_cast<task_type>(rng() % task_type_names.size());
    one.answered = rng() % 4 != 0;
    one.success = one.answered && rng() % 3 != 0;
    one.processing_ms = one.answered ? rng() % 40'000 : 0;
    one.now_ms = static_cast<uint64_t>(1000 * (i + 1));
    all.push_back(one);
    x = with_outcome(x, one);

    double ok = 0, answered = 0, ms = 0, recent = 0, of_type = 0, ok_of_type = 0;
    const auto type = task_type::translation;
    for (size_t k = 0; k < all.size(); ++k) {
      ok += all[k].success ? 1 : 0;
      answered += all[k].answered ? 1 : 0;
      ms += static_cast<double>(all[k].processing_ms);
      if (all.size() - k <= 20)
        recent += all[k].success ? 1 : 0;
      if (all[k].type == type) {
        ++of_type;
        ok_of_type += all[k].success ? 1 : 0;
      }
    }
    const double n = static_cast<double>(all.size());
    double want = 0.4 * ok / n + 0.2 * recent / std::min(n, 20.0) - 0.1 * 2 / 5;
    if (answered > 0)
      want += 0.3 * std::max(0.0, 1 - ms / answered / 1000 / 30);
    if (of_type >= 5)
      want += 0.1 * ok_of_type / of_type;
    EXPECT_NEAR(tracker_performance(x, type, 2, 5), std::clamp(want, 0.0, 1.0), 1e-9)
      << "seed " << seed << ", outcome " << i;
  }
}

TEST(tracker, knows_the_type_that_a_miner_works_on_most) {
  miner_work x;
  EXPECT_EQ(main_type(x), task_type::transcription);
  x.by_type[task_type::tts] = {2, 0};
  x.by_type[task_type::translation] = {2, 2};
  EXPECT_EQ(main_type(x), task_type::tts);
  x.by_type[task_type::translation].total = 3;
  EXPECT_EQ(main_type(x), task_type::translation);
}

} // namespace
} // namespace sluice
