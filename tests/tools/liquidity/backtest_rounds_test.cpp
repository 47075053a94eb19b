#include "tools/liquidity/backtest_rounds.hpp"

#include <gtest/gtest.h>

#include <random>

namespace sluice::tools {

namespace {

backtest_round any_round(uint64_t number, size_t players, std::mt19937_64& chance) {
  backtest_round round{{number}, number * 10,    number * 10 + 9, chance(),
                       chance(), {chance(), -5}, {chance(), 7},   {}};
  for (size_t i = 0; i < players; ++i) {
    backtest_cell x;
    x.verdict = static_cast<miner_verdict>(chance() % 3);
    x.note = std::string(chance() % 3 * (chance() % 50), static_cast<char>('a' + i % 26));
    x.invalid = static_cast<uint32_t>(chance());
    x.rank = static_cast<uint32_t>(chance() % 9);
    x.score = static_cast<double>(chance());
    x.metrics.final_value = u256{chance()} << 100;
    x.metrics.swaps = chance();
    x.total.value = u256{chance()} << 180;
    x.total.average = 1.0 / static_cast<double>(chance() | 1);
    round.cells.push_back(std::move(x));
  }
  return round;
}

void same_cell(const backtest_cell& a, const backtest_cell& b) {
  EXPECT_EQ(a.verdict, b.verdict);
  EXPECT_EQ(a.note, b.note);
  EXPECT_EQ(std::tuple(a.invalid, a.rank, a.score), std::tuple(b.invalid, b.rank, b.score));
  EXPECT_EQ(a.metrics, b.metrics);
  EXPECT_EQ(a.total.value, b.total.value);
  EXPECT_EQ(a.total.average, b.total.average);
}

void same_head(const backtest_round& a, const backtest_round& b) {
  EXPECT_EQ(a.number, b.number);
  EXPECT_EQ(std::tuple(a.start_block, a.end_block, a.start_time, a.end_time),
            std::tuple(b.start_block, b.end_block, b.start_time, b.end_time));
  EXPECT_EQ(a.start, b.start);
  EXPECT_EQ(a.end, b.end);
}

} // namespace

TEST(backtest_rounds, come_back_as_they_were_added) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 chance{seed};
  for (const size_t count : {size_t{3}, size_t{3000}}) { // in memory, on disk
    std::vector<backtest_round> wanted;
    backtest_rounds rounds;
    for (size_t i = 0; i < count; ++i) {
      wanted.push_back(any_round(i, 11, chance));
      ASSERT_TRUE(rounds.add(wanted.back()));
    }
    ASSERT_EQ(rounds.size(), count);
    same_head(rounds.first(), wanted.front());
    same_head(rounds.last(), wanted.back());
    EXPECT_TRUE(rounds.last().cells.empty());
    size_t at = 0;
    for (const auto round : rounds) {
      same_head(round, wanted[at]);
      ASSERT_EQ(round.cells.size(), 11U);
      for (size_t i = 0; i < 11; ++i)
        same_cell(round.cells[i], wanted[at].cells[i]);
      ++at;
      if (HasFailure())
        return;
    }
    EXPECT_EQ(at, count);
    same_head(rounds.head(count / 2), wanted[count / 2]);
    same_cell(rounds.cell(count - 1, 10), wanted.back().cells[10]);
    EXPECT_FALSE(rounds.broken());
  }
}

TEST(backtest_rounds, may_only_be_counted) {
  std::mt19937_64 chance{1};
  backtest_rounds rounds;
  const auto first = any_round(4, 2, chance), second = any_round(5, 2, chance);
  rounds.count(first);
  rounds.count(second);
  EXPECT_EQ(rounds.size(), 2U);
  same_head(rounds.first(), first);
  same_head(rounds.last(), second);
}

} // namespace sluice::tools
