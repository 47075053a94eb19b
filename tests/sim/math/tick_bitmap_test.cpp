#include "sim/math/tick_bitmap.hpp"
#include "tests/sim/math/math_vectors.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <random>
#include <vector>

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

/// Every tick between the ends has the same stops, none of them strictly between the ends.
TEST(tick_bitmap, spans_are_where_both_stops_stay_the_same) {
  std::mt19937_64 luck(20261130);
  for (int i = 0; i < 3'000; ++i) {
    const std::array<int32_t, 4> spacings{1, 10, 60, 200};
    const int32_t spacing = spacings[luck() % 4];
    const auto some = [&] { return static_cast<int32_t>(luck() % 1600) * spacing - 800 * spacing; };
    std::vector<int32_t> ticks;
    for (auto n = luck() % 12; n > 0; --n)
      ticks.push_back(some());
    std::sort(ticks.begin(), ticks.end());
    ticks.erase(std::unique(ticks.begin(), ticks.end()), ticks.end());
    const int32_t tick = some() + static_cast<int32_t>(luck() % static_cast<uint64_t>(spacing));
    const auto span = span_between_stops(ticks, count_up_to(ticks, tick), tick, spacing);
    ASSERT_LE(span.low, tick);
    ASSERT_GT(span.high, tick);
    const auto stop = [&](int32_t at, bool down) {
      return next_tick_within_one_word(ticks, count_up_to(ticks, at), at, spacing, down);
    };
    for (const int32_t at : {span.low, span.high - 1, span.low + (span.high - span.low) / 2}) {
      ASSERT_EQ(stop(at, true), stop(tick, true)) << "tick " << tick << " and " << at;
      ASSERT_EQ(stop(at, false), stop(tick, false)) << "tick " << tick << " and " << at;
    }
    ASSERT_LE(stop(tick, true).tick, span.low);
    ASSERT_GE(stop(tick, false).tick, span.high);
  }
}

} // namespace sluice
