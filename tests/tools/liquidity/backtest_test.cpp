#include "rules/liquidity/score.hpp"
#include "tests/support/scratch_folder.hpp"
#include "tools/liquidity/backtest.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

namespace sluice::tools {

namespace {

std::string bundled(const char* name) {
  return std::string{SOURCE_DIR} + "/tests/data/evaluate/" + name;
}

backtest_request bars() {
  backtest_request asked;
  asked.events = {bundled("bars.csv")};
  asked.strategies = {"hold", "narrow"};
  return asked;
}

backtest_request events() {
  backtest_request asked;
  asked.events = {bundled("p1.jsonl")};
  asked.strategies = {"hold", "narrow"};
  asked.round = "10blocks";
  return asked;
}

backtest_report made(const backtest_request& asked) {
  auto report = make_backtest_report(asked);
  if (!report)
    throw std::runtime_error(report.error().what);
  return *std::move(report);
}

void refused(const backtest_request& asked, const std::string& expected) {
  const auto report = make_backtest_report(asked);
  ASSERT_FALSE(report) << expected;
  EXPECT_NE(report.error().what.find(expected), std::string::npos) << report.error().what;
  EXPECT_EQ(report.error().what.find('\n'), std::string::npos);
}

} // namespace

TEST(backtest, rounds_are_those_of_a_validator) {
  const auto report = made(bars());
  EXPECT_EQ(report.round_blocks, 15u);
  EXPECT_EQ(report.checkpoint_blocks, 3u);
  EXPECT_EQ(report.first().start_block, 28'198'095u) << "the first bar is inside a round";
  for (size_t i = 0; i < report.rounds.size(); ++i) {
    const auto x = report.rounds[i];
    EXPECT_EQ(x.number.value, x.start_block / 15);
    EXPECT_EQ(x.end_block, x.start_block + 14);
    EXPECT_EQ(x.start_time, x.start_block * 60);
    EXPECT_EQ(x.end_time, x.start_time + 900);
    if (i > 0) {
      EXPECT_EQ(x.start_block, report.rounds.head(i - 1).end_block + 1);
      EXPECT_EQ(x.start, report.rounds.head(i - 1).end);
    }
  }
  EXPECT_LE(report.last().end_block, 28'198'671u) << "what is not whole is left out";
  EXPECT_GT(report.last().end_block + 15, 28'198'671u);
  ASSERT_FALSE(report.notes.empty());
  EXPECT_NE(report.notes.back().find("make no whole round"), std::string::npos);
}

TEST(backtest, a_round_equals_the_same_window_scored_alone) {
  auto asked = events();
  asked.model = pool_model::replayed;
  const auto report = made(asked);
  const auto market = read_market(asked.events, {});
  ASSERT_TRUE(market);
  const auto round = report.rounds[0];
  const auto window = cut_window(*market, round.start_block, round.end_block);
  ASSERT_TRUE(window);
  job_config job;
  job.model = pool_model::replayed;
  job.checkpoint_blocks = report.checkpoint_blocks;
  backtest alone(job,
                 {{"narrow", *parse_strategy("narrow"), {report.players[1].start, {}, {}, {}}}});
  const auto plays = alone.play(*window, round.number, 0);
  ASSERT_TRUE(plays);
  EXPECT_EQ(plays->front().outcome.metrics, round.cells[1].metrics);
  EXPECT_EQ(plays->front().score, round.cells[1].score);
  EXPECT_GT(round.cells[1].metrics.rebalances, 0u);
}

TEST(backtest, sums_are_those_of_the_rounds) {
  const auto report = made(bars());
  for (size_t i = 0; i < report.players.size(); ++i) {
    const auto& sum = report.players[i];
    double scores = 0;
    u256 fees0, fees1;
    uint64_t rebalances = 0, wins = 0;
    for (const auto round : report.rounds) {
      scores += round.cells[i].score;
      fees0 += round.cells[i].metrics.fees0;
      fees1 += round.cells[i].metrics.fees1;
      rebalances += round.cells[i].metrics.rebalances;
      wins += round.cells[i].rank == 1;
    }
    EXPECT_EQ(sum.scored, report.rounds.size());
    EXPECT_DOUBLE_EQ(sum.score_mean, scores / static_cast<double>(report.rounds.size()));
    EXPECT_EQ(sum.total.fees0, fees0);
    EXPECT_EQ(sum.total.fees1, fees1);
    EXPECT_EQ(sum.total.fees_value,
              value_in_token1(fees0, fees1, report.last().end.sqrt_price_x96));
    EXPECT_EQ(sum.total.rebalances, rebalances);
    EXPECT_EQ(sum.wins, wins);
    EXPECT_EQ(sum.total.initial_value, report.rounds.cell(0, i).metrics.initial_value);
    EXPECT_EQ(sum.total.value, report.rounds.cell(report.rounds.size() - 1, i).metrics.final_value);
    EXPECT_EQ(sum.total.hodl_value, value_in_token1(sum.start.amount0, sum.start.amount1,
                                                    report.last().end.sqrt_price_x96));
  }
  EXPECT_EQ(report.players[0].total.net_pnl_vs_hodl, i256{}) << "hold holds";
  const auto ranked = report.ranked();
  EXPECT_EQ(ranked[0]->rank, 1u);
  EXPECT_GE(ranked[0]->score_mean, ranked[1]->score_mean);
}

TEST(backtest, from_and_to_are_blocks_or_times) {
  auto asked = bars();
  asked.from = "2023-08-13 01:00";
  asked.to = "2023-08-13 03:00";
  const auto timed = made(asked);
  EXPECT_EQ(timed.rounds.size(), 8u);
  EXPECT_EQ(timed.first().start_time, 1'691'888'400u);
  asked.from = std::to_string(timed.first().start_block);
  asked.to = std::to_string(timed.last().end_block);
  EXPECT_EQ(to_json(made(asked)), to_json(timed));
  asked.from = std::to_string(timed.first().start_block - 4);
  const auto moved = made(asked);
  EXPECT_EQ(moved.first().start_block, timed.first().start_block);
  EXPECT_NE(moved.notes.front().find("rounds begin at multiples of 15 blocks"), std::string::npos);
}

TEST(backtest, a_later_start_is_the_market_that_the_earlier_one_came_to) {
  const auto whole = made(events());
  auto asked = events();
  asked.from = std::to_string(whole.rounds[3].start_block);
  const auto part = made(asked);
  ASSERT_EQ(part.rounds.size() + 3, whole.rounds.size());
  EXPECT_EQ(part.first().start, whole.rounds[3].start);
  EXPECT_EQ(part.last().end, whole.last().end);
}

TEST(backtest, a_new_pool_is_not_played_before_its_first_swap_gave_it_a_price) {
  const auto report = made(events());
  EXPECT_EQ(report.first().start_block, 24'000'030u) << "its first swap is in block 24000023";
}

TEST(backtest, a_plan_brings_its_own_vault_and_the_first_one_that_of_the_strategies) {
  test::scratch_folder folder;
  const auto path = folder.write("mine.json", R"({"inventory": {"amount0": "5000000000",
    "amount1": "2000000000000000000"}, "positions": [{"tick_lower": 200000, "tick_upper": 202000,
    "liquidity": "1000000000000000"}], "rebalances": [{"block": 28198200,
    "desired_positions": []}]})");
  auto asked = bars();
  asked.plans = {path};
  const auto report = made(asked);
  ASSERT_EQ(report.players.size(), 3u);
  const auto& mine = report.players[2];
  EXPECT_EQ(mine.name, "mine");
  EXPECT_TRUE(mine.is_plan);
  EXPECT_EQ(mine.total.rebalances, 1u);
  EXPECT_GT(mine.start.amount0, u256{5'000'000'000u}) << "and what its position holds";
  EXPECT_EQ(report.players[0].start, (inventory{5'000'000'000u, 2'000'000'000'000'000'000u}));
  ASSERT_EQ(mine.bands.size(), 1u);
  EXPECT_EQ(mine.bands[0].to, 28'198'200u);
  asked.start = "7,0.5";
  EXPECT_EQ(made(asked).players[0].start, (inventory{7'000'000u, 500'000'000'000'000'000u}));
}

TEST(backtest, a_market_without_times_is_cut_by_blocks_and_that_is_noted) {
  test::scratch_folder folder;
  std::ifstream in(bundled("p1.jsonl"));
  std::string text;
  for (std::string line; std::getline(in, line); text += line + '\n')
    if (const auto at = line.find("\"time\":"); at != std::string::npos)
      line.replace(at + 7, line.find(',', at) - at - 7, "0");
  auto asked = events();
  asked.events = {folder.write("timeless.jsonl", text)};
  const auto exact = made(asked);
  EXPECT_EQ(exact.first().start_time, 0u);
  EXPECT_FALSE(exact.pace.known);
  for (const auto& note : exact.notes)
    EXPECT_EQ(note.find("has no times"), std::string::npos) << "blocks were asked for";
  asked.round = "20s";
  const auto guessed = made(asked);
  EXPECT_EQ(guessed.round_blocks, 10u);
  EXPECT_NE(guessed.notes.front().find("has no times: a block is taken for 2 s"),
            std::string::npos);
  asked.from = "2024-01-01";
  refused(asked, "has no times: give blocks");
}

TEST(backtest, every_mistake_is_one_sentence) {
  const auto with = [](auto change) {
    auto asked = bars();
    change(asked);
    return asked;
  };
  refused(with([](auto& x) { x.strategies = {"narow"}; }), "did you mean \"narrow\"?");
  refused(with([](auto& x) { x.strategies = {"narrow:widht=1"}; }), "did you mean \"width\"?");
  refused(with([](auto& x) { x.strategies = {"hold", "hold"}; }), "hold comes twice");
  refused(with([](auto& x) { x.round = "soon"; }), "--round: expected a duration");
  refused(with([](auto& x) { x.round = "3d"; }), "no whole round of 4320 blocks");
  refused(with([](auto& x) { x.checkpoint = "often"; }), "--checkpoint: expected a duration");
  refused(with([](auto& x) { x.from = "yesterday"; }), "--from: expected a block, or a time");
  refused(with([](auto& x) { x.to = "5"; }), "no whole round");
  refused(with([](auto& x) { x.start = "all"; }), "--start: expected whole tokens");
  refused(with([](auto& x) { x.tokens = "USDC"; }), "--tokens: expected two names");
  refused(with([](auto& x) { x.model = pool_model::replayed; }), "bars have none: use observed");
  refused(with([](auto& x) { x.staked = true; }), "--staked: bars is of a Uniswap V3 pool");
  refused(with([](auto& x) {
            x.staked = true;
            x.pool = *io::parse_pool_overrides("kind=slipstream,tick-spacing=100");
          }),
          "--staked: minute bars do not show who is staked");
  refused(with([](auto& x) { x.events = {"/nowhere"}; }), "/nowhere");
  refused(with([](auto& x) { x.plans = {"/nowhere"}; }), "/nowhere");
  refused(with([](auto& x) { x.events = {}; }), "--events");
}

TEST(backtest, as_many_players_and_rounds_as_wanted) {
  auto asked = bars();
  asked.strategies.clear();
  for (int i = 0; i < 350; ++i)
    asked.strategies.push_back("wide:width=0." + std::to_string(1000 + i));
  asked.round = "1block";
  asked.keep_rounds = false; // as for a table
  const auto report = made(asked);
  ASSERT_EQ(report.players.size(), 350u);
  EXPECT_EQ(report.rounds.size(), 591u);
  EXPECT_GT(report.rounds.size() * report.players.size(), 200'000u);
  EXPECT_EQ(report.ranked().front()->rank, 1u);
  asked.strategies.resize(60);
  const auto sums = made(asked);
  asked.keep_rounds = true; // more than is kept in memory
  const auto rounds = made(asked);
  EXPECT_EQ(sums.last().end, rounds.last().end);
  for (size_t i = 0; i < 60; ++i) {
    double scores = 0;
    u256 fees;
    for (size_t r = 0; r < rounds.rounds.size(); ++r) {
      const auto cell = rounds.rounds.cell(r, i);
      scores += cell.score;
      fees += cell.metrics.fees1;
    }
    EXPECT_EQ(sums.players[i].score_mean, scores / 591);
    EXPECT_EQ(sums.players[i].total.fees1, fees);
    EXPECT_EQ(sums.players[i].score_mean, rounds.players[i].score_mean);
    EXPECT_EQ(sums.players[i].bands, rounds.players[i].bands);
  }
}

TEST(backtest, a_recording_without_a_swap_is_refused) {
  test::scratch_folder folder;
  const auto path = folder.write("quiet.csv", "timestamp,netAmount0,netAmount1,closeTick,openTick,"
                                              "lowestTick,highestTick,inAmount0,inAmount1,"
                                              "currentLiquidity\n"
                                              "2023-08-13 00:00:00,0,0,5,5,5,5,0,0,7\n");
  auto asked = bars();
  asked.events = {path};
  refused(asked, "no swap in it");
}

TEST(backtest, it_reports_how_far_it_is_and_stops_when_asked) {
  std::vector<std::pair<uint64_t, uint64_t>> reported;
  backtest_watch watch{[&](uint64_t done, uint64_t all) { reported.emplace_back(done, all); },
                       [&] { return reported.size() > 3; },
                       {}};
  const auto stopped = make_backtest_report(bars(), watch);
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code, ec::refused);
  EXPECT_EQ(reported.size(), 4u);
  watch.stop = {};
  reported.clear();
  ASSERT_TRUE(make_backtest_report(bars(), watch));
  EXPECT_EQ(reported.front().first, 0u);
  EXPECT_EQ(reported.back().first, reported.back().second);
  EXPECT_TRUE(std::ranges::is_sorted(reported));
}

TEST(backtest, plays_a_slipstream_pool_unstaked_and_staked) {
  auto asked = events();
  asked.events = {bundled("aero.jsonl")};
  asked.strategies = {"hold", "narrow", "wide"};
  for (const auto model : {pool_model::observed, pool_model::replayed}) {
    asked.model = model;
    asked.staked = false;
    const auto unstaked = made(asked);
    EXPECT_EQ(unstaked.terms.kind, pool_kind::slipstream) << "as the header states";
    asked.staked = true;
    const auto staked = made(asked);
    EXPECT_EQ(staked.notes, unstaked.notes) << "the stream reports stakes and rewards";
    for (size_t i = 0; i < 3; ++i) {
      u256 rewards;
      for (const auto round : staked.rounds)
        rewards += round.cells[i].metrics.rewards;
      const auto& with = staked.players[i].total;
      const auto& without = unstaked.players[i].total;
      EXPECT_EQ(with.rewards, rewards);
      EXPECT_EQ(with.rewards.is_zero(), i == 0) << "who holds has nothing to stake";
      EXPECT_EQ(with.fees_value, u256{});
      EXPECT_EQ(without.rewards, u256{});
      EXPECT_EQ(without.fees_value.is_zero(), i == 0);
    }
    const auto answer = to_json(staked);
    EXPECT_NE(answer.find(R"("kind": "slipstream")"), std::string::npos);
    EXPECT_NE(answer.find(R"("rewards": ")" + to_string(staked.players[1].total.rewards)),
              std::string::npos);
    EXPECT_EQ(to_json(unstaked).find("rewards"), std::string::npos);
  }
}

TEST(backtest, what_a_recording_leaves_open_about_its_gauge_is_noted) {
  test::scratch_folder folder;
  std::ifstream in(bundled("aero.jsonl"));
  std::string text;
  for (std::string line; std::getline(in, line);)
    if (line.find("stake\"") == std::string::npos && line.find("\"reward") == std::string::npos)
      text += line + '\n';
  auto asked = events();
  asked.events = {folder.write("bare.jsonl", text)};
  asked.staked = true;
  const auto bare = made(asked);
  ASSERT_GE(bare.notes.size(), 2u);
  EXPECT_NE(bare.notes[0].find("the stream reports no rewards"), std::string::npos);
  EXPECT_NE(bare.notes[1].find("the stream reports no stakes"), std::string::npos);
  EXPECT_EQ(bare.players[1].total.rewards, u256{});
  asked.pool = *io::parse_pool_overrides("reward-rate=1000000000,reward-until=1735995155");
  EXPECT_GT(made(asked).players[1].total.rewards, u256{});
}

TEST(backtest, without_names_the_four_that_try_take_part) {
  auto asked = bars();
  asked.strategies.clear();
  const auto report = made(asked);
  ASSERT_EQ(report.players.size(), 4u);
  EXPECT_EQ(report.players[3].name, "volatility");
}

} // namespace sluice::tools
