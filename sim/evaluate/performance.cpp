#include "sim/evaluate/performance.hpp"

#include "rules/limits.hpp"
#include "rules/liquidity/proposal.hpp"
#include "rules/liquidity/score.hpp"
#include "sim/math/tick_math.hpp"
#include "sim/pool/liquidity_amounts.hpp"

#include <algorithm>

namespace sluice {

namespace {

std::string range_text(int32_t tick_lower, int32_t tick_upper) {
  return "[" + std::to_string(tick_lower) + ", " + std::to_string(tick_upper) + ")";
}

void settle(position_breakdown& p, uint64_t block, const withdrawal& paid) {
  p.to_block = block;
  p.returned0 = paid.principal.amount0;
  p.returned1 = paid.principal.amount1;
  p.fees0 = paid.fees.amount0;
  p.fees1 = paid.fees.amount1;
  p.rewards = paid.rewards;
}

void add_note(std::string& to, const std::string& what) {
  to += to.empty() ? what : "; " + what;
}

} // namespace

std::string plan_fault(const window& market, const plan& what, pool_model model) {
  if (model == pool_model::replayed && !market.start_pool)
    return "the replayed model needs a pool, bars have none: use the observed model";
  if (what.staked && market.terms.kind != pool_kind::slipstream)
    return "only a Slipstream pool has a gauge to stake in, this is a Uniswap V3 pool: play the "
           "plan unstaked";
  if (what.staked && !market.start_pool)
    return "bars do not show who is staked: play the plan unstaked or use a stream of events";
  if (market.start.sqrt_price_x96.is_zero())
    return "the pool is not initialized before block " + std::to_string(market.from);
  if (market.from > market.to + 1) // an empty one is the moment before its first block
    return "the window ends at block " + std::to_string(market.to) + ", before its start at block "
           + std::to_string(market.from);
  if (!what.start.amount0.fits_u128() || !what.start.amount1.fits_u128())
    return "inventory: expected at most 2^128 - 1 of each token";
  if (what.rebalances.size() > limits::rebalances_max)
    return "rebalances: expected at most " + std::to_string(limits::rebalances_max) + ", got "
           + std::to_string(what.rebalances.size());
  if (!std::ranges::is_sorted(what.rebalances, {}, &rebalance::block))
    return "rebalances: expected ascending blocks";
  for (const auto& p : what.positions) {
    const auto spacing = market.terms.tick_spacing;
    if (p.tick_lower >= p.tick_upper || p.tick_lower < min_tick || p.tick_upper > max_tick
        || p.tick_lower % spacing != 0 || p.tick_upper % spacing != 0 || p.liquidity == 0)
      return "positions: " + range_text(p.tick_lower, p.tick_upper)
             + ": expected liquidity and ordered multiples of " + std::to_string(spacing)
             + " within +-887272";
  }
  return {};
}

result<nothing> performance::open(const plan& what) {
  free_ = what.start;
  swaps_.beside = {free_.amount0, free_.amount1};
  start_ = {free_.amount0, free_.amount1};
  start_price_ = venue_->price().sqrt_price_x96;
  for (const auto& p : what.positions)
    if (auto paid = venue_->mint(p.tick_lower, p.tick_upper, p.liquidity); !paid)
      return fault{ec::invalid_argument, "positions: " + range_text(p.tick_lower, p.tick_upper)
                                           + ": " + paid.error().what};
  for (const auto& p : venue_->held()) {
    breakdowns_.push_back(out_.positions.size());
    out_.positions.push_back({p.tick_lower,
                              p.tick_upper,
                              p.liquidity,
                              market_.from,
                              market_.to,
                              p.amount0,
                              p.amount1,
                              {},
                              {},
                              {},
                              {}});
    start_.amount0 += p.amount0;
    start_.amount1 += p.amount1;
  }
  return nothing{};
}

void performance::miss(uint64_t block) {
  rebalance_breakdown breakdown;
  breakdown.block = block;
  breakdown.note = "outside the window";
  breakdown.kept = static_cast<uint32_t>(breakdowns_.size());
  breakdown.sqrt_price_x96 = venue_->price().sqrt_price_x96;
  breakdown.after = free_;
  out_.rebalances.push_back(std::move(breakdown));
}

void performance::rebalance_at(uint64_t block, const std::vector<desired_position>& desired) {
  rebalance_breakdown breakdown;
  breakdown.block = block;
  breakdown.sqrt_price_x96 = venue_->price().sqrt_price_x96;
  breakdown.kept = static_cast<uint32_t>(breakdowns_.size());
  const holdings has{free_, venue_->held()};
  if (auto why = proposal_fault(desired, market_.terms, has, positions_max_); !why.empty()) {
    breakdown.note = std::move(why);
  } else if (auto steps = compare(has.positions, desired); !steps.changes()) {
    breakdown.note = "kept";
  } else {
    breakdown.executed = true;
    breakdown.kept = static_cast<uint32_t>(steps.kept.size());
    breakdown.burned = static_cast<uint32_t>(steps.burned.size());
    take_out(block, std::move(steps.burned));
    for (const size_t i : steps.minted) {
      auto skipped = bring_in(block, desired[i]);
      breakdown.minted += skipped.empty() ? 1 : 0;
      if (!skipped.empty())
        add_note(breakdown.note,
                 range_text(desired[i].tick_lower, desired[i].tick_upper) + " skipped: " + skipped);
    }
    ++out_.metrics.rebalances;
  }
  breakdown.after = free_;
  swaps_.beside = {free_.amount0, free_.amount1};
  out_.rebalances.push_back(std::move(breakdown));
}

void performance::take_out(uint64_t block, std::vector<size_t> which) {
  std::ranges::sort(which, std::greater{}); // from the back: indices in front stay what they are
  for (const size_t index : which) {
    const auto paid = venue_->burn(index);
    free_.amount0 += paid.principal.amount0 + paid.fees.amount0;
    free_.amount1 += paid.principal.amount1 + paid.fees.amount1;
    settle(out_.positions[breakdowns_[index]], block, paid);
    breakdowns_.erase(breakdowns_.begin() + static_cast<ptrdiff_t>(index));
  }
}

/// Empty when minted, else why not.
std::string performance::bring_in(uint64_t block, const desired_position& wanted) {
  const auto liquidity = liquidity_for_amounts(
    venue_->price().sqrt_price_x96, sqrt_ratio_at_tick(wanted.tick_lower),
    sqrt_ratio_at_tick(wanted.tick_upper), std::min(wanted.allocation0, free_.amount0),
    std::min(wanted.allocation1, free_.amount1));
  if (!liquidity)
    return "more liquidity than a tick may hold";
  if (*liquidity == 0)
    return "the amounts buy no liquidity";
  const auto paid = venue_->mint(wanted.tick_lower, wanted.tick_upper, *liquidity);
  if (!paid)
    return paid.error().what;
  free_.amount0 -= paid->amount0;
  free_.amount1 -= paid->amount1;
  breakdowns_.push_back(out_.positions.size());
  out_.positions.push_back({wanted.tick_lower,
                            wanted.tick_upper,
                            *liquidity,
                            block,
                            market_.to,
                            paid->amount0,
                            paid->amount1,
                            {},
                            {},
                            {},
                            {}});
  return {};
}

plan_outcome performance::close() && {
  finish(out_, valuing_ == valuing_price::market ? venue_->moved_to(end_price(market_))
                                                 : venue_end{venue_->price(), venue_->held()});
  return std::move(out_);
}

void performance::finish(plan_outcome& out, venue_end end) const {
  out.end = {free_, std::move(end.positions)};
  token_amounts owned{free_.amount0, free_.amount1};
  for (size_t i = 0; i < breakdowns_.size(); ++i) {
    const auto& p = out.end.positions[i];
    settle(out.positions[breakdowns_[i]], market_.to,
           {{p.amount0, p.amount1}, {p.fees0, p.fees1}, venue_->rewards(i)});
    owned.amount0 += p.amount0 + p.fees0;
    owned.amount1 += p.amount1 + p.fees1;
  }
  out.sqrt_price_x96 = end.price.sqrt_price_x96;
  out.tick = end.price.tick;
  measure(out, owned);
}

void performance::measure(plan_outcome& out, const token_amounts& owned) const {
  auto& m = out.metrics;
  const u256& end_price = out.sqrt_price_x96;
  for (const auto& p : out.positions) {
    m.fees0 += p.fees0;
    m.fees1 += p.fees1;
    m.rewards += p.rewards;
  }
  m.initial_value = value_in_token1(start_.amount0, start_.amount1, start_price_);
  m.final_value = value_in_token1(owned.amount0, owned.amount1, end_price);
  m.hodl_value = value_in_token1(start_.amount0, start_.amount1, end_price);
  m.fees_value = value_in_token1(m.fees0, m.fees1, end_price);
  m.impermanent_loss = impermanent_loss(m.hodl_value, m.final_value, m.fees_value);
  m.net_pnl_vs_hodl = i256::from_u256(m.final_value) - i256::from_u256(m.hodl_value);
  m.swaps = swaps_.all;
  m.swaps_in_range = swaps_.in_range;
  if (!swaps_.by_value)
    m.in_range_ratio = ratio(swaps_.in_range, swaps_.all);
  else
    m.in_range_ratio = swaps_.all == 0 ? 0 : swaps_.value_shares / static_cast<double>(swaps_.all);
}

} // namespace sluice
