#include "rules/liquidity/question.hpp"
#include "sim/evaluate/open_evaluation.hpp"
#include "tests/support/data_file.hpp"
#include "tests/support/market_window.hpp"
#include "tests/support/random_swaps.hpp"
#include "tools/liquidity/score_market.hpp"

#include <gtest/gtest.h>

#include <random>

namespace sluice {
namespace {

/// Plans and answers of chance around a market's price.
class plan_chance {
public:
  plan_chance(const window& market, uint64_t seed) : market_(market), luck_(seed) {}

  uint64_t below(uint64_t n) { return luck_.below(n); }

  plan vault() {
    plan made;
    made.start = {luck_.up_to_bits(80), luck_.up_to_bits(60)};
    for (auto n = below(3); n > 0; --n) {
      const auto [lower, upper] = range();
      made.positions.push_back({lower, upper, static_cast<u128>(luck_.bits(40)) + 1});
    }
    return made;
  }

  std::vector<desired_position> wishes(const inventory& has) {
    std::vector<desired_position> all;
    for (auto n = below(4); n > 0; --n) {
      const auto [lower, upper] = range();
      all.push_back({lower,
                     upper,
                     has.amount0 >> static_cast<unsigned>(below(5)),
                     has.amount1 >> static_cast<unsigned>(below(5)),
                     {}});
    }
    return all;
  }

private:
  std::pair<int32_t, int32_t> range() {
    const auto spacing = market_.terms.tick_spacing;
    const auto width = spacing << below(7);
    const auto shift = static_cast<int32_t>(below(3)) * width / 2;
    const auto lower = (market_.start.tick - shift) / spacing * spacing;
    return {lower, lower + width};
  }

  const window& market_;
  test::any_number luck_;
};

window window_until(const window& whole, uint64_t block) {
  auto part = whole;
  part.to = block;
  std::erase_if(part.blocks, [&](const auto& x) { return x->block.number > block; });
  return part;
}

void same_outcome(const result<plan_outcome>& got, const result<plan_outcome>& wanted) {
  ASSERT_EQ(static_cast<bool>(got), static_cast<bool>(wanted));
  if (wanted)
    EXPECT_EQ(*got, *wanted);
  else
    EXPECT_EQ(got.error().what, wanted.error().what);
}

/// Asked at moments of chance, it stands where an evaluation from the start stands.
void stands_as_evaluated(const window& market, pool_model model, bool staked, uint64_t seed) {
  SCOPED_TRACE("seed " + std::to_string(seed));
  plan_chance luck(market, seed);
  auto what = luck.vault();
  what.staked = staked;
  const bool ahead = luck.below(3) == 0; // all rebalances known from the start
  if (ahead)
    for (auto block = market.from - 2 + luck.below(4); block < market.to + 9;
         block += luck.below(60))
      what.rebalances.push_back({block, luck.wishes(what.start)});
  passing_window passing(market, model);
  open_evaluation run(passing, what, 10);
  same_outcome(run.outcome(),
               evaluate(window_until(market, market.from - 1), run.what(), model, 10));
  if (!ahead && luck.below(2) == 0)
    run.decide(true, luck.wishes(what.start));
  size_t at = 0;
  for (auto block = market.from; block <= market.to; block += luck.below(40)) {
    auto end = at;
    while (end < market.blocks.size() && market.blocks[end]->block.number <= block)
      ++end;
    passing.show(std::span{market.blocks}.subspan(at, end - at), block);
    at = end;
    run.pass();
    if (luck.below(4) == 0)
      continue; // shown, and nobody asks
    const auto direct = evaluate(window_until(market, block), run.what(), model, 10);
    same_outcome(run.outcome(), direct);
    const auto stands = run.standing();
    ASSERT_EQ(static_cast<bool>(stands), static_cast<bool>(direct));
    EXPECT_EQ(passing.fee(), current_fee(window_until(market, block)));
    if (!direct)
      return;
    EXPECT_EQ(question_at(block, {}, {}, market.terms, *stands),
              question_at(block, {}, {}, market.terms, *direct));
    if (!ahead && luck.below(2) == 0)
      run.decide(false, luck.wishes(what.start));
    if (testing::Test::HasFailure())
      return;
  }
}

window recorded_window(const char* name) {
  const auto market = tools::read_market({test::recording(name)}, {});
  EXPECT_TRUE(market);
  const auto cut = tools::cut_window(*market, {}, {});
  EXPECT_TRUE(cut);
  return *cut;
}

} // namespace

TEST(open_evaluation, stands_where_an_evaluation_from_the_start_stands) {
  const auto first = std::random_device{}();
  for (uint64_t seed = first; seed < first + 24; ++seed) {
    market_terms terms;
    constexpr std::pair<uint32_t, int32_t> tiers[]{{500, 10}, {3000, 60}, {100, 1}, {10'000, 200}};
    std::tie(terms.pool.fee, terms.pool.tick_spacing) = tiers[seed % 4];
    const auto market = test::market_window(terms, seed, 150, 250);
    for (const auto model : {pool_model::observed, pool_model::replayed})
      stands_as_evaluated(market, model, false, seed);
    if (HasFailure())
      return;
  }
}

TEST(open_evaluation, of_bars_and_of_a_slipstream_pool_too) {
  const auto bars = recorded_window("bars.csv");
  const auto aero = recorded_window("aero.jsonl");
  const auto first = std::random_device{}();
  for (uint64_t seed = first; seed < first + 12; ++seed) {
    stands_as_evaluated(bars, pool_model::observed, false, seed);
    stands_as_evaluated(bars, pool_model::replayed, false, seed); // the same fault for ever
    for (const bool staked : {false, true})
      for (const auto model : {pool_model::observed, pool_model::replayed})
        stands_as_evaluated(aero, model, staked, seed);
    if (HasFailure())
      return;
  }
}

TEST(open_evaluation, an_answer_before_the_last_one_cannot_be_played) {
  const auto market = test::market_window({}, 3, 20, 20);
  passing_window passing(market, pool_model::observed);
  plan what;
  what.start = {1'000'000, 1'000'000};
  what.rebalances.push_back({market.to + 5, {}});
  open_evaluation run(passing, what, 10);
  passing.show(market.blocks, market.to);
  run.pass();
  ASSERT_TRUE(run.outcome());
  EXPECT_EQ(run.outcome()->rebalances.front().note, "outside the window");
  run.decide(false, {});
  same_outcome(run.outcome(), evaluate(market, run.what(), pool_model::observed, 10));
  EXPECT_FALSE(run.standing());
}

} // namespace sluice
