/// The replay of a feed without anything that saves work: a new pool for every block and every try.
#pragma once

#include "sim/evaluate/custody.hpp"
#include "sim/evaluate/window.hpp"
#include "sim/math/tick_math.hpp"

#include <optional>

namespace sluice::test {

/// Forgets nothing. Units as of replica.
class straight_replica {
public:
  explicit straight_replica(pool start, uint32_t first_fee)
    : pool_(std::move(start)), first_fee_(first_fee) {}

  const pool& state() const { return pool_; }

  /// Steps and swaps of the block; none when the record and the pool disagree, and then nothing has
  /// changed.
  std::optional<block_record> apply(const feed_block& block) {
    const pool before = pool_;
    block_record record;
    record.block = block;
    now_ = static_cast<uint32_t>(block.time);
    for (const auto& event : block.events)
      if (!execute(event, record)) {
        pool_ = before;
        return std::nullopt;
      }
    record.sqrt_price_x96 = pool_.state().sqrt_price_x96;
    record.tick = pool_.state().tick;
    return record;
  }

private:
  class steps_of : public swap_observer {
  public:
    steps_of(std::vector<path_step>& into, bool down) : into_(into), down_(down) {}
    void on_step(const swap_step& step) override {
      into_.push_back({step.sqrt_price_from_x96, step.sqrt_price_to_x96, step.liquidity,
                       down_ ? step.lp_fee : u256{}, down_ ? u256{} : step.lp_fee});
    }

  private:
    std::vector<path_step>& into_;
    bool down_;
  };

  bool execute(const pool_event& e, block_record& record) {
    const auto as_recorded = [&e](const or_revert<token_amounts>& got) {
      return got && got->amount0 == e.amount0.bits() && got->amount1 == e.amount1.bits();
    };
    switch (e.kind) {
    case pool_event_kind::initialize:
      return static_cast<bool>(pool_.initialize(e.sqrt_price_x96, now_));
    case pool_event_kind::mint:
      return as_recorded(pool_.mint(e.owner, e.tick_lower, e.tick_upper, e.liquidity, now_));
    case pool_event_kind::burn:
      return as_recorded(burn_recorded(pool_, e, now_));
    case pool_event_kind::collect:
      if (e.amount0.is_negative() || e.amount1.is_negative() || !e.amount0.bits().fits_u128()
          || !e.amount1.bits().fits_u128())
        return false;
      return static_cast<bool>(pool_.collect(e.owner, e.tick_lower, e.tick_upper,
                                             static_cast<u128>(e.amount0.bits()),
                                             static_cast<u128>(e.amount1.bits())));
    case pool_event_kind::swap:
      return swap(e, record);
    case pool_event_kind::fees:
      if (e.amount0.is_negative() || e.amount0 >= i256{1'000'000} || e.amount1.is_negative()
          || e.amount1 > i256{1'000'000})
        return false;
      pool_.set_fees(static_cast<uint32_t>(e.amount0.bits()),
                     static_cast<uint32_t>(e.amount1.bits()));
      return true;
    case pool_event_kind::reward:
    case pool_event_kind::reward_update:
      return static_cast<bool>(reward_recorded(pool_, e, now_));
    default:
      return static_cast<bool>(stake_recorded(pool_, e, now_));
    }
  }

  bool swap(const pool_event& e, block_record& record) {
    if (e.asked)
      return swap(e, *e.asked, pool_.fee(), record);
    const auto& price = pool_.state().sqrt_price_x96;
    const bool down = e.sqrt_price_x96 != price ? e.sqrt_price_x96 < price : e.amount0 > i256{};
    const u256 no_limit = down ? min_sqrt_ratio + 1 : max_sqrt_ratio - 1;
    const swap_request asked[]{{down, down ? e.amount0 : e.amount1, no_limit},
                               {down, down ? e.amount1 : e.amount0, no_limit},
                               {down, i256::max(), e.sqrt_price_x96}};
    for (const auto& order : asked)
      if (swap(e, order, pool_.fee(), record))
        return true;
    if (pool_.slipstream() == nullptr)
      return false;
    for (const auto& order : asked)
      if (swap(e, order, first_fee_, record))
        return true;
    for (const auto& order : asked) // the lowest of the fees that lead to the record
      for (uint32_t fee = 0; fee <= fee_tried_max; ++fee)
        if (swap(e, order, fee, record))
          return true;
    return false;
  }

  bool swap(const pool_event& e, const swap_request& order, uint32_t fee, block_record& record) {
    pool next = pool_;
    if (const auto* gauge = next.slipstream())
      next.set_fees(fee, gauge->unstaked_fee);
    auto steps = record.steps;
    steps_of log(steps, order.zero_for_one);
    const auto got = next.swap(order, now_, {}, &log);
    const auto& end = next.state();
    if (!got || got->amount0 != e.amount0 || got->amount1 != e.amount1
        || end.sqrt_price_x96 != e.sqrt_price_x96 || end.tick != e.tick
        || end.liquidity != e.liquidity)
      return false;
    pool_ = std::move(next);
    record.steps = std::move(steps);
    record.swaps.push_back(
      {static_cast<uint32_t>(record.steps.size()), e.sqrt_price_x96, e.tick, order, pool_.fee()});
    return true;
  }

  static constexpr uint32_t fee_tried_max = 1200; // enough for what tests record

  pool pool_;
  uint32_t first_fee_; // tried first when the current one does not lead to the record
  uint32_t now_ = 0;
};

} // namespace sluice::test
