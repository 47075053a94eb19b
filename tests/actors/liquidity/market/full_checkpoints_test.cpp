#include "actors/liquidity/market/full_checkpoints.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace sluice {
namespace {

using records = std::vector<std::shared_ptr<const block_record>>;

/// A round of `blocks` blocks with `events` events each.
records round_of(size_t blocks, size_t events) {
  auto record = std::make_shared<block_record>();
  record->block.events.resize(events);
  return records(blocks, record);
}

TEST(full_checkpoints, are_due_when_the_replay_since_the_last_would_cost_enough) {
  full_checkpoints due{100};
  EXPECT_FALSE(due.round_ends(round_of(33, 2))); // 99
  EXPECT_TRUE(due.round_ends(round_of(1, 0)));   // 100
  EXPECT_FALSE(due.round_ends(round_of(99, 0)));
  EXPECT_TRUE(due.round_ends(round_of(50, 9)));
  EXPECT_FALSE(due.round_ends({}));
}

TEST(full_checkpoints, fall_on_the_same_rounds_after_any_restarts) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 rng{seed};
  full_checkpoints calm{500};
  full_checkpoints rough{500};
  uint64_t stored = 0; // cost of the blocks since the last full one
  for (int i = 0; i < 500; ++i) {
    const auto blocks = round_of(rng() % 40, rng() % 5);
    const bool full = calm.round_ends(blocks);
    ASSERT_EQ(rough.round_ends(blocks), full) << "round " << i;
    for (const auto& x : blocks)
      stored += storage::replay_cost(x->block);
    if (full)
      stored = 0;
    if (rng() % 3 == 0) {
      rough = full_checkpoints{500};
      rough.restored(stored);
    }
  }
}

} // namespace
} // namespace sluice
