#include "sim/math/tick_bitmap.hpp"
#include "tests/sim/math/math_vectors.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

namespace sluice {

using nlohmann::json;

TEST(tick_bitmap, agrees_with_the_solidity_library) {
  test::expect_vectors("tick-bitmap",
                       {{"nextInitializedTickWithinOneWord",
                         [](const json& in) {
                           auto ticks = in[0].get<std::vector<int32_t>>();
                           std::sort(ticks.begin(), ticks.end());
                           int32_t tick = in[1];
                           auto next = next_tick_within_one_word(ticks, count_up_to(ticks, tick),
                                                                 tick, in[2], in[3]);
                           return json::array({to_string(next.tick), next.initialized});
                         }}},
                       450);
}

TEST(tick_bitmap, stops_at_the_end_of_a_word_that_has_no_tick) {
  constexpr std::array<int32_t, 2> ticks{-60, 15360}; // 15360 = 256 * 60: the next word
  auto next = [&](int32_t tick, bool lte) {
    return next_tick_within_one_word(ticks, count_up_to(ticks, tick), tick, 60, lte);
  };
  EXPECT_EQ(next(0, false), (next_tick{15300, false}));
  EXPECT_EQ(next(15300, false), (next_tick{15360, true}));
  EXPECT_EQ(next(15359, true), (next_tick{0, false}));
  EXPECT_EQ(next(-1, true), (next_tick{-60, true}));
  EXPECT_EQ(next(-61, true), (next_tick{-15360, false}));
  EXPECT_EQ(next(-61, false), (next_tick{-60, true}));
}

} // namespace sluice
