#include "rules/miner/body.hpp"

#include <gtest/gtest.h>

namespace sluice {

namespace {

int written = 0;

std::string write_number(const int& x) {
  ++written;
  return "{\"number\":" + std::to_string(x) + '}';
}

TEST(miner_body, of_nothing_is_the_empty_object) {
  EXPECT_EQ(miner_body{}.text(), "{}");
  EXPECT_EQ(miner_body{}, miner_body{"{}"});
  EXPECT_EQ(miner_body{}.as<int>(), nullptr);
}

TEST(miner_body, of_a_value_becomes_text_only_where_somebody_wants_one) {
  written = 0;
  const auto body = miner_body::of(7, write_number);
  const auto copy = body;
  ASSERT_NE(copy.as<int>(), nullptr);
  EXPECT_EQ(copy.as<int>(), body.as<int>()); // one value for all copies
  EXPECT_EQ(*copy.as<int>(), 7);
  EXPECT_EQ(copy.as<long>(), nullptr);
  EXPECT_EQ(copy, body);
  EXPECT_EQ(written, 0);
  EXPECT_EQ(copy.text(), "{\"number\":7}");
  EXPECT_EQ(written, 1);
}

TEST(miner_body, is_equal_to_its_text) {
  EXPECT_EQ(miner_body::of(7, write_number), miner_body{"{\"number\":7}"});
  EXPECT_NE(miner_body::of(7, write_number), miner_body::of(8, write_number));
  EXPECT_EQ(miner_body{"{\"number\":7}"}.as<int>(), nullptr);
}

} // namespace

} // namespace sluice
