#include "tools/bounded_command.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace sluice::tools {
namespace {

result<std::string>
shell(const std::string& text, std::string_view input = "", const command_bounds& bounds = {}) {
  return run_bounded({"/bin/sh", "-c", text}, input, bounds);
}

TEST(bounded_command, hands_over_the_input_and_answers_the_output) {
  std::string large(3'000'000, 'x'); // more than a pipe holds, both ways at once
  for (size_t i = 0; i < large.size(); i += 1000)
    large[i] = '\n';
  const auto same = run_bounded({"cat"}, large, {10'000, size_t{4} << 20});
  ASSERT_TRUE(same) << same.error().what;
  EXPECT_EQ(*same, large);
  EXPECT_EQ(*run_bounded({"printf", "%s|%s", "a b", "$HOME"}, "", {}), "a b|$HOME"); // no shell
}

TEST(bounded_command, may_end_without_reading_its_input) {
  const auto end = shell("exec 0<&-; echo done", std::string(1'000'000, 'x'));
  ASSERT_TRUE(end) << end.error().what;
  EXPECT_EQ(*end, "done\n");
}

TEST(bounded_command, is_killed_with_what_it_started_when_it_takes_too_long) {
  const auto before = std::chrono::steady_clock::now();
  for (const auto* text : {"sleep 60", "sleep 60 & sleep 60; wait", "exec 1>&-; sleep 60"}) {
    const auto late = shell(text, "", {100, 1000});
    ASSERT_FALSE(late) << text;
    EXPECT_EQ(late.error().code, ec::timeout) << text;
    EXPECT_EQ(late.error().what, "/bin/sh: has not ended within 100 ms");
  }
  EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::seconds(30));
}

TEST(bounded_command, is_killed_when_it_writes_too_much) {
  const auto loud = run_bounded({"yes"}, "", {10'000, 1000});
  ASSERT_FALSE(loud);
  EXPECT_EQ(loud.error().code, ec::out_of_range);
  EXPECT_EQ(loud.error().what, "yes: writes more than 1000 bytes");
}

TEST(bounded_command, states_how_it_failed) {
  EXPECT_EQ(shell("exit 3").error().what, "/bin/sh: exit code 3");
  EXPECT_EQ(shell("kill -9 $$").error().what, "/bin/sh: ended by signal 9");
  const auto absent = run_bounded({"/nowhere/at-all"}, "", {});
  ASSERT_FALSE(absent);
  EXPECT_EQ(absent.error().code, ec::unreachable);
  EXPECT_EQ(absent.error().what, "/nowhere/at-all: cannot be started: No such file or directory");
  EXPECT_EQ(run_bounded({}, "", {}).error().code, ec::bad_input);
}

} // namespace
} // namespace sluice::tools
