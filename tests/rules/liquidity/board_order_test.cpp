#include "rules/liquidity/board_order.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <random>
#include <vector>

namespace sluice {

namespace {

miner_score record(uint16_t uid, double combined, uint64_t scored, uint64_t refused,
                   uint64_t failed, bool eligible = true) {
  miner_score x;
  x.uid = {uid};
  x.combined_score = combined;
  x.successes = scored;
  x.refusals = refused;
  x.failures = failed;
  x.eligible = eligible;
  return x;
}

TEST(board_order, who_took_part_in_at_least_half_of_its_rounds_is_above_who_did_not) {
  EXPECT_EQ(part_of(record(1, 0, 5, 2, 3)), board_part::scored);
  EXPECT_EQ(part_of(record(1, 0, 4, 2, 3)), board_part::failed);
  EXPECT_EQ(part_of(record(1, 0, 4, 3, 3)), board_part::refused);
  EXPECT_EQ(part_of(record(1, 0, 0, 9, 0)), board_part::refused);
  EXPECT_EQ(part_of(record(1, 0, 0, 0, 1)), board_part::failed);
  EXPECT_EQ(part_of(miner_verdict::scored), board_part::scored);
  EXPECT_EQ(part_of(miner_verdict::refused), board_part::refused);
  EXPECT_EQ(part_of(miner_verdict::failed), board_part::failed);
}

/// A falling market: whoever plays is below 0.
TEST(board_order, a_record_of_silence_stands_below_a_loss) {
  std::vector<miner_score> board{record(6, 0, 0, 0, 12),       record(5, 0, 0, 12, 0),
                                 record(1, -0.0027, 12, 0, 0), record(2, -0.0001, 12, 0, 0),
                                 record(8, 0, 1, 0, 11),       record(3, 0.001, 12, 0, 0, false)};
  std::sort(board.begin(), board.end(),
            [](const auto& a, const auto& b) { return stands_above({"k"}, a, {"k"}, b); });
  std::vector<int> uids;
  for (const auto& x : board)
    uids.push_back(x.uid.value);
  EXPECT_EQ(uids, (std::vector<int>{2, 1, 3, 5, 6, 8}));
}

TEST(board_order, is_an_order_also_with_what_is_no_number) {
  const uint64_t seed = std::random_device{}();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937_64 rng{seed};
  const double scores[] = {-1, 0, 0.5, std::numeric_limits<double>::quiet_NaN()};
  std::vector<miner_score> all;
  for (int i = 0; i < 40; ++i)
    all.push_back(record(static_cast<uint16_t>(rng() % 3), scores[rng() % 4], rng() % 3, rng() % 3,
                         rng() % 3, rng() % 2 == 0));
  const auto above = [&](size_t a, size_t b) {
    return stands_above({std::to_string(a)}, all[a], {std::to_string(b)}, all[b]);
  };
  for (size_t a = 0; a < all.size(); ++a)
    for (size_t b = 0; b < all.size(); ++b) {
      EXPECT_EQ(above(a, b) + above(b, a), a != b) << a << ' ' << b;
      for (size_t c = 0; c < all.size(); ++c) {
        if (above(a, b) && above(b, c)) {
          EXPECT_TRUE(above(a, c));
        }
      }
    }
}

} // namespace

} // namespace sluice
