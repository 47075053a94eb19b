#include "io/config/config_file.hpp"
#include "io/config/config_origin.hpp"
#include "io/config/config_write.hpp"
#include "tests/support/sections.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace sluice::io {
namespace {

/// By key, of a configuration as it is in effect.
std::map<std::string, std::string>
origins_shown(const std::string& text, const std::vector<setting_override>& set = {}) {
  const auto config = parse_config(text, "c.toml", test::sections(), nullptr, 0, set);
  EXPECT_TRUE(config) << config.error().what;
  const auto origins = origins_in(text, "c.toml", test::sections(), set);
  EXPECT_TRUE(origins) << origins.error().what;
  std::map<std::string, std::string> all;
  for (const auto& x : with_origins(write_config(*config, test::sections()), *origins))
    if (!x.key.empty())
      all[x.key] = x.origin;
  return all;
}

/// Number of the line that contains this, from 1.
std::string line_with(const std::string& text, std::string_view part) {
  const auto at = text.find(part);
  return std::to_string(std::count(text.begin(), text.begin() + static_cast<ptrdiff_t>(at), '\n')
                        + 1);
}

TEST(config_origin, each_key_is_of_the_file_a_flag_a_variable_or_a_default) {
  const std::string text{dev_config_text()};
  const std::vector<setting_override> set{
    {"chain.tempo", "80", "--set chain.tempo"},
    {"liquidity.jobs.1.pool.fee", "500", "SLUICE_LIQUIDITY_JOBS_1_POOL_FEE"},
    {"trading.feeds.0.cadence_s", "600", "--set trading.feeds.0.cadence_s"}};
  const auto all = origins_shown(text, set);
  EXPECT_EQ(all.at("name"), "c.toml:" + line_with(text, "name = \"dev\""));
  EXPECT_EQ(all.at("chain.tempo"), "--set chain.tempo");
  EXPECT_EQ(all.at("weights.shares"), "c.toml:" + line_with(text, "shares = {"));
  EXPECT_EQ(all.at("miners[1].hotkey"), "c.toml:" + line_with(text, "hotkey = \"miner-wide\""));
  EXPECT_EQ(all.at("liquidity.jobs[0].pool.fee"), "c.toml:" + line_with(text, "fee = 500"));
  EXPECT_EQ(all.at("liquidity.jobs[1].pool.fee"), "SLUICE_LIQUIDITY_JOBS_1_POOL_FEE");
  EXPECT_EQ(all.at("liquidity.jobs[1].start_positions[0].tick_lower"),
            "c.toml:" + line_with(text, "tick_lower = -82920"));
  EXPECT_EQ(all.at("liquidity.jobs[1].target"), "default");
  EXPECT_EQ(all.at("trading.feeds[0].cadence_s"), "--set trading.feeds.0.cadence_s");
  EXPECT_EQ(all.at("neurons[0].uid"), "default") << "they follow from the miners";
}

TEST(config_origin, of_version_0_1_0_old_names_stand_under_the_new_ones) {
  std::string text{dev_config_text()};
  text.replace(text.find("blocks_per_step = "), 18, "blocks_per_lap = ");
  const auto all = origins_shown(text);
  EXPECT_EQ(all.at("chain.blocks_per_step"), "c.toml:" + line_with(text, "blocks_per_lap = "));
}

TEST(config_origin, is_shown_as_toml_that_means_the_same_and_as_json) {
  const std::string text{dev_config_text()};
  const auto config = parse_config(text, "c.toml", test::sections());
  const auto origins = origins_in(text, "c.toml", test::sections(), {});
  ASSERT_TRUE(config && origins);
  const auto rows = with_origins(write_config(*config, test::sections()), *origins);
  const auto again = parse_config(origins_toml(rows), "again.toml", test::sections());
  ASSERT_TRUE(again) << again.error().what;
  EXPECT_EQ(*again, *config);
  const auto json = nlohmann::json::parse(origins_json(rows));
  EXPECT_EQ(json[0]["key"], "name");
  EXPECT_EQ(json[0]["value"], "\"dev\"");
  EXPECT_EQ(json[0]["origin"], "c.toml:" + line_with(text, "name = \"dev\""));
}

} // namespace
} // namespace sluice::io
