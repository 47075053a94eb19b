#include "actors/trading/deliveries.hpp"

#include <gtest/gtest.h>

namespace sluice::test {
namespace {

source_rows rows(const std::string& coldkey, size_t events) {
  source_rows x;
  x.coldkey = coldkey;
  x.events.resize(events);
  return x;
}

TEST(deliveries, one_is_out_until_it_is_durable) {
  deliveries x;
  x.begin("feed", 7);
  EXPECT_EQ(x.next().mark, (delivery_mark{7, 0}));
  EXPECT_TRUE(x.next().rows->empty());
  x.add(rows("a", 2));
  x.add(rows("b", 3));
  EXPECT_EQ(x.events(), 5U);
  const auto first = x.next();
  EXPECT_EQ(first.feed, "feed");
  EXPECT_EQ(first.mark, (delivery_mark{7, 1}));
  EXPECT_EQ(first.rows->size(), 2U);
  EXPECT_FALSE(first.more);
  x.add(rows("c", 1));
  EXPECT_EQ(x.next().rows, first.rows);
  EXPECT_TRUE(x.next().more);
  EXPECT_EQ(x.waiting(), 3U);
  EXPECT_TRUE(x.durable({6, 1}).empty());
  EXPECT_TRUE(x.durable({7, 0}).empty());
  EXPECT_TRUE(x.durable({7, 2}).empty());
  EXPECT_EQ(x.durable({7, 1}).size(), 2U);
  EXPECT_TRUE(x.durable({7, 1}).empty()); // reported once more
  EXPECT_EQ(x.events(), 1U);
  EXPECT_EQ(x.next().mark, (delivery_mark{7, 2}));
}

TEST(deliveries, are_bounded_but_for_one_long_reading) {
  deliveries x;
  x.begin("feed", 1);
  x.add(rows("a", 50'000));
  for (int i = 0; i < 3; ++i)
    x.add(rows("b", 15'000));
  EXPECT_EQ(x.next().rows->size(), 1U);
  x.durable({1, 1});
  EXPECT_EQ(x.next().rows->size(), 2U);
  EXPECT_TRUE(x.next().more);
}

} // namespace
} // namespace sluice::test
