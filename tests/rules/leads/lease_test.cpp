#include "rules/leads/lease.hpp"

#include <gtest/gtest.h>

namespace sluice {
namespace {

constexpr lease_terms short_lease{1000, 2};
const hotkey holder_one{"one"}, holder_two{"two"};

TEST(lease, lasts_its_time_and_not_a_millisecond_more) {
  const auto first = handed_out({}, "item", holder_one, 5000, short_lease);
  EXPECT_EQ(first.deliveries, 1U);
  EXPECT_EQ(first.until_ms, 6000U);
  EXPECT_EQ(first.lease.size(), 32U);
  EXPECT_EQ(status_of({}, 5000, short_lease), lease_status::waiting);
  EXPECT_EQ(status_of(first, 5999, short_lease), lease_status::leased);
  EXPECT_EQ(status_of(first, 6000, short_lease), lease_status::waiting);
  EXPECT_EQ(status_of(first, 4000, short_lease), lease_status::leased) << "the clock went back";
}

TEST(lease, is_set_aside_after_its_last_delivery) {
  const auto second = handed_out(handed_out({}, "item", holder_one, 0, short_lease), "item",
                                 holder_two, 1000, short_lease);
  EXPECT_EQ(second.deliveries, 2U);
  EXPECT_EQ(second.holder, holder_two);
  EXPECT_EQ(status_of(second, 1999, short_lease), lease_status::leased);
  EXPECT_EQ(status_of(second, 2000, short_lease), lease_status::set_aside);
}

TEST(lease, is_acknowledged_by_its_holder_in_its_time) {
  const auto x = handed_out({}, "item", holder_one, 0, short_lease);
  EXPECT_TRUE(acknowledges(x, holder_one, x.lease, 999));
  EXPECT_FALSE(acknowledges(x, holder_one, x.lease, 1000)) << "somebody else may have it";
  EXPECT_FALSE(acknowledges(x, holder_two, x.lease, 0));
  EXPECT_FALSE(acknowledges(x, holder_one, "", 0));
  EXPECT_FALSE(acknowledges({}, {}, "", 0)) << "it was never handed out";
}

TEST(lease, has_a_name_of_its_own_each_time) {
  const auto first = handed_out({}, "item", holder_one, 0, short_lease);
  EXPECT_NE(first.lease, handed_out({}, "other", holder_one, 0, short_lease).lease);
  EXPECT_NE(first.lease, handed_out({}, "item", holder_two, 0, short_lease).lease);
  EXPECT_NE(first.lease, handed_out(first, "item", holder_one, 0, short_lease).lease);
  EXPECT_EQ(first, handed_out({}, "item", holder_one, 0, short_lease));
}

} // namespace
} // namespace sluice
