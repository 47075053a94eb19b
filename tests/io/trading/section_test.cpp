#include "io/config/config_file.hpp"
#include "io/config/config_write.hpp"
#include "io/trading/section.hpp"
#include "rules/trading/config.hpp"
#include "rules/trading/name.hpp"

#include <gtest/gtest.h>

#include <array>

namespace sluice::io {

namespace {

const std::string trading_head = R"(
[validator]
hotkey = "validator"
uid = 9

[weights]
shares = { trading = 1.0 }

)";

const std::string trading_feeds = R"(
[[trading.feeds]]
name = "recorded"
kind = "file"
path = "stakes.jsonl"
strict = true

[[trading.feeds]]
name = "stats"
kind = "taostats"
url = "https://api.taostats.io"
key_file = "taostats.key"
page_size = 50

[[trading.feeds]]
name = "app"
kind = "taoapp"
url = "https://api.tao.app"
key_file = "app.key"
ca_file = "ca.pem"
mapping = "by_direction"
)";

result<node_config> read_trading_text(const std::string& text) {
  const std::array sections{trading_section()};
  return parse_config(trading_head + text, "node.toml", sections);
}

const trading_settings& settings_of(const node_config& x) {
  return *x.mechanisms.at(std::string{trading_name}).find<trading_settings>();
}

} // namespace

TEST(trading_section, reads_every_kind_of_feed_and_keeps_the_defaults) {
  const auto config = read_trading_text("[trading]\nworld = \"world.jsonl\"\n" + trading_feeds);
  ASSERT_TRUE(config) << config.error().what;
  const auto& x = settings_of(*config);
  ASSERT_EQ(x.feeds.size(), 3U);
  EXPECT_EQ(x.feeds[0].path, "stakes.jsonl");
  EXPECT_TRUE(x.feeds[0].strict);
  EXPECT_EQ(x.feeds[1].kind, trading_feed_kind::taostats);
  EXPECT_EQ(x.feeds[1].page_size, 50U);
  EXPECT_EQ(x.feeds[2].mapping, tao_mapping::by_direction);
  EXPECT_EQ(x.world_file, "world.jsonl");
  EXPECT_EQ(x.ledger.min_hold_blocks, 360U);
  EXPECT_EQ(x.score.lookback_days, 21U);
  EXPECT_EQ(x.retention.retention_days, 180U);
  EXPECT_EQ(x.thresholds.failed_operations_per_hour, 10U);
  EXPECT_FALSE(x.now_us);
}

TEST(trading_section, reads_back_what_it_writes) {
  const auto config = read_trading_text(R"([trading]
now = "2025-08-20T12:00:00Z"
score_every_s = 60
snapshot_every_s = 7200
blacklist = ["5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty"]
[trading.ledger]
dust_units = 5
min_hold_blocks = 0
block_seconds = 6
over_close = "strict"
[trading.score]
policy = "legacy_minmax"
value = "roi"
lookback_days = 7
min_trades = 3
min_volume_rao = 100000000000
[trading.retention]
retention_days = 30
archive_after_days = 1
snapshot_days = 9
[trading.thresholds]
cpu = 0.5
open_files = 12
)" + trading_feeds);
  ASSERT_TRUE(config) << config.error().what;
  EXPECT_EQ(settings_of(*config).now_us, 1'755'691'200'000'000);
  EXPECT_EQ(settings_of(*config).ledger.rest, over_close::strict);
  const std::array sections{trading_section()};
  const auto again = parse_config(write_config(*config, sections), "again", sections);
  ASSERT_TRUE(again) << again.error().what;
  EXPECT_EQ(settings_of(*again), settings_of(*config));
}

TEST(trading_section, names_every_file_and_lets_it_be_placed) {
  const auto config = read_trading_text("[trading]\nworld = \"world.jsonl\"\n" + trading_feeds);
  ASSERT_TRUE(config) << config.error().what;
  const auto section = trading_section();
  auto settings = config->mechanisms.at(std::string{trading_name});
  section.place_inputs(settings, [](std::string& path) {
    if (!path.empty())
      path = "there/" + path;
  });
  std::vector<std::string> paths;
  for (const auto& x : section.inputs(settings))
    paths.push_back(x.path);
  EXPECT_EQ(paths,
            (std::vector<std::string>{"there/world.jsonl", "there/stakes.jsonl",
                                      "there/taostats.key", "there/app.key", "there/ca.pem"}));
  EXPECT_EQ(section.summary(settings), "3 feeds of stakes");
}

TEST(trading_section, refuses_what_cannot_be_with_the_place_and_what_was_expected) {
  const std::string file = "[[trading.feeds]]\nname = \"a\"\nkind = \"file\"\npath = \"x\"\n";
  const std::string world = "[[trading.feeds]]\nname = \"w\"\nkind = \"world\"\n";
  const std::vector<std::pair<std::string, std::string>> wrong{
    {"[trading]\n", "feeds"},
    {"[[trading.feeds]]\nname = \"a\"\nkind = \"file\"\n", "path"},
    {file + "url = \"https://x\"\n", "url"},
    {file + "mapping = \"in_is_tao\"\n", "mapping"},
    {"[[trading.feeds]]\nname = \"a\"\nkind = \"taostats\"\nurl = \"https://x\"\n", "key_file"},
    {"[[trading.feeds]]\nname = \"a\"\nkind = \"taostats\"\nurl = \"x\"\nkey_file = \"k\"\n",
     "url"},
    {file + file, "a name that no other feed has"},
    {file + world, "as the only feed"},
    {"[trading]\nworld = \"f\"\n" + world, "no file beside"},
    {"[trading]\nnow = \"yesterday\"\n" + file, "a time as"},
    {"[trading]\nblacklist = [\"me\"]\n" + file, "48 characters"},
    {"[trading.score]\nlookback_days = 0\n" + file, "lookback_days"},
    {"[trading.ledger]\nover_close = \"maybe\"\n" + file, "over_close"},
    {"[trading.thresholds]\ncpu = 1.5\n" + file, "cpu"},
  };
  for (const auto& [text, expected] : wrong) {
    const auto config = read_trading_text(text);
    ASSERT_FALSE(config) << text;
    EXPECT_EQ(config.error().code, ec::bad_input);
    EXPECT_NE(config.error().what.find(expected), std::string::npos) << config.error().what;
    EXPECT_TRUE(config.error().what.starts_with("node.toml:")) << config.error().what;
  }
}

} // namespace sluice::io
