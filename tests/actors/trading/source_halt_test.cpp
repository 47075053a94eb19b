#include "actors/trading/source_halt.hpp"

#include <gtest/gtest.h>

namespace sluice {
namespace {

TEST(source_halt, holds_while_it_is_paused_or_stopped) {
  source_halt halt;
  source_view view;
  view.feed = "stats";
  view.health = source_health::good;
  halt.show(view);
  EXPECT_FALSE(halt.holds());
  EXPECT_EQ(view.health, source_health::good);
  EXPECT_EQ(*halt.obey(source_order::look, view), true);
  EXPECT_EQ(*halt.obey(source_order::pause, view), false);
  halt.show(view);
  EXPECT_TRUE(halt.holds());
  EXPECT_EQ(view.health, source_health::paused);
  const auto refused = halt.obey(source_order::look, view);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ec::refused);
  EXPECT_EQ(refused.error().what, "feed stats is paused: resume it first");
  halt.stop("rows.jsonl:3: no event");
  halt.show(view);
  EXPECT_EQ(view.health, source_health::stopped) << "it was paused, too";
  EXPECT_EQ(halt.strict_fault(), "rows.jsonl:3: no event");
  EXPECT_EQ(*halt.obey(source_order::resume, view), true);
  EXPECT_FALSE(halt.holds());
  EXPECT_EQ(halt.strict_fault(), "");
  EXPECT_EQ(view.health, source_health::starting);
  halt.stop();
  EXPECT_EQ(halt.obey(source_order::look, view).error().what,
            "feed stats is stopped: resume it first");
}

} // namespace
} // namespace sluice
