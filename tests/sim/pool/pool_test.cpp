#include "sim/lanes/lanes.hpp"
#include "sim/math/tick_math.hpp"
#include "sim/pool/pool.hpp"
#include "tests/sim/pool/corpus_runner.hpp"
#include "tests/support/data_file.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace sluice {
namespace {

struct corpus {
  const char* name;
  size_t operations;
  size_t reverted = 51; // at least
};

constexpr corpus corpora[] = {
  {"p1-weth-usdc-500", 2000}, {"p2-usdc-btc-3000", 2000}, {"p3-stable-100", 2000},
  {"p4-meme-10000", 2000},    {"p5-torture-3000", 2000},  {"p6-wrap-3000", 1000},
};
/// The bundled beginnings of the Slipstream corpora, and all of them.
constexpr corpus staked_beginnings[] = {
  {"s1-weth-usdc-cl100", 1000, 30}, {"s2-usdc-btc-cl1", 1000, 30}, {"s3-torture-cl200", 1000, 30}};
constexpr corpus staked_corpora[] = {
  {"s1-weth-usdc-cl100", 2000, 87}, {"s2-usdc-btc-cl1", 2000, 63}, {"s3-torture-cl200", 2000, 115}};

void expect_agreement(const std::string& text, const corpus& what) {
  auto report = test::play_corpus(text);
  EXPECT_EQ(report.operations, what.operations);
  EXPECT_GE(report.reverted, what.reverted);
  EXPECT_GE(report.checkpoints, 3U);
  EXPECT_GT(report.paths.straight, what.operations / 3);
  EXPECT_EQ(report.paths.watched, report.paths.straight);
  if (what.name[0] == 'p') { // not Slipstream's
    EXPECT_GT(report.paths.overlay, report.paths.straight / 2);
    EXPECT_EQ(report.paths.in_turns, report.paths.overlay);
    EXPECT_EQ(report.paths.in_registers, lanes_in_registers() ? report.paths.overlay : 0);
    EXPECT_GT(report.paths.earned, report.paths.overlay / 4);
  }
  EXPECT_TRUE(report.differences.empty())
    << report.differences.size() << " differ, first: " << report.differences.front();
}

class recorded_pool : public testing::TestWithParam<corpus> {};

} // namespace

TEST_P(recorded_pool, answers_every_operation_as_the_contract_did) {
  expect_agreement(test::bundled_text(std::string(GetParam().name) + ".jsonl"), GetParam());
}

namespace {

std::string test_name(const testing::TestParamInfo<corpus>& x) {
  std::string name = x.param.name;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

} // namespace

INSTANTIATE_TEST_SUITE_P(uniswap_v3, recorded_pool, testing::ValuesIn(corpora), test_name);
INSTANTIATE_TEST_SUITE_P(slipstream, recorded_pool, testing::ValuesIn(staked_beginnings),
                         test_name);

TEST(pool, answers_every_corpus_in_shared_as_the_contract_did) {
  size_t found = 0;
  for (const auto& x : corpora) {
    SCOPED_TRACE(x.name);
    const auto file = "vectors/uniswap-v3/" + std::string(x.name) + ".jsonl";
    if (!test::shared_has(file))
      continue;
    expect_agreement(test::shared_text(file), x);
    ++found;
  }
  for (const auto& x : staked_corpora) {
    SCOPED_TRACE(x.name);
    const auto file = "vectors/slipstream/" + std::string(x.name) + ".jsonl";
    if (!test::shared_has(file))
      continue;
    expect_agreement(test::shared_text(file), x);
    ++found;
  }
  if (found == 0)
    GTEST_SKIP() << "no corpora in the shared folder";
}

TEST(pool, is_caught_when_it_answers_differently) {
  auto text = test::bundled_text("p6-wrap-3000.jsonl");
  auto damage = [&text](std::string_view from, std::string_view to) {
    auto copy = text;
    auto at = copy.find(from, copy.size() / 2);
    EXPECT_NE(at, std::string::npos) << from;
    copy.replace(at, from.size(), to);
    return test::play_corpus(copy).differences.size();
  };
  EXPECT_EQ(damage("\"reason\":\"TF\"", "\"reason\":\"F0\""), 1U);
  EXPECT_EQ(damage("\"tokensOwed0\":\"0\"", "\"tokensOwed0\":\"1\""), 1U);
  EXPECT_EQ(damage("\"crossed\":0", "\"crossed\":1"), 1U);
  text = test::bundled_text("s1-weth-usdc-cl100.jsonl");
  EXPECT_EQ(damage("\"stakedLiquidityNet\":\"1", "\"stakedLiquidityNet\":\"2"), 1U);
  EXPECT_EQ(damage("\"rewardReserve\":\"1", "\"rewardReserve\":\"2"), 1U);
  EXPECT_EQ(damage("\"gaugeFees0\":\"1", "\"gaugeFees0\":\"2"), 1U);
}

TEST(pool, names_its_reverts_like_the_contract) {
  EXPECT_EQ(reason(revert::reasonless), "");
  EXPECT_EQ(reason(revert::LOK), "LOK");
  EXPECT_EQ(reason(revert::IIA), "IIA");
  EXPECT_EQ(reason(revert::OLD), "OLD");
  EXPECT_EQ(reason(revert::NG), "NG");
  EXPECT_EQ(reason(revert::NNFT), "NNFT");
}

TEST(pool, is_locked_until_it_is_initialized) {
  pool fresh(3000, 60);
  EXPECT_EQ(fresh.mint({}, 0, 60, 1, 0).why(), revert::LOK);
  EXPECT_EQ(fresh.burn({}, 0, 60, 0, 0).why(), revert::LOK);
  EXPECT_EQ(fresh.collect({}, 0, 60, 0, 0).why(), revert::LOK);
  EXPECT_EQ(fresh.swap({true, 1, min_sqrt_ratio + 1}, 0).why(), revert::LOK);
  EXPECT_EQ(fresh.swap({true, 0, 0}, 0).why(), revert::AS); // asked first in the contract
  EXPECT_EQ(fresh.flash(0, 0, 0, 0).why(), revert::LOK);
  EXPECT_EQ(fresh.set_fee_protocol(0, 0, false).why(), revert::LOK);
  EXPECT_EQ(fresh.collect_protocol(0, 0, false).why(), revert::LOK);
  EXPECT_EQ(fresh.increase_observation_cardinality_next(2).why(), revert::LOK);
  EXPECT_EQ(fresh.observe(0, 0).why(), revert::I);
  EXPECT_EQ(fresh, pool(3000, 60));
}

TEST(pool, is_initialized_once_and_within_the_price_range) {
  pool fresh(3000, 60);
  EXPECT_EQ(fresh.initialize(min_sqrt_ratio - 1, 5).why(), revert::R);
  EXPECT_EQ(fresh.initialize(max_sqrt_ratio, 5).why(), revert::R);
  auto tick = fresh.initialize(u256{1} << 96, 5);
  ASSERT_TRUE(tick);
  EXPECT_EQ(*tick, 0);
  EXPECT_EQ(fresh.initialize(u256{1} << 96, 5).why(), revert::AI);
  EXPECT_EQ(fresh.observation_at(0), (observation{5, 0, {}, true}));
}

TEST(pool, returns_a_flash_loan_with_its_fee_or_states_what_is_missing) {
  pool lender(3000, 60);
  ASSERT_TRUE(lender.initialize(u256{1} << 96, 5));
  EXPECT_EQ(lender.flash(0, 0, 0, 0).why(), revert::L);
  ASSERT_TRUE(lender.mint({}, -60, 60, 1'000'000'000, 5));
  pool before = lender;
  EXPECT_EQ(lender.flash(before.state().balance0 + 1, 0, 0, 0).why(), revert::TF);
  EXPECT_EQ(lender.flash(1000, 0, 0, 0, {true, false, false}).why(), revert::F0);
  EXPECT_EQ(lender.flash(0, 1000, 0, 0, {false, true, false}).why(), revert::F1);
  EXPECT_EQ(lender.flash(1000, 0, 0, 0, {false, false, true}).why(), revert::LOK);
  EXPECT_EQ(lender, before);
  auto paid = lender.flash(1000, 0, 2, 0, {true, true, false}); // the gift covers the missing wei
  ASSERT_TRUE(paid);
  EXPECT_EQ(*paid, (token_amounts{3 + 2 - 1, 0}));
  EXPECT_EQ(lender.state().balance0, before.state().balance0 + 4);
}

} // namespace sluice
