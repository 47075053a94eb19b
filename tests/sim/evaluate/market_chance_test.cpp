#include "sim/evaluate/market_chance.hpp"

#include <gtest/gtest.h>

namespace sluice {
namespace {

TEST(market_chance, splitmix64_gives_the_published_numbers) {
  uint64_t state = 1234567;
  for (const uint64_t expected : {6457827717110365317U, 3203168211198807973U, 9817491932198370423U,
                                  4593380528125082431U, 16408922859458223821U})
    EXPECT_EQ(splitmix64(state), expected);
}

TEST(market_chance, xoshiro256_gives_the_published_numbers) {
  chance luck{chance::state_type{1, 2, 3, 4}};
  for (const uint64_t expected :
       {uint64_t{11520}, uint64_t{0}, uint64_t{1509978240}, 1215971899390074240U,
        1216172134540287360U, 607988272756665600U, 16172922978634559625U, 8476171486693032832U,
        10595114339597558777U, 2904607092377533576U})
    EXPECT_EQ(luck.next(), expected);
}

TEST(market_chance, a_saved_state_goes_on_where_it_was) {
  chance luck{7};
  for (int i = 0; i < 100; ++i)
    luck.next();
  chance again{luck.state()};
  for (int i = 0; i < 100; ++i)
    EXPECT_EQ(luck.next(), again.next());
}

TEST(market_chance, below_stays_below_and_reaches_everything) {
  chance luck{1};
  std::array<int, 7> seen{};
  for (int i = 0; i < 70'000; ++i)
    ++seen.at(luck.below(7));
  for (const int n : seen)
    EXPECT_NEAR(n, 10'000, 500);
}

TEST(market_chance, uniform_and_normal_have_their_moments) {
  chance luck{2};
  constexpr int n = 200'000;
  double uniform = 0;
  double sum = 0;
  double squares = 0;
  for (int i = 0; i < n; ++i) {
    const double u = luck.unit();
    ASSERT_GE(u, 0);
    ASSERT_LT(u, 1);
    uniform += u;
    const double x = luck.normal();
    ASSERT_LE(std::abs(x), 6);
    sum += x;
    squares += x * x;
  }
  EXPECT_NEAR(uniform / n, 0.5, 0.005);
  EXPECT_NEAR(sum / n, 0, 0.01);
  EXPECT_NEAR(squares / n, 1, 0.02);
}

TEST(market_chance, heavy_is_a_pareto_tail_that_is_cut) {
  chance luck{3};
  constexpr int n = 200'000;
  int beyond2 = 0;
  int beyond10 = 0;
  for (int i = 0; i < n; ++i) {
    const double x = luck.heavy(100);
    ASSERT_GE(x, 1);
    ASSERT_LE(x, 100);
    beyond2 += x > 2 ? 1 : 0;
    beyond10 += x > 10 ? 1 : 0;
  }
  EXPECT_NEAR(beyond2 / double{n}, 1.0 / 4, 0.01);
  EXPECT_NEAR(beyond10 / double{n}, 1.0 / 100, 0.002);
}

} // namespace
} // namespace sluice
