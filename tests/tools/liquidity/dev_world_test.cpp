#include "io/config/config_file.hpp"
#include "rules/liquidity/schedule.hpp"
#include "rules/liquidity/score.hpp"
#include "rules/pool/price.hpp"
#include "tests/support/data_file.hpp"
#include "tests/support/scratch_folder.hpp"
#include "tests/support/sections.hpp"
#include "tools/liquidity/dev_world.hpp"

#include <gtest/gtest.h>

#include <array>
#include <set>

namespace sluice::tools {
namespace {

const std::string data = SOURCE_DIR "/tests/data/evaluate/";

std::string feed_of_events(const std::string& file = data + "p1.jsonl") {
  return "events=" + file;
}

std::string feed_of_bars() {
  return "bars=" + data + "bars.csv";
}

/// configs/dev.toml with what --seed and --feed make of its jobs.
result<node_config>
dev_config(std::optional<uint64_t> seed, const std::vector<std::string>& feeds) {
  const auto& sections = test::sections();
  auto config = io::parse_config(io::dev_config_text(), "configs/dev.toml", sections);
  if (!config)
    return config;
  if (auto made = make_dev_jobs(*config, seed, feeds); !made)
    return made.error();
  if (seed)
    config->seed = *seed;
  return config;
}

TEST(dev_world, parses_every_kind_of_feed) {
  EXPECT_EQ(parse_feed("market")->kind, feed_kind::market);
  const auto one = *parse_feed("events=a.jsonl");
  EXPECT_EQ(one.kind, feed_kind::events);
  EXPECT_EQ(one.files, std::vector<std::string>{"a.jsonl"});
  const auto days = *parse_feed("bars=1.csv,2.csv,3.csv");
  EXPECT_EQ(days.kind, feed_kind::bars);
  EXPECT_EQ(days.files, (std::vector<std::string>{"1.csv", "2.csv", "3.csv"}));
  EXPECT_EQ(parse_feed("events=a=b.jsonl")->files, std::vector<std::string>{"a=b.jsonl"});
}

TEST(dev_world, refuses_every_other_feed_with_its_text) {
  for (const auto* text : {"", "markets", "market=", "events", "events=", "events=a,b", "bars",
                           "bars=", "bars=,", "=", "file.csv", "BARS=a.csv"}) {
    const auto feed = parse_feed(text);
    ASSERT_FALSE(feed) << text;
    EXPECT_EQ(feed.error().code, ec::bad_input);
    EXPECT_TRUE(feed.error().what.starts_with(std::string{"--feed "} + text)) << feed.error().what;
  }
}

TEST(dev_world, without_feeds_it_is_the_embedded_configuration) {
  const auto plain = *dev_config({}, {});
  const auto& sections = test::sections();
  EXPECT_EQ(plain, *io::parse_config(io::dev_config_text(), "configs/dev.toml", sections));
  EXPECT_GE(liquidity_in(plain).jobs.size(), 2U);
  std::set<std::string> strategies;
  for (const auto& x : plain.miners)
    strategies.insert(x.strategy);
  EXPECT_EQ(strategies, (std::set<std::string>{"hold", "wide", "narrow", "volatility", "refuser",
                                               "silent", "garbage", "crasher"}));
  for (const auto& job : liquidity_in(plain).jobs)
    EXPECT_EQ(job.board.eligibility_days, 0U); // live rounds within the first few
}

TEST(dev_world, a_seed_changes_the_markets_and_nothing_else) {
  auto seven = *dev_config(7, {});
  const auto again = *dev_config(7, {});
  const auto eight = *dev_config(8, {});
  EXPECT_EQ(seven, again);
  std::set<uint64_t> seeds;
  for (const auto* config : {&std::as_const(seven), &eight})
    for (const auto& job : liquidity_in(*config).jobs)
      EXPECT_TRUE(seeds.insert(job.feed.seed).second);
  EXPECT_EQ(seven.seed, 7U);
  const auto plain = *dev_config({}, {});
  seven.seed = plain.seed;
  for (size_t i = 0; i < liquidity_in(seven).jobs.size(); ++i)
    liquidity_in(seven).jobs[i].feed.seed = liquidity_in(plain).jobs[i].feed.seed;
  EXPECT_EQ(seven, plain);
}

TEST(dev_world, a_single_feed_makes_two_jobs_and_the_second_is_slower) {
  for (const auto& feed : {std::string{"market"}, feed_of_events(), feed_of_bars()}) {
    const auto config = *dev_config(1, {feed});
    ASSERT_EQ(liquidity_in(config).jobs.size(), 2U);
    const auto& [quick, slow]
      = std::tie(liquidity_in(config).jobs[0], liquidity_in(config).jobs[1]);
    EXPECT_NE(quick.id, slow.id);
    EXPECT_EQ(slow.round_seconds, 2 * quick.round_seconds);
    EXPECT_EQ(slow.feed.files, quick.feed.files);
    EXPECT_EQ(slow.model, feed.starts_with("bars=") ? pool_model::observed : pool_model::replayed);
  }
}

TEST(dev_world, several_feeds_make_one_job_each_with_names_of_their_own) {
  const auto config
    = *dev_config(1, {feed_of_events(), feed_of_bars(), feed_of_events(), "market"});
  ASSERT_EQ(liquidity_in(config).jobs.size(), 4U);
  std::set<job_id> names;
  for (const auto& job : liquidity_in(config).jobs)
    EXPECT_TRUE(names.insert(job.id).second) << job.id.value;
  EXPECT_TRUE(names.contains({"p1"}));
  EXPECT_TRUE(names.contains({"bars"}));
  EXPECT_TRUE(names.contains({"p1-2"}));
}

TEST(dev_world, names_of_files_become_names_of_jobs) {
  const test::scratch_folder folder;
  const auto text = test::file_bytes(data + "p1.jsonl");
  const auto name = [&](const std::string& file) {
    return dev_config(1, {feed_of_events(folder.write(file, text))})
      ->mechanisms.at("liquidity")
      .find<liquidity_settings>()
      ->jobs.front()
      .id.value;
  };
  EXPECT_EQ(name("ENS WETH (0+3%).jsonl"), "ens-weth--0-3--");
  EXPECT_EQ(name(std::string(60, 'x') + ".jsonl"), std::string(40, 'x'));
  for (const auto& config :
       {*dev_config(1, {feed_of_events(folder.write("\xc3\xa9.jsonl", text))})})
    EXPECT_EQ(liquidity_in(config).jobs.front().id.value.find_first_not_of(
                "abcdefghijklmnopqrstuvwxyz0123456789"
                "._-"),
              std::string::npos);
}

TEST(dev_world, reads_from_a_recording_what_a_job_has_to_know) {
  const auto job = dev_config(1, {feed_of_events()})
                     ->mechanisms.at("liquidity")
                     .find<liquidity_settings>()
                     ->jobs.front();
  EXPECT_EQ(job.terms, (pool_terms{500, 10, 18, 6})); // the file's first line
  const auto blocks = blocks_per_round(job.round_seconds, job.block_seconds);
  const auto span = uint64_t{24'000'154} - 24'000'023 + 1;
  EXPECT_GE(span / blocks, 10U); // enough rounds to see something
  EXPECT_LE(span / blocks, 20U);
  const auto minutes = dev_config(1, {feed_of_bars()})
                         ->mechanisms.at("liquidity")
                         .find<liquidity_settings>()
                         ->jobs.front();
  EXPECT_EQ(minutes.terms, (pool_terms{500, 10, 6, 18}));
  EXPECT_EQ(minutes.block_seconds, 60);
  for (const auto* x : {&job, &minutes}) {
    const auto round = blocks_per_round(x->round_seconds, x->block_seconds);
    EXPECT_LT(x->checkpoint_blocks, round) << x->id.value; // miners are asked inside a round
    EXPECT_LT(x->live_checkpoint_blocks, round) << x->id.value;
  }
}

TEST(dev_world, every_vault_starts_with_the_same_worth_half_in_each_token) {
  const auto config = *dev_config(1, {feed_of_events(), feed_of_bars()});
  // Prices of the first swap in p1.jsonl and of tick 201000, the first bar's.
  const std::vector<u256> prices{*u256::parse("4339146692676399744408601"),
                                 *u256::parse("1833668854642163783923789245351437")};
  for (size_t i = 0; i < 2; ++i) {
    const auto& job = liquidity_in(config).jobs[i];
    SCOPED_TRACE(job.id.value);
    const auto half = whole_amount(job.start.amount1, job.terms.decimals1);
    const auto other
      = whole_amount(job.start.amount0, job.terms.decimals0) * whole_price(prices[i], job.terms);
    EXPECT_NEAR(other / half, 1, 1e-6);
    EXPECT_NEAR(2 * half * job.token1_value, 60'000, 1e-6);
    EXPECT_TRUE(job.start_positions.empty());
  }
}

TEST(dev_world, hands_on_what_is_wrong_with_a_file) {
  const test::scratch_folder folder;
  const auto missing = dev_config(1, {feed_of_events(folder.at("missing.jsonl"))});
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ec::unreachable);
  const auto bad = dev_config(1, {feed_of_events(folder.write("bad.jsonl", "hello\n"))});
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().code, ec::bad_input);
  EXPECT_NE(bad.error().what.find("bad.jsonl:1"), std::string::npos) << bad.error().what;
  const auto text = test::file_bytes(data + "p1.jsonl");
  const auto two_lines = text.substr(0, text.find('\n', text.find('\n') + 1) + 1);
  EXPECT_FALSE(dev_config(1, {feed_of_events(folder.write("no-swap.jsonl", two_lines))}));
}

TEST(dev_world, the_real_recordings_make_jobs) {
  if (!test::shared_has("data/polygon"))
    GTEST_SKIP() << "not in the shared folder: data/polygon";
  const auto folder = test::shared_folder() / "data";
  std::string days = "bars=";
  for (int day = 13; day <= 17; ++day)
    days += (day > 13 ? "," : "") + (folder / "polygon/usdc-weth-500-2023-08-").string()
            + std::to_string(day) + ".csv";
  const auto config = dev_config(7, {days, feed_of_events(folder / "mainnet/ens-weth-3000.jsonl")});
  ASSERT_TRUE(config) << config.error().what;
  EXPECT_EQ(liquidity_in(*config).jobs[0].feed.files.size(), 5U);
  EXPECT_EQ(liquidity_in(*config).jobs[1].terms.fee, 3000U);
  EXPECT_EQ(liquidity_in(*config).jobs[0].id.value, "usdc-weth");
  EXPECT_EQ(liquidity_in(*config).jobs[1].id.value, "ens-weth");
  EXPECT_EQ(liquidity_in(*config).jobs[1].symbol0, "WETH"); // the lower address
  EXPECT_EQ(liquidity_in(*config).jobs[1].symbol1, "ENS");
}

TEST(dev_world, a_recording_that_states_its_tokens_is_called_like_them) {
  const test::scratch_folder folder;
  auto text = test::file_bytes(data + "p1.jsonl");
  ASSERT_TRUE(text.starts_with("{\"event\""));
  const auto job = [&](const std::string& file) {
    auto config = dev_config(1, {feed_of_events(folder.write(file, text))});
    EXPECT_TRUE(config) << config.error().what;
    return liquidity_in(*config).jobs.front();
  };
  EXPECT_EQ(job("weth-usdc-500.jsonl").symbol1, "token1") << "which is which is not stated";
  EXPECT_EQ(job("weth-usdc-500.jsonl").id.value, "weth-usdc-500");
  text.insert(1, R"("token0":"0x4200000000000000000000000000000000000006",)"
                 R"("token1":"0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913",)");
  EXPECT_EQ(job("weth-usdc-500.jsonl").symbol0, "WETH");
  EXPECT_EQ(job("weth-usdc-500.jsonl").symbol1, "USDC");
  EXPECT_EQ(job("weth-usdc-500.jsonl").id.value, "weth-usdc");
  EXPECT_EQ(job("x.jsonl").id.value, "x");
}

} // namespace
} // namespace sluice::tools
