#include "io/config/config_file.hpp"
#include "io/config/config_write.hpp"
#include "io/liquidity/section.hpp"
#include "tests/support/sections.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <limits>

namespace sluice::io {
namespace {

node_config dev() {
  auto config = parse_config(dev_config_text(), "dev.toml", test::sections());
  EXPECT_TRUE(config) << config.error().what;
  return *config;
}

void expect_round_trip(const node_config& config) {
  const auto text = write_config(config, test::sections());
  const auto again = parse_config(text, "again.toml", test::sections());
  ASSERT_TRUE(again) << again.error().what << "\n" << text;
  EXPECT_EQ(*again, config) << text;
  EXPECT_EQ(write_config(*again, test::sections()), text);
}

TEST(config_write, what_is_written_reads_back_as_the_same) {
  expect_round_trip(dev());
}

TEST(config_write, the_example_for_validators_survives) {
  const auto config = read_config(SOURCE_DIR "/configs/validator.toml", test::sections());
  ASSERT_TRUE(config) << config.error().what;
  expect_round_trip(*config);
}

TEST(config_write, extreme_values_survive) {
  auto config = dev();
  config.seed = std::numeric_limits<uint64_t>::max();
  liquidity_in(config).policy = score_policy::proportional;
  config.validator = config.neurons[9].key = {"a\"b\\c"};
  config.neurons[9].stake = std::numeric_limits<uint64_t>::max();
  config.weights.shares = {{"liquidity", 1.0 / 3}, {"odd name", 0.1}};
  config.weights.moved_max = 0.1 + 0.2;
  liquidity_in(config).emission.per_epoch = 1e-7;
  auto& job = liquidity_in(config).jobs[0];
  job.start.amount0 = u128_max;
  job.start_positions = {{-887270, 887270, u128_max}};
  job.scoring.score_min = -12345.678901234567;
  job.board.trusted = {{"x"}, {"y"}};
  job.feed.price = std::nextafter(3000.0, 4000.0);
  job.active = false;
  liquidity_in(config).jobs[1].feed = {};
  liquidity_in(config).jobs[1].feed.kind = feed_kind::bars;
  liquidity_in(config).jobs[1].feed.files = {"/tmp/a \"b\".csv", "/tmp/\xc3\xa9.csv"};
  liquidity_in(config).jobs[1].model = pool_model::observed;
  liquidity_in(config).jobs[1].block_seconds = 60;
  expect_round_trip(config);
}

TEST(config_write, no_shares_at_all_survive) {
  auto config = dev();
  config.weights.shares.clear();
  expect_round_trip(config);
}

TEST(config_write, json_holds_the_same) {
  const auto json = nlohmann::json::parse(write_config_json(dev(), test::sections()));
  EXPECT_EQ(json["name"], "dev");
  EXPECT_EQ(json["liquidity"]["jobs"].size(), 2U);
  EXPECT_EQ(json["liquidity"]["jobs"][0]["id"], "weth-usdc");
  EXPECT_EQ(json["liquidity"]["jobs"][0]["pool"]["fee"], 500);
  EXPECT_EQ(json["liquidity"]["jobs"][0]["feed"]["volatility_per_day"], 0.04);
  EXPECT_EQ(json["liquidity"]["jobs"][0]["start"]["amount0"], "10000000000000000000");
  EXPECT_EQ(json["neurons"].size(), 10U);
}

} // namespace
} // namespace sluice::io
