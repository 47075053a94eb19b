#include "io/config/config_file.hpp"
#include "io/leads/section.hpp"
#include "rules/leads/calls.hpp"
#include "rules/leads/node_settings.hpp"

#include <gtest/gtest.h>

#include <array>

namespace sluice::io {
namespace {

const std::string head_of_leads = R"(name = "x"
[validator]
hotkey = "validator"
uid = 1
[weights]
shares = { leads = 1.0 }
[[miners]]
uid = 2
hotkey = "a"
strategy = "both"
mechanism = "leads"
)";

result<node_config> with_leads(const std::string& text) {
  const std::array sections{leads_section()};
  return parse_config(head_of_leads + "[leads]\n" + text, "leads.toml", sections);
}

TEST(leads_section, has_the_defaults_of_the_rules) {
  const auto config = with_leads("");
  ASSERT_TRUE(config) << config.error().what;
  EXPECT_EQ(*find_leads(*config), leads_node_settings{});
}

TEST(leads_section, writes_what_it_reads) {
  const auto config = with_leads(R"(project = "neat-coast"
network = "test"
window_days = 14
w_curated = 0.5
w_sourced = 0.25
policy = "v2"
k_miner = "5F3"
emission = 12.5
interval_s = 1800
retry_s = [60, 120]
publish_bound_s = 60
miner_deadline_s = 20
fallback_polls = 3
fallback_poll_s = 7
poll_batch = 10
idle_s = 2
rank_command = ["/usr/bin/rank", "--best first"]
rank_deadline_s = 5
disposable_domains = "/etc/domains.txt"
open_routes = ["/api/leads", "/leads"]
[leads.world]
seed = 12345678901234567
start_s = 1700000000
)");
  ASSERT_TRUE(config) << config.error().what;
  const auto& own = *find_leads(*config);
  EXPECT_EQ(own.rules.policy, share_policy::v2);
  EXPECT_EQ(own.rules.retry_s, (std::vector<uint64_t>{60, 120}));
  EXPECT_EQ(own.rules.rank_command, (std::vector<std::string>{"/usr/bin/rank", "--best first"}));
  ASSERT_TRUE(own.world);
  EXPECT_EQ(own.world->seed, 12345678901234567U);
  toml_text text;
  leads_section().write(text, config->mechanisms.at("leads"));
  const std::array sections{leads_section()};
  const auto again = parse_config(head_of_leads + std::move(text).take(), "again.toml", sections);
  ASSERT_TRUE(again) << again.error().what;
  EXPECT_EQ(*find_leads(*again), own);
}

TEST(leads_section, states_the_place_of_a_mistake) {
  for (const auto& [text, part] : std::vector<std::pair<std::string, std::string>>{
         {"window_days = 0\n",
          "leads.toml:13:15: leads.window_days: expected an integer from 1 to"},
         {"w_curated = 0.0\nw_sourced = 0.0\n", "w_curated or w_sourced above 0"},
         {"policy = \"rato\"\n", "did you mean \"ratio\"?"},
         {"retry_s = []\n", "leads.retry_s: expected an array of 1 to 16 integers"},
         {"retry_s = [600, 0]\n", "leads.retry_s[1]: expected an integer from 1 to 86400, got 0"},
         {"open_routes = [\"/lead\"]\n", "leads.open_routes: expected paths out of /api/leads"},
         {"wnidow_days = 3\n", "did you mean window_days?"}}) {
    const auto config = with_leads(text);
    ASSERT_FALSE(config) << text;
    EXPECT_EQ(config.error().code, ec::bad_input);
    EXPECT_NE(config.error().what.find(part), std::string::npos) << config.error().what;
  }
}

TEST(leads_section, opens_every_signed_path_and_no_other) {
  std::string all;
  for (const auto path : leads_paths)
    all.append(all.empty() ? "\"" : ", \"").append(path).append("\"");
  EXPECT_TRUE(with_leads("open_routes = [" + all + "]\n"));
}

TEST(leads_section, knows_the_strategies_of_its_miners) {
  EXPECT_EQ(leads_section().strategy_fault("both:seed=3"), "");
  EXPECT_NE(leads_section().strategy_fault("wide"), "");
}

} // namespace
} // namespace sluice::io
