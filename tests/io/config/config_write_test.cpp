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
  config.weights.shares = {
    {"liquidity", 1.0 / 3}, {"trading", 1e-9}, {"leads", 0.0}, {"consensus", 0.1}, {"sports", 0.0}};
  config.weights.moved_max = 0.1 + 0.2;
  liquidity_in(config).emission.per_epoch = 1e-7;
  auto& job = liquidity_in(config).jobs[0];
  job.start.amount0 = u128_max;
  job.start_positions = {{-887270, 887270, u128_max}};
  job.scoring.score_min = -12345.678901234567;
  job.board.trusted = {{"x"}, {"y"}};
  job.feed.price = std::nextafter(3000.0, 4000.0);
  job.active = false;
  job.scoring.range = range_measure::count;
  job.scoring.baseline = score_baseline::none;
  job.scoring.excess_min = 1e-12;
  job.board.active_share = 0;
  job.board.evidence = 1.0 / 3;
  job.opening_seconds = 604800;
  job.fallback = live_fallback::skip;
  config.miners[3].coldkey = "a\"b\\c";
  config.network.miner_gateway
    = {"127.0.0.1:8700", {}, {}, {{{77}, {"outside"}, false, "owner"}, {{}, {"other"}, true, ""}}};
  liquidity_in(config).jobs[1].feed = {};
  liquidity_in(config).jobs[1].feed.kind = feed_kind::bars;
  liquidity_in(config).jobs[1].feed.files = {"/tmp/a \"b\".csv", "/tmp/\xc3\xa9.csv"};
  liquidity_in(config).jobs[1].model = pool_model::observed;
  liquidity_in(config).jobs[1].block_seconds = 60;
  expect_round_trip(config);
}

TEST(config_write, shares_that_no_file_may_have_are_written_as_they_are) {
  auto config = dev();
  config.weights.shares.clear();
  EXPECT_NE(write_config(config, test::sections()).find("shares = {}\n"), std::string::npos);
  config.weights.shares = {{"odd name", 0.1}};
  EXPECT_NE(write_config(config, test::sections()).find("shares = { \"odd name\" = 0.1 }\n"),
            std::string::npos);
}

/// The text that distinguishes configurations.
std::string judged(const node_config& config) {
  return write_scoring_config(config, test::sections());
}

TEST(config_write, keys_of_0_3_0_are_in_the_digest_only_where_they_are_changed) {
  auto config = dev();
  config.mechanisms.erase("consensus"); // a key of another meaning is called `evidence` there
  for (auto& job : liquidity_in(config).jobs)
    job.scoring.baseline = score_baseline::none;
  for (const char* key : {"range =", "baseline", "excess_min", "active_share", "evidence",
                          "opening_seconds", "live_fallback"}) {
    EXPECT_EQ(judged(config).find(key), std::string::npos) << key;
    EXPECT_NE(write_config(config, test::sections()).find(key), std::string::npos) << key;
  }
  const auto changed = [&](auto change) {
    auto other = config;
    change(liquidity_in(other).jobs[0]);
    const auto text = judged(other);
    return text != judged(config) && text.size() > judged(config).size();
  };
  EXPECT_TRUE(changed([](job_config& x) { x.scoring.range = range_measure::count; }));
  EXPECT_TRUE(changed([](job_config& x) { x.scoring.baseline = score_baseline::kept; }));
  EXPECT_TRUE(changed([](job_config& x) { x.scoring.excess_min = 0; }));
  EXPECT_TRUE(changed([](job_config& x) { x.board.active_share = 0; }));
  EXPECT_TRUE(changed([](job_config& x) { x.board.evidence = 2; }));
  EXPECT_TRUE(changed([](job_config& x) { x.opening_seconds = 1; }));
  EXPECT_TRUE(changed([](job_config& x) { x.fallback = live_fallback::skip; }));
}

TEST(config_write, who_owns_a_hotkey_is_not_in_the_digest) {
  auto config = dev();
  const auto before = judged(config);
  config.miners[0].coldkey = "somebody";
  EXPECT_EQ(judged(config), before);
  EXPECT_NE(write_config(config, test::sections()).find("coldkey = \"somebody\""),
            std::string::npos);
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
