#include "rules/liquidity/score.hpp"
#include "sim/evaluate/earnings.hpp"
#include "sim/evaluate/range_worth.hpp"
#include "sim/math/tick_math.hpp"
#include "sim/pool/liquidity_amounts.hpp"
#include "tests/support/market_window.hpp"
#include "tests/support/random_swaps.hpp"

#include <gtest/gtest.h>

#include <random>

using namespace sluice;
using sluice::test::market_window;

namespace {

const u256 price_one = u256{1} << 96; // price 1: token0 is worth what token1 is

constexpr evaluation_options value_options{range_measure::value, valuing_price::own};

/// Start positions around the price and, in the middle of the window, other ones.
plan worth_plan(const window& market, std::mt19937_64& luck) {
  const auto spacing = market.terms.tick_spacing;
  const auto range = [&] {
    const auto width = spacing * static_cast<int32_t>(1 + luck() % 60);
    const auto away = luck() % 4 == 0 ? spacing * static_cast<int32_t>(luck() % 200) : 0;
    const auto lower = (market.start.tick - width / 2 + away) / spacing * spacing;
    return std::pair{lower, lower + width};
  };
  plan what;
  what.start = {u256{luck() >> (luck() % 40)}, u256{luck() >> (25 + luck() % 30)}};
  if (luck() % 5 == 0)
    what.start = {};
  for (auto n = luck() % 4; n > 0; --n) {
    const auto [lower, upper] = range();
    what.positions.push_back({lower, upper, 1 + (luck() >> (luck() % 30))});
  }
  if (luck() % 2 == 0) {
    rebalance later{market.from + 1 + luck() % (market.to - market.from - 1), {}};
    for (auto n = luck() % 3; n > 0; --n) {
      const auto [lower, upper] = range();
      later.desired_positions.push_back(
        {lower, upper, what.start.amount0 >> 1U, what.start.amount1 >> 1U, {}});
    }
    what.rebalances.push_back(std::move(later));
  }
  return what;
}

/// Positions of an outcome that were there in a block, before what was asked for at its end.
bool lived(const position_breakdown& p, bool from_start, uint64_t block) {
  return (from_start || p.from_block < block) && block <= p.to_block;
}

/// Inventory in a block, before what was asked for at its end.
inventory beside_in(const plan& what, const plan_outcome& out, uint64_t block) {
  auto free = what.start;
  for (const auto& x : out.rebalances)
    if (x.block < block)
      free = x.after;
  return free;
}

/// What in_range_ratio must be, from what each swap has paid to whom.
double observed_by_hand(const window& market, const plan& what, const plan_earnings& seen) {
  const auto& positions = seen.outcome.positions;
  std::vector<token_amounts> fees(positions.size());
  std::vector<size_t> read(positions.size());
  double sum = 0;
  uint64_t swaps = 0;
  for (const auto& block : market.blocks) {
    std::vector<uint32_t> indices;
    for (const auto& event : block->block.events)
      if (event.kind == pool_event_kind::swap)
        indices.push_back(event.log_index);
    indices.resize(block->swaps.size()); // a bar has no events
    const auto number = block->block.number;
    const auto free = beside_in(what, seen.outcome, number);
    for (size_t k = 0; k < block->swaps.size(); ++k) {
      const auto& at = block->swaps[k];
      token_amounts in_range, all{free.amount0, free.amount1};
      for (size_t i = 0; i < positions.size(); ++i) {
        const auto& p = positions[i];
        const auto& notes = seen.positions[i];
        for (auto& n = read[i];
             n < notes.size() && notes[n].block == number && notes[n].log_index == indices[k];
             ++n) {
          fees[i].amount0 += notes[n].fees0;
          fees[i].amount1 += notes[n].fees1;
        }
        if (!lived(p, i < what.positions.size(), number))
          continue;
        auto has = amounts_for_liquidity(at.sqrt_price_x96, sqrt_ratio_at_tick(p.tick_lower),
                                         sqrt_ratio_at_tick(p.tick_upper), p.liquidity);
        has.amount0 += fees[i].amount0;
        has.amount1 += fees[i].amount1;
        all.amount0 += has.amount0;
        all.amount1 += has.amount1;
        if (p.tick_lower <= at.tick && at.tick < p.tick_upper) {
          in_range.amount0 += has.amount0;
          in_range.amount1 += has.amount1;
        }
      }
      sum += ratio(value_in_token1(in_range.amount0, in_range.amount1, at.sqrt_price_x96),
                   value_in_token1(all.amount0, all.amount1, at.sqrt_price_x96));
      ++swaps;
    }
  }
  return swaps == 0 ? 0 : sum / static_cast<double>(swaps);
}

void worth_agrees(const window& market, uint64_t seed, size_t& between) {
  std::mt19937_64 luck(seed);
  for (int n = 0; n < 12; ++n) {
    SCOPED_TRACE("seed " + std::to_string(seed) + ", plan " + std::to_string(n));
    const auto what = worth_plan(market, luck);
    const auto got = evaluate(market, what, pool_model::observed, 10, value_options);
    const auto seen = evaluate_with_earnings(market, what, pool_model::observed, 10, value_options);
    ASSERT_TRUE(got && seen);
    EXPECT_EQ(*got, seen->outcome);
    EXPECT_EQ(got->metrics.in_range_ratio, observed_by_hand(market, what, *seen));
    between += got->metrics.in_range_ratio > 0 && got->metrics.in_range_ratio < 1 ? 1 : 0;
    auto counted = *evaluate(market, what, pool_model::observed, 10);
    EXPECT_EQ(counted.metrics.in_range_ratio,
              ratio(counted.metrics.swaps_in_range, counted.metrics.swaps));
    counted.metrics.in_range_ratio = got->metrics.in_range_ratio;
    EXPECT_EQ(counted, *got) << "nothing else depends on the measure";
  }
}

/// A plan inside a pool by hand: every question is asked of a copy of it.
class pool_by_hand {
public:
  pool_by_hand(const window& market, const plan& what, const plan_outcome& out)
    : market_(market), what_(what), out_(out), at_(*market.start_pool) {}

  void play() {
    for (size_t i = 0; i < what_.positions.size(); ++i)
      mint(i);
    for (const auto& block : market_.blocks) {
      now_ = static_cast<uint32_t>(block->block.time);
      free_ = beside_in(what_, out_, block->block.number);
      size_t next = 0;
      for (const auto& e : block->block.events)
        if (e.kind == pool_event_kind::swap)
          swap(block->swaps[next++].asked);
        else if (e.kind == pool_event_kind::mint)
          (void)at_.mint(e.owner, e.tick_lower, e.tick_upper, e.liquidity, now_);
        else if (e.kind == pool_event_kind::burn)
          (void)at_.burn(e.owner, e.tick_lower, e.tick_upper, e.liquidity, now_);
        else if (e.kind == pool_event_kind::collect)
          (void)at_.collect(e.owner, e.tick_lower, e.tick_upper, u128_max, u128_max);
      const auto number = block->block.number;
      for (size_t i = 0; i < out_.positions.size(); ++i)
        if (out_.positions[i].to_block == number && number != market_.to) {
          (void)burn(at_, i);
          (void)collect(at_, i);
        }
      for (size_t i = what_.positions.size(); i < out_.positions.size(); ++i)
        if (out_.positions[i].from_block == number)
          mint(i);
    }
  }

  double mean() const { return swaps_ == 0 ? 0 : sum_ / static_cast<double>(swaps_); }

  /// The end after a swap to the market's price, as the outcome of valuing there must have it.
  void ends_like(const plan_outcome& got) const {
    const auto target = market_.blocks.back()->sqrt_price_x96;
    const u256 own = at_.state().sqrt_price_x96;
    pool before = at_, after = at_;
    if (own != target) {
      ASSERT_TRUE(after.swap({target < own, i256::max(), target}, now_));
    }
    EXPECT_EQ(after.state().sqrt_price_x96, target);
    EXPECT_EQ(got.sqrt_price_x96, target);
    token_amounts all{got.end.free.amount0, got.end.free.amount1};
    size_t next = 0;
    for (size_t i = 0; i < out_.positions.size(); ++i) {
      if (out_.positions[i].to_block != market_.to)
        continue;
      const auto had = burn(before, i);
      const auto paid = collect(before, i);
      const auto has = burn(after, i);
      const auto& p = got.end.positions.at(next++);
      EXPECT_EQ(p.fees0, paid.amount0 - had.amount0);
      EXPECT_EQ(p.fees1, paid.amount1 - had.amount1);
      EXPECT_EQ(p.amount0, has.amount0);
      EXPECT_EQ(p.amount1, has.amount1);
      EXPECT_EQ(got.positions[i].returned0, has.amount0);
      EXPECT_EQ(got.positions[i].fees0, paid.amount0 - had.amount0);
      all.amount0 += has.amount0 + paid.amount0 - had.amount0;
      all.amount1 += has.amount1 + paid.amount1 - had.amount1;
    }
    EXPECT_EQ(next, got.end.positions.size());
    EXPECT_EQ(got.metrics.final_value, value_in_token1(all.amount0, all.amount1, target));
  }

  bool moved() const { return at_.state().sqrt_price_x96 != market_.blocks.back()->sqrt_price_x96; }

private:
  static address owner_of(size_t i) { return {0xee, static_cast<uint8_t>(i)}; }

  void mint(size_t i) {
    const auto& p = out_.positions[i];
    ASSERT_TRUE(at_.mint(owner_of(i), p.tick_lower, p.tick_upper, p.liquidity, now_));
    here_.push_back(i);
  }
  token_amounts burn(pool& from, size_t i) const {
    const auto& p = out_.positions[i];
    const auto done = from.burn(owner_of(i), p.tick_lower, p.tick_upper, p.liquidity, now_);
    EXPECT_TRUE(done);
    return *done;
  }
  token_amounts collect(pool& from, size_t i) const {
    const auto& p = out_.positions[i];
    return *from.collect(owner_of(i), p.tick_lower, p.tick_upper, u128_max, u128_max);
  }

  void swap(const swap_request& order) {
    if (!at_.swap(order, now_))
      return;
    ++swaps_;
    const auto& state = at_.state();
    token_amounts in_range, all{free_.amount0, free_.amount1};
    pool trial = at_;
    for (const size_t i : here_) {
      const auto& p = out_.positions[i];
      if (trial.position({owner_of(i), p.tick_lower, p.tick_upper}).liquidity == 0)
        continue; // burned
      (void)burn(trial, i);
      const auto got = collect(trial, i);
      all.amount0 += got.amount0;
      all.amount1 += got.amount1;
      if (p.tick_lower <= state.tick && state.tick < p.tick_upper) {
        in_range.amount0 += got.amount0;
        in_range.amount1 += got.amount1;
      }
    }
    sum_ += ratio(value_in_token1(in_range.amount0, in_range.amount1, state.sqrt_price_x96),
                  value_in_token1(all.amount0, all.amount1, state.sqrt_price_x96));
  }

  const window& market_;
  const plan& what_;
  const plan_outcome& out_;
  pool at_;
  uint32_t now_ = 0;
  inventory free_;
  std::vector<size_t> here_; // minted so far
  double sum_ = 0;
  uint64_t swaps_ = 0;
};

} // namespace

TEST(range_worth, is_the_part_of_the_value_that_contains_the_tick) {
  range_worth worth({u256{10}, u256{20}});
  worth.add(true, {u256{5}, u256{1}}, {u256{1}, u256{3}});
  worth.add(false, {u256{30}, {}}, {u256{10}, u256{10}});
  worth.add(true, {}, {u256{4}, u256{6}});
  EXPECT_EQ(worth.share(price_one), 20.0 / 100);
  EXPECT_EQ(worth.share(price_one * 2), ratio(4 * 10 + 10, 4 * 60 + 40));
}

TEST(range_worth, of_nothing_is_nothing) {
  range_worth worth({});
  EXPECT_EQ(worth.share(price_one), 0);
  worth.add(true, {u256{3}, {}}, {});
  EXPECT_EQ(worth.share(price_one), 1);
  EXPECT_EQ(worth.share(price_one >> 1U), 0) << "three quarters of a unit of token1 are none";
  EXPECT_EQ(range_worth({u256{1}, {}}).share(price_one), 0);
}

TEST(range_worth, of_numbers_of_any_size_is_the_ratio_of_two_values) {
  constexpr uint64_t seed = 32;
  SCOPED_TRACE("seed " + std::to_string(seed));
  test::any_number luck(seed);
  for (int i = 0; i < 20'000; ++i) {
    const unsigned bits = luck.one_in(4) ? 200 : 100;
    const token_amounts beside{luck.up_to_bits(bits), luck.up_to_bits(bits)};
    const token_amounts outside{luck.up_to_bits(bits), luck.up_to_bits(bits)};
    const token_amounts inside{luck.up_to_bits(bits), luck.up_to_bits(bits)};
    const u256 price = luck.up_to_bits(luck.one_in(4) ? 160 : 128);
    const bool alone = luck.one_in(5);
    range_worth worth(alone ? token_amounts{} : beside);
    token_amounts all = inside;
    if (!alone) {
      worth.add(false, outside, {});
      all.amount0 += beside.amount0 + outside.amount0;
      all.amount1 += beside.amount1 + outside.amount1;
    }
    worth.add(true, {}, inside);
    ASSERT_EQ(worth.share(price), ratio(value_in_token1(inside.amount0, inside.amount1, price),
                                        value_in_token1(all.amount0, all.amount1, price)))
      << i;
  }
}

TEST(range_worth, is_measured_after_each_observed_swap) {
  size_t between = 0;
  for (uint64_t seed = 1; seed <= 8; ++seed)
    worth_agrees(market_window({}, seed, 100, 150, seed % 2 == 0), seed, between);
  EXPECT_GT(between, 30U);
}

TEST(range_worth, is_measured_after_each_bar_that_is_a_swap) {
  size_t between = 0;
  for (uint64_t seed = 1; seed <= 6; ++seed) {
    std::mt19937_64 luck(seed);
    window market;
    market.terms = {500, 10, 18, 6};
    market.from = 100;
    market.to = 299;
    int32_t tick = static_cast<int32_t>(luck() % 1000) - 500;
    market.start = {sqrt_ratio_at_tick(tick), tick};
    auto feed = replica::of_bars(market.terms, market.start);
    for (uint64_t number = market.from; number <= market.to; ++number) {
      price_bar bar{tick, tick, 1 + luck() % 1'000'000'000'000, {}, {}, 0};
      bar.close_tick += static_cast<int32_t>(luck() % 81) - 40;
      if (luck() % 5 != 0) // else no swap
        bar.in_amount0 = luck() >> (luck() % 50), bar.in_amount1 = luck() >> (luck() % 50);
      tick = bar.close_tick;
      auto record = feed.apply({number, 60 * number, {}, bar});
      ASSERT_TRUE(record) << record.error().what;
      market.blocks.push_back(*record);
    }
    worth_agrees(market, seed, between);
  }
  EXPECT_GT(between, 20U);
}

TEST(range_worth, is_measured_in_the_private_pool_which_ends_at_the_markets_price) {
  size_t between = 0, moved = 0;
  for (uint64_t seed = 1; seed <= 10; ++seed) {
    market_terms terms;
    terms.depth = seed % 3 == 0 ? 3'000 : 3'000'000; // a plan moves a small market's price
    terms.volatility_per_day = seed % 2 == 0 ? 0.5 : 0.05;
    const auto market = market_window(terms, seed, 100, 120);
    std::mt19937_64 luck(seed);
    for (int n = 0; n < 10; ++n) {
      SCOPED_TRACE("seed " + std::to_string(seed) + ", plan " + std::to_string(n));
      const auto what = worth_plan(market, luck);
      const auto got = evaluate(market, what, pool_model::replayed, 10,
                                {range_measure::value, valuing_price::market});
      const auto own = evaluate(market, what, pool_model::replayed, 10, value_options);
      ASSERT_TRUE(got && own);
      pool_by_hand hand(market, what, *own);
      hand.play();
      EXPECT_EQ(own->metrics.in_range_ratio, hand.mean());
      EXPECT_EQ(got->metrics.in_range_ratio, hand.mean());
      hand.ends_like(*got);
      between += hand.mean() > 0 && hand.mean() < 1 ? 1 : 0;
      moved += hand.moved() ? 1 : 0;
    }
  }
  EXPECT_GT(between, 30U);
  EXPECT_GT(moved, 30U);
}
