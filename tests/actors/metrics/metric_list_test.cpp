#include "actors/metrics/metric_list.hpp"

#include <gtest/gtest.h>

namespace sluice {
namespace {

TEST(metric_list, gathers_points_under_their_name) {
  metric_list all;
  all.gauge("b", "Level", 2);
  all.counter("a_total", "Count", 1, {{"job", "x"}});
  all.counter("a_total", "Count", 3, {{"job", "y"}});
  const auto taken = all.take();
  ASSERT_EQ(taken.size(), 2u);
  EXPECT_EQ(taken[0].name, "a_total");
  EXPECT_EQ(taken[0].kind, net::metric_kind::counter);
  ASSERT_EQ(taken[0].points.size(), 2u);
  EXPECT_EQ(taken[0].points[1].value, 3);
  EXPECT_EQ(taken[0].points[1].labels[0].second, "y");
  EXPECT_EQ(taken[1].kind, net::metric_kind::gauge);
  EXPECT_EQ(taken[1].help, "Level");
  EXPECT_TRUE(all.take().empty());
}

} // namespace
} // namespace sluice
