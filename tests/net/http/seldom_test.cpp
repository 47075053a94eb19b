#include "net/http/seldom.hpp"

#include <gtest/gtest.h>

namespace sluice::net {
namespace {

TEST(seldom, lets_each_text_through_once_a_minute) {
  seldom x;
  EXPECT_TRUE(x.now("a", 5));
  EXPECT_FALSE(x.now("a", 60'004));
  EXPECT_TRUE(x.now("b", 60'004));
  EXPECT_TRUE(x.now("a", 60'005));
  EXPECT_FALSE(x.now("b", 60'006));
}

TEST(seldom, holds_so_many_texts_and_no_more) {
  seldom x;
  int let = 0;
  for (int i = 0; i < 1'000; ++i)
    let += x.now(std::to_string(i), 1) ? 1 : 0;
  EXPECT_EQ(let, 64);
  EXPECT_TRUE(x.now("later", 60'001));
}

} // namespace
} // namespace sluice::net
