#include "rules/consensus/dev_client.hpp"

#include <gtest/gtest.h>

#include <set>

namespace sluice {
namespace {

TEST(dev_client, submits_the_same_tasks_for_the_same_step) {
  const auto names = [](const dev_task_terms& terms, uint64_t step) {
    std::vector<std::string> made;
    for (const auto& x : dev_tasks(terms, step))
      made.push_back(x.idempotency + ' ' + x.payload + ' ' + std::string{name_of(x.type)});
    return made;
  };
  EXPECT_EQ(names({7, 4}, 3), names({7, 4}, 3));
  EXPECT_NE(names({7, 4}, 3), names({8, 4}, 3));
  EXPECT_NE(names({7, 4}, 3), names({7, 4}, 4));
  EXPECT_TRUE(dev_tasks({7, 0}, 3).empty());
}

TEST(dev_client, stays_within_what_the_board_takes) {
  std::set<task_type> types;
  for (uint64_t step = 1; step <= 50; ++step)
    for (const auto& x : dev_tasks({1, 4}, step)) {
      EXPECT_LE(x.required_miner_count, x.max_miner_count);
      EXPECT_GE(x.required_miner_count, 1U);
      EXPECT_LE(x.payload.size(), task_limits::payload_bytes_max);
      EXPECT_LE(x.idempotency.size(), task_limits::idempotency_bytes_max);
      types.insert(x.type);
    }
  EXPECT_EQ(types.size(), task_type_names.size());
}

} // namespace
} // namespace sluice
