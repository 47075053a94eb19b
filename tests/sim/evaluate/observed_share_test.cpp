#include "sim/evaluate/observed_share.hpp"

#include <boost/multiprecision/cpp_int.hpp>
#include <gtest/gtest.h>

#include <random>

using namespace sluice;
using boost::multiprecision::cpp_int;

namespace {

cpp_int big_of(const u256& x) {
  return cpp_int{to_string(x)};
}

/// The formula as it is written: fractions on a common denominator, one floor at the end.
cpp_int by_definition(const u256& fee, fee_token paid_in, const price_span& part,
                      const price_span& step, const u256& own, const u256& pool) {
  const cpp_int a = big_of(part.low), b = big_of(part.high), A = big_of(step.low),
                B = big_of(step.high);
  cpp_int num = b - a, den = B - A;
  if (paid_in == fee_token::token0) {
    num = (b - a) * A * B;
    den = (B - A) * a * b;
  }
  return big_of(fee) * num * big_of(own) / (den * (big_of(pool) + big_of(own)));
}

u256 random_below(std::mt19937_64& rng, unsigned bits) {
  const u256 x = u256::from_limbs({rng(), rng(), rng(), rng()});
  return x >> static_cast<unsigned>(256 - rng() % bits - 1);
}

} // namespace

TEST(observed_share, agrees_with_fractions) {
  const uint64_t seed = 20'260'101;
  SCOPED_TRACE(seed);
  std::mt19937_64 rng(seed);
  for (int i = 0; i < 20'000; ++i) {
    std::array<u256, 4> prices;
    for (auto& price : prices)
      price = random_below(rng, 159) + 1;
    std::ranges::sort(prices);
    price_span step{prices[0], prices[3]};
    price_span part{rng() % 3 == 0 ? prices[0] : prices[1], rng() % 3 == 0 ? prices[3] : prices[2]};
    if (part.low == part.high)
      continue;
    const u256 fee = random_below(rng, rng() % 4 == 0 ? 255 : 100);
    const u256 own = random_below(rng, 135) + 1;
    const u256 pool = random_below(rng, 128);
    for (const auto token : {fee_token::token0, fee_token::token1})
      ASSERT_EQ(big_of(share_of_part(fee, token, part, step, own, pool)),
                by_definition(fee, token, part, step, own, pool))
        << i;
  }
}

TEST(observed_share, the_whole_step_alone_gets_the_whole_fee) {
  const price_span step{u256{1} << 96, u256{3} << 96};
  EXPECT_EQ(share_of_part(12345, fee_token::token0, step, step, 7, 0), u256{12345});
  EXPECT_EQ(share_of_part(u256::max(), fee_token::token1, step, step, 7, 0), u256::max());
}

TEST(observed_share, the_cheap_half_of_a_step_takes_more_token0_and_less_token1) {
  const price_span step{u256{1} << 96, u256{2} << 96};
  const price_span half{u256{1} << 96, u256{3} << 95}; // 1 to 1.5
  EXPECT_EQ(share_of_part(6000, fee_token::token0, half, step, 1, 1),
            u256{2000}); // 2/3 of it, halved
  EXPECT_EQ(share_of_part(6000, fee_token::token1, half, step, 1, 1), u256{1500});
}
