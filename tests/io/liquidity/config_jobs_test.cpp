#include "io/liquidity/config_jobs.hpp"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace sluice::io {
namespace {

struct answer {
  job_config job;
  std::string mistake;
};

answer read(const std::string& text) {
  const toml::table table = toml::parse(text);
  config_trouble trouble{"j.toml", {}};
  auto job = read_job(config_table{table, "job", trouble});
  return {std::move(job), trouble.first ? trouble.first->what : ""};
}

const std::string good = "id = \"x\"\n[start]\namount0 = 1\n";

/// Every key, none with its default.
const std::string everything = R"(
id = "x.y-z_1"
vault = "0x1111111111111111111111111111111111111111"
pair_address = "0x2222222222222222222222222222222222222222"
chain_id = 10
target = "PoL"
symbol0 = "A"
symbol1 = "B"
active = false
model = "replayed"
staked = false
round_seconds = 1000
block_seconds = 2.5
checkpoint_blocks = 11
live_checkpoint_blocks = 12
positions_max = 3
reply_timeout_ms = 13
opening_seconds = 15.5
live_fallback = "skip"
token1_value = 14.5
[pool]
fee = 3000
tick_spacing = 60
decimals0 = 8
decimals1 = 9
[start]
amount0 = "340282366920938463463374607431768211455"
amount1 = 2
[[start_positions]]
tick_lower = -120
tick_upper = 60
liquidity = "77"
[scoring]
return_cap = 1
penalty_rate = 2
range_floor = 0.5
range_share = 0.25
score_min = -7
score_max = 8
range = "count"
baseline = "kept"
excess_min = 0.125
[board]
evaluation_alpha = 0.2
live_alpha = 0.4
evaluation_share = 0.5
eligibility_days = 3
trusted = ["a", "b"]
active_share = 0.75
evidence = 2.5
[feed]
kind = "market"
files = []
seed = "18446744073709551615"
start_block = 17
price = 1.5
volatility_per_day = 0.1
trades_per_block = 2
depth = 100
)";

TEST(config_jobs, every_key_arrives_where_it_belongs) {
  const auto [job, mistake] = read(everything);
  EXPECT_EQ(mistake, "");
  job_config expected;
  expected.id = {"x.y-z_1"};
  expected.vault = "0x1111111111111111111111111111111111111111";
  expected.pair_address = "0x2222222222222222222222222222222222222222";
  expected.chain_id = 10;
  expected.symbol0 = "A";
  expected.symbol1 = "B";
  expected.active = false;
  expected.model = pool_model::replayed;
  expected.round_seconds = 1000;
  expected.block_seconds = 2.5;
  expected.checkpoint_blocks = 11;
  expected.live_checkpoint_blocks = 12;
  expected.positions_max = 3;
  expected.reply_timeout_ms = 13;
  expected.opening_seconds = 15.5;
  expected.fallback = live_fallback::skip;
  expected.token1_value = 14.5;
  expected.terms = {3000, 60, 8, 9};
  expected.start = {u128_max, 2};
  expected.start_positions = {{-120, 60, 77}};
  expected.scoring = {1, 2, 0.5, 0.25, -7, 8, range_measure::count, score_baseline::kept, 0.125};
  expected.board.evaluation_alpha = 0.2;
  expected.board.live_alpha = 0.4;
  expected.board.evaluation_share = 0.5;
  expected.board.eligibility_days = 3;
  expected.board.trusted = {{"a"}, {"b"}};
  expected.board.active_share = 0.75;
  expected.board.evidence = 2.5;
  expected.feed.seed = UINT64_MAX;
  expected.feed.start_block = 17;
  expected.feed.price = 1.5;
  expected.feed.volatility_per_day = 0.1;
  expected.feed.trades_per_block = 2;
  expected.feed.depth = 100;
  EXPECT_EQ(job, expected);
}

TEST(config_jobs, what_is_not_there_is_as_a_node_plays_it) {
  const auto [job, mistake] = read(good);
  EXPECT_EQ(mistake, "");
  EXPECT_EQ(job.scoring.range, range_measure::value);
  EXPECT_EQ(job.scoring.baseline, score_baseline::none);
  EXPECT_EQ(job.scoring.excess_min, 1e-7);
  EXPECT_EQ(job.board.active_share, 0.5);
  EXPECT_EQ(job.board.evidence, 0);
  EXPECT_EQ(job.opening_seconds, 0);
  EXPECT_EQ(job.fallback, live_fallback::next);
}

TEST(config_jobs, what_cannot_be_is_refused_with_its_key) {
  const std::string start = "[start]\namount0 = 1\n";
  const std::vector<std::pair<std::string, std::string>> cases{
    {"id = \"X\"\n" + start, "1:6: job.id: expected a name"},
    {"id = \"" + std::string(65, 'x') + "\"\n" + start, "1:6: job.id: expected a name"},
    {"id = \"x\"\nvault = \"0x12\"\n" + start, "2:9: job.vault: expected an address"},
    {"id = \"x\"\ntarget = \"Pol\"\n" + start,
     "2:10: job.target: expected \"PoL\", got \"Pol\"; did you mean \"PoL\"?"},
    {"id = \"x\"\nmodel = \"exact\"\n" + start,
     "2:9: job.model: expected \"observed\" or \"replayed\", got \"exact\""},
    {"id = \"x\"\npositions_max = 11\n" + start, "2:17: job.positions_max: expected an integer"},
    {"id = \"x\"\nround_seconds = 1\n" + start, "2:17: job.round_seconds: expected at least one"},
    {"id = \"x\"\nround_seconds = 604800\nblock_seconds = 0.05\n" + start,
     "2:17: job.round_seconds: expected at most 10000000 blocks"},
    {"id = \"x\"\nblock_seconds = 0\n" + start, "2:17: job.block_seconds: expected a number"},
    {"id = \"x\"\ncheckpoint_blocks = 0\n" + start,
     "2:21: job.checkpoint_blocks: expected an integer"},
    {"id = \"x\"\ncheckpoint = 5\n" + start, "2:1: job.checkpoint: expected one of id"},
    {"id = \"x\"\n", "job.start: expected an amount0 or amount1 above 0, or start_positions"},
    {"id = \"x\"\n[start]\namount0 = \"0\"\n", "job.start: expected an amount0 or amount1 above 0"},
    {good + "[pool]\nfee = 1000000\n", "5:7: job.pool.fee: expected an integer from 0 to 999999"},
    {good + "[pool]\ntick_spacing = 0\n", "5:16: job.pool.tick_spacing: expected an integer"},
    {good + "[pool]\ndecimals0 = 37\n", "5:13: job.pool.decimals0: expected an integer"},
    {good + "[pool]\ndecimal0 = 18\n", "did you mean decimals0?"},
    {good + "[scoring]\nrange_floor = 1.1\n", "5:15: job.scoring.range_floor: expected a number"},
    {good + "[board]\nevaluation_alpha = -0.1\n", "5:20: job.board.evaluation_alpha: expected a"},
    {good + "[board]\ntrusted = [\"a b\"]\n", "5:12: job.board.trusted[0]: expected a word"},
    {good + "[board]\nactive_share = 1.5\n", "5:16: job.board.active_share: expected a number"},
    {good + "[board]\nevidence = 101\n", "5:12: job.board.evidence: expected a number"},
    {good + "[scoring]\nrange = \"values\"\n",
     "5:9: job.scoring.range: expected \"value\" or \"count\", got \"values\""},
    {good + "[scoring]\nbaseline = \"hold\"\n",
     "5:12: job.scoring.baseline: expected \"none\" or \"kept\", got \"hold\""},
    {good + "[scoring]\nexcess_min = -1\n", "5:14: job.scoring.excess_min: expected a number"},
    {"id = \"x\"\nopening_seconds = 604801\n" + start,
     "2:19: job.opening_seconds: expected a number"},
    {"id = \"x\"\nlive_fallback = \"none\"\n" + start,
     "2:17: job.live_fallback: expected \"next\" or \"skip\", got \"none\""},
  };
  for (const auto& [text, expected] : cases)
    EXPECT_NE(read(text).mistake.find(expected), std::string::npos)
      << text << "\ngot      " << read(text).mistake << "\nexpected " << expected;
  EXPECT_EQ(read(good).mistake, "");
}

TEST(config_jobs, a_feed_or_positions_that_cannot_be_are_refused_with_their_key) {
  const std::string start = "[start]\namount0 = 1\n";
  const std::vector<std::pair<std::string, std::string>> cases{
    {good + "[feed]\nkind = \"bar\"\n", "did you mean \"bars\"?"},
    {good + "[feed]\nfiles = [\"x\"]\n",
     "5:9: job.feed.files: expected no files with kind \"market\", got 1 file"},
    {good + "[feed]\nkind = \"events\"\n",
     "job.feed.files: expected exactly one file with kind \"events\", got 0 files"},
    {good + "[feed]\nkind = \"events\"\nfiles = [\"a\", \"b\"]\n",
     "6:9: job.feed.files: expected exactly one file with kind \"events\", got 2 files"},
    {good + "[feed]\nkind = \"bars\"\nfiles = []\n", "expected at least one file"},
    {good + "[feed]\nkind = \"bars\"\nfiles = [\"a\"]\nseed = 3\n",
     "7:8: job.feed.seed: expected this key only with kind \"market\", got 3"},
    {good + "[feed]\nkind = \"events\"\nfiles = [\"a\"]\n[pool]\nfee = 500\n",
     "8:7: job.pool.fee: expected only decimals0, decimals1, kind and unstaked_fee here, got 500; "
     "the recording itself"},
    {"id = \"x\"\nblock_seconds = 12\n" + start + "[feed]\nkind = \"bars\"\nfiles = [\"a\"]\n",
     "2:17: job.block_seconds: expected 60 with feed kind \"bars\""},
    {"id = \"x\"\nmodel = \"replayed\"\n" + start + "[feed]\nkind = \"bars\"\nfiles = [\"a\"]\n",
     "2:9: job.model: expected \"observed\" with feed kind \"bars\""},
    {good + "[pool]\ndecimals0 = 36\n[feed]\nprice = 1e-20\n",
     "job.feed: expected terms that make a market, got terms that do not: price in smallest units"},
    {"id = \"x\"\n[[start_positions]]\ntick_lower = -100\ntick_upper = 105\nliquidity = 1\n",
     "4:14: job.start_positions[0].tick_upper: expected a multiple of the tick spacing 10, got "
     "105"},
    {"id = \"x\"\n[[start_positions]]\ntick_lower = 100\ntick_upper = 100\nliquidity = 1\n",
     "4:14: job.start_positions[0].tick_upper: expected a tick above tick_lower = 100, got 100"},
    {"id = \"x\"\n[[start_positions]]\ntick_lower = -887280\ntick_upper = 100\nliquidity = 1\n",
     "3:14: job.start_positions[0].tick_lower: expected an integer from -887272 to 887272"},
    {"id = \"x\"\n[[start_positions]]\ntick_lower = 0\ntick_upper = 100\nliquidity = 0\n",
     "5:13: job.start_positions[0].liquidity: expected more than 0, got 0"},
    {"id = \"x\"\n[[start_positions]]\ntick_lower = 0\ntick_upper = 100\n",
     "job.start_positions[0].liquidity: expected a value, got nothing"},
  };
  for (const auto& [text, expected] : cases)
    EXPECT_NE(read(text).mistake.find(expected), std::string::npos)
      << text << "\ngot      " << read(text).mistake << "\nexpected " << expected;
}

TEST(config_jobs, may_be_of_a_slipstream_pool_and_staked) {
  const std::string events = good + "[feed]\nkind = \"events\"\nfiles = [\"a.jsonl\"]\n";
  auto got = read("staked = true\n" + events + "[pool]\nkind = \"slipstream\"\n");
  EXPECT_EQ(got.mistake, "");
  EXPECT_TRUE(got.job.staked);
  EXPECT_EQ(got.job.terms.kind, pool_kind::slipstream);
  EXPECT_EQ(got.job.terms.unstaked_fee, 100'000u);
  got = read(events + "[pool]\nkind = \"slipstream\"\nunstaked_fee = 0\n");
  EXPECT_EQ(got.mistake, "");
  EXPECT_EQ(got.job.terms.unstaked_fee, 0u);
  const std::string bars = good + "[feed]\nkind = \"bars\"\nfiles = [\"a.csv\"]\n";
  EXPECT_EQ(read(bars + "[pool]\nkind = \"slipstream\"\n").mistake, "");
  for (const auto& [text, key] :
       {std::pair{"staked = true\n" + bars, "job.staked: expected false"},
        std::pair{"staked = true\n" + good, "job.staked: expected false"},
        std::pair{good + "[pool]\nkind = \"slipstream\"\n", "job.pool.kind: expected"},
        std::pair{good + "[pool]\nkind = \"curve\"\n", "job.pool.kind: expected"},
        std::pair{good + "[pool]\nunstaked_fee = 1\n", "job.pool.unstaked_fee: expected"}})
    EXPECT_NE(read(text).mistake.find(key), std::string::npos) << read(text).mistake;
}

TEST(config_jobs, a_block_of_bars_is_a_minute) {
  const auto [job, mistake] = read(good + "[feed]\nkind = \"bars\"\nfiles = [\"a\", \"b\"]\n");
  EXPECT_EQ(mistake, "");
  EXPECT_EQ(job.block_seconds, 60);
}

TEST(config_jobs, positions_on_recorded_events_are_aligned_later) {
  const auto [job, mistake] = read("id = \"x\"\n[[start_positions]]\ntick_lower = 3\n"
                                   "tick_upper = 7\nliquidity = 1\n[feed]\nkind = \"events\"\n"
                                   "files = [\"a\"]\n");
  EXPECT_EQ(mistake, "");
  EXPECT_EQ(job.start_positions.size(), 1U);
}

} // namespace
} // namespace sluice::io
