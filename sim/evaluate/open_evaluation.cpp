#include "sim/evaluate/open_evaluation.hpp"

#include "rules/limits.hpp"
#include "rules/liquidity/question.hpp"

#include <algorithm>
#include <utility>

namespace sluice {

passing_window::passing_window(const window& opening, pool_model model)
  : part_{opening.terms, opening.from, opening.from - 1, opening.start, opening.start_pool, {}},
    model_(model), extents_(part_), fee_(current_fee(part_)) {}

void passing_window::show(std::span<const std::shared_ptr<const block_record>> blocks,
                          uint64_t to) {
  if (!part_.blocks.empty())
    part_.start = {part_.blocks.back()->sqrt_price_x96, part_.blocks.back()->tick};
  part_.to = to;
  part_.blocks.assign(blocks.begin(), blocks.end());
  if (blocks.empty())
    return;
  if (model_ == pool_model::observed)
    extents_ = path_extents(part_);
  window recent; // without a pool: what it does not show is the fee so far
  recent.terms.fee = fee_;
  recent.blocks.swap(part_.blocks);
  fee_ = current_fee(recent);
  part_.blocks.swap(recent.blocks);
}

open_evaluation::open_evaluation(const passing_window& market, plan what, uint32_t positions_max)
  : market_(&market), what_(std::move(what)), positions_max_(positions_max) {
  if (auto why = plan_fault(market.part(), what_, market.model()); !why.empty())
    wrong_ = fault{ec::invalid_argument, std::move(why)};
}

/// What a pool of its own takes over from the first block is its time: so it is not made earlier.
void open_evaluation::begin() {
  const auto& part = market_->part();
  venue_ = market_->model() == pool_model::replayed
             ? replayed_venue(part, what_.staked)
             : observed_venue(part, what_.staked, &market_->extents());
  run_.emplace(part, *venue_, positions_max_);
  if (auto opened = run_->open(what_); !opened)
    wrong_ = opened.error();
  else if (what_.opening)
    run_->rebalance_at(part.from, *what_.opening);
}

/// Rebalances up to the end so far, each after the blocks up to its own; `at` counts these.
void open_evaluation::take_due(size_t& at) {
  const auto& part = market_->part();
  for (; done_ < what_.rebalances.size(); ++done_) {
    const auto& [block, wishes] = what_.rebalances[done_];
    if (block > part.to)
      return;
    const auto after = std::ranges::upper_bound(part.blocks, block, {},
                                                [](const auto& x) { return x->block.number; });
    const auto end = std::max(at, static_cast<size_t>(after - part.blocks.begin()));
    venue_->pass(part, at, end, run_->swaps());
    at = end;
    if (block < part.from)
      run_->miss(block);
    else
      run_->rebalance_at(block, wishes);
  }
}

void open_evaluation::pass() {
  const auto& part = market_->part();
  if (wrong_ || (!run_ && part.blocks.empty()))
    return;
  if (!run_)
    begin();
  if (wrong_)
    return;
  size_t at = 0;
  take_due(at);
  venue_->pass(part, at, part.blocks.size(), run_->swaps());
}

void open_evaluation::decide(bool opening, std::vector<desired_position> desired) {
  const auto block = market_->part().to;
  auto& list = what_.rebalances;
  const bool late = !list.empty() && list.back().block > block;
  apply(what_, block, opening, std::move(desired));
  if (late || list.size() > limits::rebalances_max) {
    wrong_ = fault{ec::invalid_argument, plan_fault(market_->part(), what_, market_->model())};
  } else if (!wrong_ && run_ && !opening) {
    run_->rebalance_at(block, list.back().desired_positions);
    ++done_;
  }
}

/// Nothing has happened yet: a whole evaluation costs nothing.
result<plan_outcome> open_evaluation::unmoved() const {
  return evaluate(market_->part(), what_, market_->model(), positions_max_);
}

result<plan_outcome> open_evaluation::standing() const {
  if (wrong_)
    return *wrong_;
  if (!run_)
    return unmoved();
  const auto at = venue_->price();
  plan_outcome stands;
  stands.end = run_->holds();
  stands.sqrt_price_x96 = at.sqrt_price_x96;
  stands.tick = at.tick;
  stands.metrics.rebalances = run_->rebalances();
  return stands;
}

result<plan_outcome> open_evaluation::outcome() const {
  if (wrong_)
    return *wrong_;
  if (!run_)
    return unmoved();
  auto ended = *run_; // the plan itself goes on
  for (size_t i = done_; i < what_.rebalances.size(); ++i)
    ended.miss(what_.rebalances[i].block);
  return std::move(ended).close();
}

} // namespace sluice
