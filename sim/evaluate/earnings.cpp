#include "sim/evaluate/earnings.hpp"

#include "sim/evaluate/performance.hpp"

namespace sluice {

namespace {

/// A block cut up so that each part has at most one swap, the last of its events. Parts in order
/// are to a venue what the block is: rewards come with the first.
std::vector<block_record> parts_of(const block_record& block) {
  std::vector<block_record> parts;
  size_t swap = 0;
  uint32_t step = 0;
  block_record part;
  part.reward = block.reward;
  part.block.number = block.block.number;
  part.block.time = block.block.time;
  const auto empty = part.block;
  for (const auto& event : block.block.events) {
    part.block.events.push_back(event);
    if (event.kind != pool_event_kind::swap)
      continue;
    const auto& done = block.swaps[swap++];
    part.steps.assign(block.steps.begin() + step, block.steps.begin() + done.steps_until);
    part.swaps.push_back(done);
    part.swaps.back().steps_until -= step;
    part.sqrt_price_x96 = done.sqrt_price_x96;
    part.tick = done.tick;
    step = done.steps_until;
    parts.push_back(std::move(part));
    part = {};
    part.block = empty;
    part.reward.staked = block.reward.staked;
  }
  if (parts.empty() || !part.block.events.empty()) {
    part.sqrt_price_x96 = block.sqrt_price_x96;
    part.tick = block.tick;
    parts.push_back(std::move(part));
  }
  return parts;
}

/// A venue that looks at its positions after each swap.
class noting_venue : public block_venue {
public:
  noting_venue(std::unique_ptr<block_venue> inner, const window& market)
    : inner_(std::move(inner)), before_(market.start) {}

  price_point price() const override { return inner_->price(); }
  std::vector<held_position> held() const override { return inner_->held(); }
  venue_end moved_to(const price_point& market) const override { return inner_->moved_to(market); }
  u256 rewards(size_t index) const override { return inner_->rewards(index); }

  result<token_amounts> mint(int32_t tick_lower, int32_t tick_upper, u128 liquidity) override {
    auto paid = inner_->mint(tick_lower, tick_upper, liquidity);
    if (paid) {
      breakdowns_.push_back(notes_.size());
      notes_.emplace_back();
    }
    return paid;
  }

  withdrawal burn(size_t index) override {
    breakdowns_.erase(breakdowns_.begin() + static_cast<ptrdiff_t>(index));
    return inner_->burn(index);
  }

  void pass(const block_record& block, swap_count& swaps) override {
    if (block.block.bar || block.swaps.empty() || breakdowns_.empty()) {
      pass_noting(block, swaps);
    } else {
      for (const auto& part : parts_of(block))
        pass_noting(part, swaps);
    }
    before_ = {block.sqrt_price_x96, block.tick};
  }

  std::vector<std::vector<swap_earning>> take_notes() { return std::move(notes_); }

private:
  void pass_noting(const block_record& part, swap_count& swaps) {
    const bool pays = !breakdowns_.empty() && !part.swaps.empty();
    const auto had = pays ? inner_->held() : std::vector<held_position>{};
    inner_->pass(part, swaps);
    if (pays)
      note(part, had, inner_->held());
    before_ = {part.sqrt_price_x96, part.tick};
  }

  void note(const block_record& part, const std::vector<held_position>& had,
            const std::vector<held_position>& has) {
    swap_earning seen;
    seen.block = part.block.number;
    seen.log_index = part.block.events.empty() ? 0 : part.block.events.back().log_index;
    seen.sqrt_price_from_x96 = before_.sqrt_price_x96;
    seen.sqrt_price_to_x96 = part.sqrt_price_x96;
    for (const auto& step : part.steps) {
      seen.paid0 += step.fee0;
      seen.paid1 += step.fee1;
    }
    for (size_t i = 0; i < has.size(); ++i) {
      seen.fees0 = has[i].fees0 - had[i].fees0;
      seen.fees1 = has[i].fees1 - had[i].fees1;
      if (!seen.fees0.is_zero() || !seen.fees1.is_zero())
        notes_[breakdowns_[i]].push_back(seen);
    }
  }

  std::unique_ptr<block_venue> inner_;
  price_point before_;
  std::vector<size_t> breakdowns_; // of the inner venue's positions, in its order
  std::vector<std::vector<swap_earning>> notes_;
};

} // namespace

result<plan_earnings>
evaluate_with_earnings(const window& market, const plan& what, pool_model model,
                       uint32_t positions_max, const evaluation_options& how) {
  if (auto why = plan_fault(market, what, model); !why.empty())
    return fault{ec::invalid_argument, std::move(why)};
  noting_venue where{model == pool_model::replayed ? replayed_venue(market, what.staked)
                                                   : observed_venue(market, what.staked),
                     market};
  auto outcome = evaluate_at(market, what, where, positions_max, how);
  if (!outcome)
    return outcome.error();
  return plan_earnings{*std::move(outcome), where.take_notes()};
}

} // namespace sluice
