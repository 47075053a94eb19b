#include "rules/config/storage_budget.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

namespace sluice {
namespace {

constexpr uint64_t mb = 1'000'000;

storage_settings budget_of(uint64_t bytes) {
  storage_settings x;
  x.budget_bytes = bytes;
  return x;
}

TEST(storage_budget, leaves_a_folder_within_its_budget_alone) {
  const std::vector<store_use> stores{{"node", 60 * mb, 1 * mb}, {"pool_events", 40 * mb, 40 * mb}};
  EXPECT_TRUE(plan_budget(stores, budget_of(0)).compact.empty());
  const auto within = plan_budget(stores, budget_of(100 * mb));
  EXPECT_TRUE(within.compact.empty());
  EXPECT_EQ(within.warning, "");
  EXPECT_EQ(within.total_bytes, 100 * mb);
}

TEST(storage_budget, compacts_first_where_there_is_most_to_gain) {
  const std::vector<store_use> stores{
    {"node", 30 * mb, 20 * mb}, {"pool_events", 60 * mb, 30 * mb}, {"devchain", 10 * mb, 10 * mb}};
  EXPECT_EQ(plan_budget(stores, budget_of(80 * mb)).compact,
            (std::vector<std::string>{"pool_events"}));
  EXPECT_EQ(plan_budget(stores, budget_of(65 * mb)).compact,
            (std::vector<std::string>{"pool_events", "node"}));
}

TEST(storage_budget, does_not_copy_a_file_for_a_little) {
  const std::vector<store_use> stores{{"node", 100 * mb, 95 * mb}, {"devchain", mb, 0}};
  const auto plan = plan_budget(stores, budget_of(50 * mb));
  EXPECT_TRUE(plan.compact.empty());
}

TEST(storage_budget, states_what_a_person_can_do_when_rows_alone_are_too_much) {
  const std::vector<store_use> stores{{"pool_events", 60 * mb, 55 * mb}};
  auto settings = budget_of(50 * mb);
  EXPECT_EQ(plan_budget(stores, settings).warning,
            "the data folder has 55.0 MB of rows, its budget is 50.0 MB: let it keep fewer rounds "
            "(storage.keep_rounds) or raise storage.budget; nothing is removed that is to be kept");
  settings.keep_rounds = 5000;
  EXPECT_NE(plan_budget(stores, settings).warning.find("fewer than 5000 rounds"),
            std::string::npos);
}

TEST(storage_budget, plans_of_random_folders_are_enough_or_say_that_they_are_not) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937_64 chance{seed};
  for (int i = 0; i < 2000; ++i) {
    std::vector<store_use> stores;
    uint64_t live = 0;
    uint64_t after = 0;
    for (const auto* name : {"a", "b", "c"}) {
      const auto file = chance() % (100 * mb);
      const auto used = file == 0 ? 0 : chance() % file;
      stores.push_back({name, file, used});
      live += used;
    }
    const auto settings = budget_of(1 + chance() % (200 * mb));
    const auto plan = plan_budget(stores, settings);
    after = plan.total_bytes;
    for (const auto& name : plan.compact)
      for (const auto& x : stores)
        after -= x.store == name ? x.file_bytes - x.live_bytes : 0;
    EXPECT_EQ(plan.warning.empty(),
              live <= settings.budget_bytes || plan.total_bytes <= settings.budget_bytes);
    if (after > settings.budget_bytes) // then nothing that is left is worth a copy
      for (const auto& x : stores) {
        if (std::find(plan.compact.begin(), plan.compact.end(), x.store) != plan.compact.end())
          continue;
        EXPECT_TRUE(x.file_bytes - x.live_bytes < compaction_gain_min
                    || x.file_bytes - x.live_bytes < x.file_bytes / 10);
      }
  }
}

} // namespace
} // namespace sluice
