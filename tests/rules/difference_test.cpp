#include "rules/difference.hpp"
#include "rules/ids.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace sluice {
namespace {

enum class color : uint8_t { red, blue };

struct leaf {
  u256 amount;
  double ratio = 0;
  std::string name;
  SLUICE_FIELDS(amount, ratio, name)
};

struct tree {
  miner_uid uid;
  std::vector<leaf> leaves;
  std::optional<leaf> best;
  std::vector<std::pair<uint16_t, uint16_t>> row;
  bool tall = false;
  color paint = color::red;
  SLUICE_FIELDS(uid, leaves, best, row, tall, paint)
};

tree some_tree() {
  return {{3},
          {{u256{7U}, 0.5, "a"}, {u256{8U}, 0.25, "b"}},
          leaf{u256{9U}, 1, "c"},
          {{1, 2}, {3, 4}},
          true,
          color::blue};
}

std::string difference(const tree& a, const tree& b) {
  uint64_t count = 0;
  return first_difference(std::string{}, a, b, count);
}

TEST(difference, is_empty_when_there_is_none_and_every_value_was_compared) {
  uint64_t count = 0;
  EXPECT_EQ(first_difference(std::string{"tree"}, some_tree(), some_tree(), count), "");
  EXPECT_EQ(count, 1U + 2 * 3 + 3 + 2 * 2 + 1 + 1);
}

TEST(difference, names_the_path_and_both_values) {
  const auto a = some_tree();
  auto b = a;
  b.leaves[1].amount = u256{80U};
  EXPECT_EQ(difference(a, b), "leaves[1].amount: 8, 80");
  b = a;
  b.best->name = "z";
  EXPECT_EQ(difference(a, b), "best.name: \"c\", \"z\"");
  b = a;
  b.row[1].second = 5;
  EXPECT_EQ(difference(a, b), "row[1].second: 4, 5");
  b = a;
  b.row[0].first = 9;
  EXPECT_EQ(difference(a, b), "row[0].first: 1, 9");
  b = a;
  b.tall = false;
  EXPECT_EQ(difference(a, b), "tall: true, false");
  b = a;
  b.paint = color::red;
  EXPECT_EQ(difference(a, b), "paint: 1, 0");
  b = a;
  b.uid = {4};
  EXPECT_EQ(difference(a, b), "uid: 3, 4"); // an id is its value
}

TEST(difference, the_first_in_the_order_of_the_fields_wins) {
  const auto a = some_tree();
  auto b = a;
  b.tall = false;
  b.leaves[0].ratio = 2;
  b.leaves[0].name = "x";
  EXPECT_TRUE(difference(a, b).starts_with("leaves[0].ratio: ")) << difference(a, b);
  uint64_t count = 0;
  (void)first_difference(std::string{}, a, b, count);
  EXPECT_EQ(count, 3U); // uid, amount, ratio: then it stops
}

TEST(difference, lengths_and_absence_are_differences) {
  const auto a = some_tree();
  auto b = a;
  b.leaves.pop_back();
  EXPECT_EQ(difference(a, b), "leaves: 2 entries, 1");
  b = a;
  b.best.reset();
  EXPECT_EQ(difference(a, b), "best: there, absent");
  EXPECT_EQ(difference(b, a), "best: absent, there");
  auto c = b;
  EXPECT_EQ(difference(b, c), "");
}

TEST(difference, sees_the_last_bit_of_a_double) {
  const auto a = some_tree();
  auto b = a;
  b.leaves[0].ratio = std::nextafter(0.5, 1);
  EXPECT_NE(difference(a, b), "");
}

TEST(difference, doubles_are_compared_bit_for_bit) {
  uint64_t count = 0;
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(first_difference(std::string{"x"}, nan, nan, count), "");
  EXPECT_NE(first_difference(std::string{"x"}, 0.0, -0.0, count), "");
}

} // namespace
} // namespace sluice
