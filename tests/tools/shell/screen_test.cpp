#include "tools/shell/screen.hpp"

#include <gtest/gtest.h>

#include <csignal>

namespace sluice::tools {

namespace {

int raised = 0;

TEST(interruptions, catch_ctrl_c_once_and_let_it_go) {
  {
    const interruptions caught;
    EXPECT_FALSE(take_interruption());
    std::raise(SIGINT);
    EXPECT_TRUE(take_interruption());
    EXPECT_FALSE(take_interruption());
  }
  EXPECT_FALSE(take_interruption());
}

TEST(interruptions, raise_a_wish_to_end_again_when_all_is_cleaned_up) {
  std::signal(SIGTERM, [](int) { ++raised; });
  {
    const interruptions caught;
    std::raise(SIGTERM);
    EXPECT_TRUE(take_interruption());
    EXPECT_TRUE(take_interruption()) << "whoever waits next ends as well";
    EXPECT_EQ(raised, 0);
  }
  EXPECT_EQ(raised, 1);
  std::signal(SIGTERM, SIG_DFL);
}

TEST(interruptions, may_be_caught_inside_of_others) {
  const interruptions outer;
  {
    const interruptions inner;
    std::raise(SIGINT);
  }
  EXPECT_FALSE(take_interruption()); // the inner one's
  std::raise(SIGINT);
  EXPECT_TRUE(take_interruption());
}

} // namespace

} // namespace sluice::tools
