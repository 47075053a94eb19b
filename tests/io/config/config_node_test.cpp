#include "io/config/config_file.hpp"
#include "io/config/config_write.hpp"
#include "tests/support/sections.hpp"

#include <gtest/gtest.h>

namespace sluice::io {
namespace {

result<node_config> with_node(std::string_view table) {
  return parse_config(std::string{dev_config_text()} + '\n' + std::string{table}, "n.toml",
                      test::sections());
}

TEST(config_node, bounds_messages_and_commits_generously_when_nothing_is_given) {
  const auto config = with_node("");
  ASSERT_TRUE(config) << config.error().what;
  EXPECT_EQ(config->watchdog, (watchdog_settings{600, 300}));
  EXPECT_EQ(write_config(*config, test::sections()).find("[node]"), std::string::npos);
}

TEST(config_node, reads_its_bounds_and_writes_them_again) {
  const auto config = with_node("[node]\nhandler_seconds = 0\ncommit_seconds = 86400\n");
  ASSERT_TRUE(config) << config.error().what;
  EXPECT_EQ(config->watchdog, (watchdog_settings{0, 86'400}));
  const auto again
    = parse_config(write_config(*config, test::sections()), "again.toml", test::sections());
  ASSERT_TRUE(again) << again.error().what;
  EXPECT_EQ(*again, *config);
  EXPECT_EQ(write_scoring_config(*config, test::sections()),
            write_scoring_config(*with_node(""), test::sections()))
    << "a folder continues under any of it";
}

TEST(config_node, refuses_what_it_does_not_know_by_its_key) {
  const auto unknown = with_node("[node]\nhandler_second = 5\n");
  ASSERT_FALSE(unknown);
  EXPECT_NE(unknown.error().what.find("did you mean handler_seconds?"), std::string::npos)
    << unknown.error().what;
  const auto long_time = with_node("[node]\ncommit_seconds = 86401\n");
  ASSERT_FALSE(long_time);
  EXPECT_NE(long_time.error().what.find("node.commit_seconds: expected"), std::string::npos)
    << long_time.error().what;
}

} // namespace
} // namespace sluice::io
