// The engine's fuzzer on inputs of chance: the same code as under libFuzzer, in every build.
#include "tests/fuzz/engine_input.hpp"
#include "tests/fuzz/seeds.hpp"

#include <gtest/gtest.h>

namespace sluice::test {

TEST(fuzz_engine, thousands_of_games_of_chance_agree_with_the_straight_form) {
  constexpr uint64_t seed = 20'260'101;
  RecordProperty("seed", std::to_string(seed));
  std::mt19937_64 luck{seed};
  int done = 0, reverted = 0, swaps = 0;
  for (int game = 0; game < 2000; ++game) {
    const auto end = play_engine(game_seed(luck));
    ASSERT_EQ(end.wrong, "") << "seed " << seed << ", game " << game;
    done += end.done;
    reverted += end.reverted;
    swaps += end.swaps;
  }
  // The games are not about reverts only.
  EXPECT_GT(swaps, 2000);
  EXPECT_GT(done - swaps, 4000);
  EXPECT_GT(reverted, 2000);
}

TEST(fuzz_engine, no_bytes_and_one_byte_are_games_too) {
  EXPECT_EQ(play_engine("").wrong, "");
  for (int x = 0; x < 256; ++x)
    EXPECT_EQ(play_engine(std::string(3, static_cast<char>(x))).wrong, "") << x;
}

} // namespace sluice::test
