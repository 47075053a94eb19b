// Keys that are set beside a configuration file, by flags and by the environment.
#include "io/config/config_file.hpp"
#include "io/config/setting_override.hpp"
#include "tests/support/sections.hpp"

#include <gtest/gtest.h>

#include <sstream>

namespace {

using namespace sluice;
using namespace sluice::io;

const char* const override_file = "name = \"x\"\nseed = 1\n[validator]\nhotkey = \"v\"\nuid = 9\n"
                                  "[chain]\ntempo = 100\n[weights]\nshares = { leads = 1.0 }\n"
                                  "[leads]\n[[miners]]\nuid = 1\nhotkey = \"a\"\n"
                                  "mechanism = \"leads\"\nstrategy = \"curator\"\n";

std::vector<setting_override> overrides_typed(const std::vector<std::string>& texts) {
  std::vector<setting_override> all;
  for (const auto& text : texts) {
    auto one = parse_override(text);
    EXPECT_TRUE(one) << text;
    if (one)
      all.push_back(*std::move(one));
  }
  return all;
}

result<node_config>
config_with(const std::vector<setting_override>& set, std::vector<std::string>* notes = nullptr) {
  return parse_config(override_file, "x.toml", test::sections(), notes, 0, set);
}

std::string override_refused(const std::vector<std::string>& texts) {
  const auto config = config_with(overrides_typed(texts));
  EXPECT_FALSE(config);
  return config ? "" : config.error().what;
}

TEST(setting_override, counts_instead_of_the_file) {
  const auto config = config_with(overrides_typed({"chain.tempo=77", "name=other", "seed=5"}));
  ASSERT_TRUE(config) << config.error().what;
  EXPECT_EQ(config->chain.tempo, 77U);
  EXPECT_EQ(config->name, "other"); // what is no value of TOML is a text
  EXPECT_EQ(config->seed, 5U);
}

TEST(setting_override, makes_a_table_that_is_not_there_and_the_last_one_wins) {
  const auto config
    = config_with(overrides_typed({"metrics.listen=127.0.0.1:1", "metrics.listen=127.0.0.1:2"}));
  ASSERT_TRUE(config) << config.error().what;
  EXPECT_EQ(config->network.metrics, "127.0.0.1:2");
}

TEST(setting_override, reaches_an_entry_of_a_list) {
  const auto config = config_with(overrides_typed({"miners.0.uid=3"}));
  ASSERT_TRUE(config) << config.error().what;
  EXPECT_EQ(config->miners.at(0).uid.value, 3U);
  EXPECT_NE(override_refused({"miners.7.uid=3"}).find("expected a table under miners[7]"),
            std::string::npos);
}

TEST(setting_override, that_is_wrong_is_named_by_where_it_comes_from) {
  EXPECT_EQ(override_refused({"chain.tempo=0"}),
            "--set chain.tempo: chain.tempo: expected an integer from 1 to 1000000, got 0");
  EXPECT_TRUE(override_refused({"chain.tmpo=1"}).starts_with("--set chain.tmpo: chain.tmpo: "))
    << override_refused({"chain.tmpo=1"});
  EXPECT_EQ(override_refused({"chain.tempo.x=1"}),
            "--set chain.tempo.x: expected a table under chain.tempo, and there is none");
}

TEST(setting_override, does_not_configure_a_mechanism) {
  EXPECT_EQ(override_refused({"trading.step_s=1"}),
            "--set trading.step_s: expected a configuration with [trading], got one without");
}

TEST(setting_override, has_a_form) {
  for (const auto* text : {"", "chain.tempo", "=1", "Chain.x=1", "a..b=1", ".a=1", "a.=1", "a b=1"})
    EXPECT_FALSE(parse_override(text)) << text;
  EXPECT_FALSE(parse_override(std::string(200, 'a') + "=1"));
  EXPECT_FALSE(parse_override("a=" + std::string(5000, '1')));
  const auto good = parse_override("a.b_c.1=x=y");
  ASSERT_TRUE(good);
  EXPECT_EQ(good->key, "a.b_c.1");
  EXPECT_EQ(good->value, "x=y");
}

TEST(setting_override, takes_no_second_line) {
  const auto config = config_with(overrides_typed({"name=\"a\"\nseed = 9"}));
  ASSERT_FALSE(config);
  EXPECT_NE(config.error().what.find("--set name: name: expected"), std::string::npos)
    << config.error().what;
}

TEST(setting_override, comes_out_of_the_environment) {
  const std::vector<std::string> variables{"SLUICE_CHAIN_TEMPO=55", "SLUICE_LEADS_WINDOW_DAYS=7",
                                           "SLUICE_TRADING_STEP_S=1", "SLUICE_DATA=there",
                                           "PATH=/bin"};
  const auto set = overrides_in_environment(variables, test::sections());
  ASSERT_TRUE(set);
  ASSERT_EQ(set->size(), 3U);
  const auto config = config_with(*set);
  ASSERT_TRUE(config) << config.error().what; // [trading] is not there: not a mistake
  EXPECT_EQ(config->chain.tempo, 55U);
  EXPECT_FALSE(config->mechanisms.contains("trading"));
  const auto wrong
    = overrides_in_environment(std::vector<std::string>{"SLUICE_CHAIN_TEMPO=x"}, test::sections());
  const auto refused = config_with(*wrong);
  ASSERT_FALSE(refused);
  EXPECT_TRUE(refused.error().what.starts_with("SLUICE_CHAIN_TEMPO: chain.tempo: expected"))
    << refused.error().what;
}

TEST(setting_override, finds_keys_inside_of_tables_by_the_longest_name) {
  mechanism_section one;
  one.name = "one";
  one.keys = {"feed", "feed_s", "feed_old", "tiers"};
  const std::vector<mechanism_section> all{one};
  const auto key_of = [&](const std::string& variable) {
    const auto set = overrides_in_environment(std::vector{variable + "=1"}, all);
    return set && set->size() == 1 ? set->front().key : "";
  };
  EXPECT_EQ(key_of("SLUICE_ONE_FEED_S"), "one.feed_s");
  EXPECT_EQ(key_of("SLUICE_ONE_FEED_URL"), "one.feed.url");
  EXPECT_EQ(key_of("SLUICE_ONE_FEED_OLD_URL"), "one.feed_old.url");
  EXPECT_EQ(key_of("SLUICE_ONE_TIERS_1_WINDOW_DAYS"), "one.tiers.1.window_days");
  EXPECT_EQ(key_of("SLUICE_ONE_OTHER"), "one.other"); // and is refused where it is read
  EXPECT_EQ(key_of("SLUICE_ONE_"), "");
}

TEST(setting_override, by_an_original_name_counts_where_its_mechanism_is_configured) {
  original_name name;
  name.flag = "netuid";
  name.variable = "NETUID";
  name.key = "chain.netuid";
  std::vector<std::string> notes;
  const std::vector flag{override_of(name, "leads", "30", false)};
  const auto config = config_with(flag, &notes);
  ASSERT_TRUE(config) << config.error().what;
  EXPECT_EQ(config->chain.netuid, 30U);
  ASSERT_EQ(notes.size(), 1U);
  EXPECT_EQ(notes[0], "--netuid: is called chain.netuid here");
  EXPECT_FALSE(config_with({override_of(name, "trading", "30", false)}));
  const auto ignored = config_with({override_of(name, "trading", "30", true)}, &notes);
  ASSERT_TRUE(ignored);
  EXPECT_NE(ignored->chain.netuid, 30U);
  EXPECT_EQ(notes.size(), 1U);
}

} // namespace
