#include "io/config/config_file.hpp"
#include "io/consensus/section.hpp"
#include "rules/consensus/node_settings.hpp"

#include <gtest/gtest.h>

#include <array>

namespace sluice::io {
namespace {

const std::string head_of_consensus = R"(name = "x"
[validator]
hotkey = "validator"
uid = 1
[weights]
shares = { consensus = 1.0 }
)";

result<node_config> with_consensus(const std::string& text) {
  const std::array sections{consensus_section()};
  return parse_config(head_of_consensus + "[consensus]\n" + text, "consensus.toml", sections);
}

TEST(consensus_section, has_the_defaults_of_the_rules) {
  const auto config = with_consensus("");
  ASSERT_TRUE(config) << config.error().what;
  EXPECT_EQ(*find_consensus(*config), consensus_node_settings{});
}

/// Nothing but defaults that differ from those of the program would be read by chance.
TEST(consensus_section, writes_what_it_reads) {
  const auto config = with_consensus(R"(policy = "byzantine"
min_validators = 3
window_s = 120
max_conflict = 0.25
fallback_s = 600
availability = "full"
stake_full = 500.0
unproved_reports = true
share_reports = false
step_s = 60
report_key_file = "/etc/sluice/validator.key"
report_interval_s = 30
[consensus.confidence]
missing = 0.2
fresh_s = 100
recent_s = 200
[consensus.weights]
halving_s = 60
stake = true
reputation = true
[consensus.health]
coverage_min = 0.9
participation_min = 3
[consensus.tasks]
distribute_s = 5
max_miners = 7
required_miners = 3
min_miners = 2
only_reachable = false
[consensus.world]
seed = 12345678901234567
start_s = 1700000000
tasks = 9
[[consensus.report_to]]
url = "https://proxy.example"
form = "original"
key_file = "/etc/sluice/proxy.key"
mode = "first"
[[consensus.report_to]]
url = "http://127.0.0.1:8500"
[[consensus.axons]]
hotkey = "5F3"
at = "192.0.2.10:8091"
)");
  ASSERT_TRUE(config) << config.error().what;
  const auto& own = *find_consensus(*config);
  EXPECT_EQ(own.rules.policy, consensus_policy::byzantine);
  EXPECT_EQ(own.rules.tasks.max_miners, 7U);
  EXPECT_TRUE(own.rules.weights.reputation);
  EXPECT_EQ(own.reporting.report_to.size(), 2U);
  EXPECT_EQ(own.reporting.report_to[0].mode, report_mode::first);
  EXPECT_EQ(own.reporting.report_to[1].form, report_form::signed_json);
  ASSERT_TRUE(own.world);
  EXPECT_EQ(own.world->tasks, 9U);
  toml_text text;
  consensus_section().write(text, config->mechanisms.at("consensus"));
  const std::array sections{consensus_section()};
  const auto again
    = parse_config(head_of_consensus + std::move(text).take(), "again.toml", sections);
  ASSERT_TRUE(again) << again.error().what;
  EXPECT_EQ(*find_consensus(*again), own);
}

TEST(consensus_section, states_the_place_of_a_mistake) {
  for (const auto& [text, part] : std::vector<std::pair<std::string, std::string>>{
         {"window_s = 0\n", "consensus.toml:8:12: consensus.window_s: expected an integer from 1"},
         {"fallback_s = 100\n", "fallback_s: expected no less than window_s, 300"},
         {"policy = \"byzantin\"\n", "did you mean \"byzantine\"?"},
         {"wnidow_s = 3\n", "did you mean window_s?"},
         {"[consensus.weights]\nhalvign_s = 1\n", "did you mean halving_s?"},
         {"[consensus.weights]\nreputation = true\nvote_highest = 0.5\n",
          "vote_highest: expected no less than vote_share"},
         {"[consensus.confidence]\nrecent_s = 10\n", "recent_s: expected no less than fresh_s"},
         {"[consensus.tasks]\nmin_miners = 3\n", "min_miners: expected an integer from 1 to 1"},
         {"[[consensus.report_to]]\nurl = \"proxy\"\n", "expected http://HOST:PORT"},
         {"[[consensus.report_to]]\nurl = \"http://a\"\n", "`sluice keys new FILE` makes one"},
         {"[[consensus.report_to]]\nurl = \"http://a\"\nform = \"original\"\n",
          "a file with the API key"}}) {
    const auto config = with_consensus(text);
    ASSERT_FALSE(config) << text;
    EXPECT_EQ(config.error().code, ec::bad_input);
    EXPECT_NE(config.error().what.find(part), std::string::npos) << config.error().what;
  }
}

TEST(consensus_section, names_the_files_that_a_node_will_read) {
  const auto config = with_consensus("report_key_file = \"a.key\"\n[[consensus.report_to]]\n"
                                     "url = \"http://a\"\nkey_file = \"b.key\"\n");
  ASSERT_TRUE(config) << config.error().what;
  auto settings = config->mechanisms.at("consensus");
  EXPECT_EQ(consensus_section().inputs(settings).size(), 2U);
  consensus_section().place_inputs(settings, [](std::string& x) { x = "/etc/" + x; });
  EXPECT_EQ(settings.find<consensus_node_settings>()->reporting.report_key_file, "/etc/a.key");
  EXPECT_EQ(settings.find<consensus_node_settings>()->reporting.report_to[0].key_file,
            "/etc/b.key");
}

} // namespace
} // namespace sluice::io
