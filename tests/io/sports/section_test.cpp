#include "io/config/config_file.hpp"
#include "io/config/config_write.hpp"
#include "io/sports/section.hpp"
#include "rules/sports/node_settings.hpp"

#include <gtest/gtest.h>

#include <array>

namespace sluice::io {
namespace {

const std::string head_of_sports = R"(name = "x"
[validator]
hotkey = "validator"
uid = 1
[weights]
shares = { sports = 1.0 }
)";

result<node_config> with_sports(const std::string& text) {
  const std::array sections{sports_section()};
  return parse_config(head_of_sports + "[sports]\n" + text, "sports.toml", sections);
}

TEST(sports_section, has_the_defaults_of_the_rules) {
  const auto config = with_sports("");
  ASSERT_TRUE(config) << config.error().what;
  EXPECT_EQ(*find_sports(*config), sports_node_settings{});
}

/// Nothing but defaults that differ from those of the program would be read by chance.
TEST(sports_section, writes_what_it_reads) {
  const auto config = with_sports(R"(slots = 64
daily_limit = 500.5
wager_min = 0.01
odds_tolerance = 0.02
odds_stale_s = 0
void_after_s = 3600
roi_days = 20
roi_days_min = 6
keep_days = 60
rank_exponent = 10.0
tier_step = 0.2
blacklist_alpha = 0.8
change_threshold = 0.1
scoring_s = 600
weights_s = 1200
scoring_blocks = 10
weights_blocks = 20
retry_blocks = 5
step_s = 30
[sports.composite]
clv = 0.25
roi = 0.25
risk = 0.25
entropy = 0.25
[sports.tiers.2]
window_days = 8
wagered_min = 100.25
capacity_share = 0.5
roi_rule = true
[sports.transport]
websocket = true
http_fallback = false
websocket_heartbeat_s = 5
websocket_timeout_s = 20
freshness_s = 60
queue_max = 7
key_file = "/etc/sluice/validator.key"
[sports.world]
seed = 12345678901234567
start_s = 1700000000
step_s = 3600
teams = 6
games_per_day = 3
margin = 0.1
)");
  ASSERT_TRUE(config) << config.error().what;
  const auto& own = *find_sports(*config);
  EXPECT_EQ(own.rules.daily_limit, 500'500'000'000);
  EXPECT_EQ(own.rules.odds_tolerance, 20'000'000);
  EXPECT_EQ(own.rules.tiers[0], sports_settings{}.tiers[0]);
  EXPECT_EQ(own.rules.tiers[1], (tier_terms{8, 100'250'000'000, 0.5, true}));
  EXPECT_EQ(own.transport.queue_max, 7U);
  EXPECT_EQ(own.world->teams, 6U);
  const std::array sections{sports_section()};
  const auto again = parse_config(write_config(*config, sections), "again.toml", sections);
  ASSERT_TRUE(again) << again.error().what;
  EXPECT_EQ(*find_sports(*again), own);
}

TEST(sports_section, writes_a_feed_that_it_reads) {
  const auto config = with_sports(R"([sports.feed]
url = "https://games.example"
key_file = "/etc/sluice/feed.key"
ca_file = "/etc/sluice/ca.pem"
interval_s = 30
page_items = 50
lookback_days = 3
timeout_ms = 1000
retries = 0
)");
  ASSERT_TRUE(config) << config.error().what;
  const std::array sections{sports_section()};
  const auto again = parse_config(write_config(*config, sections), "again.toml", sections);
  ASSERT_TRUE(again) << again.error().what;
  EXPECT_EQ(find_sports(*again)->feed, find_sports(*config)->feed);
  EXPECT_EQ(find_sports(*again)->feed.url, "https://games.example");
}

TEST(sports_section, states_where_a_value_is_wrong) {
  for (const auto* const text :
       {"slots = 0\n", "slots = 1025\n", "daily_limit = 0.0\n", "wager_min = 2000.0\n",
        "keep_days = 45\n", "roi_days = 4\n", "scoring_s = 0\n", "colour = 1\n",
        "[sports.tiers.6]\nwindow_days = 3\n", "[sports.tiers.1]\nwindow_days = 46\n",
        "[sports.composite]\nclv = 1.5\n", "[sports.transport]\nwebsocket_timeout_s = 10\n",
        "[sports.feed]\nurl = \"ftp://games.example\"\n", "[sports.world]\nteams = 1\n",
        "[sports.feed]\nurl = \"http://127.0.0.1:1\"\n[sports.world]\nseed = 1\n"}) {
    const auto config = with_sports(text);
    ASSERT_FALSE(config) << text;
    EXPECT_TRUE(config.error().what.starts_with("sports.toml:")) << config.error().what;
  }
}

} // namespace
} // namespace sluice::io
