#include "sim/math/full_math.hpp"
#include "tests/sim/math/math_vectors.hpp"

#include <boost/multiprecision/cpp_int.hpp>
#include <gtest/gtest.h>

#include <random>

namespace sluice {

using nlohmann::json;
using test::one;
using test::wide;

TEST(full_math, agrees_with_the_solidity_library) {
  test::expect_vectors(
    "full-math",
    {{"mulDiv", [](const json& in) { return one(mul_div(wide(in[0]), wide(in[1]), wide(in[2]))); }},
     {"mulDivRoundingUp",
      [](const json& in) { return one(mul_div_up(wide(in[0]), wide(in[1]), wide(in[2]))); }}},
    1500);
}

namespace {

using big = boost::multiprecision::cpp_int;

big to_big(const u256& x) {
  return big(to_string(x));
}
big to_big(const u512& x) {
  return (to_big(x.high()) << 256) + to_big(x.low());
}

} // namespace

TEST(full_math, divides_512_bits_like_boost) {
  for (uint64_t seed = 1; seed <= 20'000; ++seed) {
    std::mt19937_64 random(seed);
    auto number = [&random] {
      std::array<uint64_t, 4> limbs{};
      for (auto& limb : limbs)
        limb = random() % 3 == 0 ? (random() % 2 == 0 ? ~uint64_t{0} : 0) : random();
      return u256::from_limbs(limbs) >> static_cast<unsigned>(random() % 256);
    };
    SCOPED_TRACE(seed);
    u256 a = number();
    u256 b = number();
    u256 d = number() + 1;
    u512 product = u512::mul(a, b);
    ASSERT_EQ(to_big(product), big(to_big(a) * to_big(b)));
    if (d.is_zero())
      continue;
    auto [quotient, remainder] = product.divmod(d);
    ASSERT_EQ(to_big(quotient), big(to_big(product) / to_big(d)));
    ASSERT_EQ(to_big(remainder), big(to_big(product) % to_big(d)));
  }
}

TEST(full_math, finds_products_that_do_not_fit) {
  u256 root = u256{1} << 128;
  EXPECT_EQ(mul_checked(root - 1, root + 1), u256::max());
  EXPECT_EQ(mul_checked(root, root), std::nullopt);
  EXPECT_EQ(mul_checked(u256::max(), 1), u256::max());
  EXPECT_EQ(mul_checked(0, u256::max()), u256{});
}

TEST(full_math, divides_by_zero_as_the_evm_does) {
  EXPECT_EQ(div_up(7, 0), u256{});
  EXPECT_EQ(div_up(7, 2), u256{4});
  EXPECT_EQ(div_up(8, 2), u256{4});
}

} // namespace sluice
