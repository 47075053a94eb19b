#include "io/config/config_file.hpp"
#include "io/config/config_write.hpp"
#include "tests/support/sections.hpp"

#include <gtest/gtest.h>

#include <string>

namespace sluice::io {
namespace {

result<node_config> with_log(const std::string& text) {
  return parse_config(std::string{dev_config_text()} + '\n' + text, "dev.toml", test::sections());
}

std::string sentence_on_log(const std::string& text) {
  const auto config = with_log(text);
  return config ? "" : config.error().what;
}

TEST(config_log, is_read_and_written_back) {
  const auto config
    = with_log("[log]\nfile = \"node.log\"\nmax_bytes = 5000\nmax_age_s = 3600\nkeep = 3\n");
  ASSERT_TRUE(config) << config.error().what;
  EXPECT_EQ(config->log, (log_settings{"node.log", 5'000, 3'600, 3}));
  const auto again
    = parse_config(write_config(*config, test::sections()), "again", test::sections());
  ASSERT_TRUE(again) << again.error().what;
  EXPECT_EQ(again->log, config->log);
  const auto without = with_log("");
  ASSERT_TRUE(without);
  EXPECT_EQ(write_scoring_config(*config, test::sections()),
            write_scoring_config(*without, test::sections()))
    << "a folder continues wherever its log goes";
  EXPECT_EQ(write_config(*without, test::sections()).find("[log]"), std::string::npos);
}

TEST(config_log, what_cannot_be_is_refused_by_its_key) {
  EXPECT_NE(sentence_on_log("[log]\nfiel = \"a\"").find("did you mean file?"), std::string::npos);
  EXPECT_NE(sentence_on_log("[log]\nmax_bytes = 100").find("log.max_bytes: expected 0"),
            std::string::npos);
  EXPECT_NE(sentence_on_log("[log]\nmax_age_s = 59").find("log.max_age_s"), std::string::npos);
  EXPECT_NE(sentence_on_log("[log]\nkeep = 1001").find("log.keep"), std::string::npos);
  EXPECT_EQ(sentence_on_log("[log]\nmax_bytes = 0\nmax_age_s = 0\nkeep = 0"), "");
}

} // namespace
} // namespace sluice::io
