#include "sim/math/tick_math.hpp"
#include "sim/pool/pool.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <array>
#include <rapidcheck.h>

namespace sluice {
namespace {

/// Random numbers of one operation; what they mean depends on the first.
using draw = std::array<uint32_t, 4>;

constexpr u128 all = u128_max;

/// Who paid in and took out what, kept apart from the pool's own balances.
struct ledger {
  u256 token0;
  u256 token1;
};

class trading_floor {
public:
  explicit trading_floor(uint32_t start) : market_(3000, 60) {
    // Prices from 1.0001^-400000 to 1.0001^400000.
    auto tick = static_cast<int32_t>(start % 800'000) - 400'000;
    RC_ASSERT(bool(market_.initialize(sqrt_ratio_at_tick(tick) + start % 1000, now_)));
    centre_ = tick / 60 * 60;
  }

  pool& market() { return market_; }
  uint32_t now() const { return now_; }

  void play(const draw& x) {
    now_ += x[3] % 5;
    const pool before = market_;
    bool done = one(x);
    if (!done)
      RC_ASSERT(market_ == before);
    expect_invariants();
  }

  void provide(int32_t tick_lower, int32_t tick_upper, u128 amount) {
    auto paid = market_.mint({9}, tick_lower, tick_upper, amount, now_);
    RC_ASSERT(bool(paid));
    in(*paid);
  }

  /// Everyone leaves: what the pool owes must be there.
  void leave() {
    for (const auto& [key, info] : market_.positions()) {
      if (info.liquidity > 0)
        RC_ASSERT(
          bool(market_.burn(key.owner, key.tick_lower, key.tick_upper, info.liquidity, now_)));
      out(market_.collect(key.owner, key.tick_lower, key.tick_upper, all, all), true);
    }
    out(market_.collect_protocol(all, all, true), true);
    RC_ASSERT(market_.ticks().empty());
    RC_ASSERT(market_.state().liquidity == 0);
    expect_invariants();
  }

  position_key key_of(const draw& x) const {
    position_key key;
    key.owner[0] = static_cast<uint8_t>(x[1] % 3);
    key.tick_lower = centre_ + (static_cast<int32_t>(x[1] % 40) - 20) * 60;
    key.tick_upper = key.tick_lower + (1 + static_cast<int32_t>(x[2] % 30)) * 60;
    return key;
  }

private:
  bool one(const draw& x) {
    switch (x[0] % 12) {
    case 0:
    case 1:
    case 2: {
      auto key = key_of(x);
      auto amount = u128{x[2]} << (x[3] % 60);
      payment pay{x[3] % 17 == 1, x[3] % 17 == 2, x[3] % 17 == 3};
      auto paid = market_.mint(key.owner, key.tick_lower, key.tick_upper, amount, now_, pay);
      if (!paid)
        return false;
      in(*paid);
      return true;
    }
    case 3:
      return burn(x);
    case 4: {
      auto key = pick(x);
      return out(market_.collect(key.owner, key.tick_lower, key.tick_upper, x[2] % 2 ? all : x[3],
                                 x[2] % 3 ? all : x[3]));
    }
    case 5: {
      auto paid = market_.flash(x[1], x[2], x[3] % 1000, x[3] % 77, {x[3] % 5 == 1, x[3] % 5 == 2});
      if (!paid)
        return false;
      in(*paid);
      return true;
    }
    case 6:
      return bool(market_.set_fee_protocol(static_cast<uint8_t>(x[1] % 12),
                                           static_cast<uint8_t>(x[2] % 12), x[3] % 3 != 0));
    case 7:
      return out(market_.collect_protocol(x[1], all, x[3] % 3 != 0));
    case 8:
      return bool(market_.increase_observation_cardinality_next(x[1] % 20));
    default:
      return swap(x);
    }
  }

  bool swap(const draw& x) {
    bool z = x[1] % 2 == 0;
    auto size = i256::from_u256(u256{x[2]} << (x[1] / 2 % 70));
    swap_request order{z, x[3] % 2 == 0 ? size : -size, 0};
    auto limit_tick = centre_ + (z ? -1 : 1) * static_cast<int32_t>(x[3] % 3000);
    order.sqrt_price_limit_x96 = sqrt_ratio_at_tick(limit_tick);
    auto moved = market_.swap(order, now_, {x[3] % 19 == 1, false, x[3] % 19 == 2});
    if (!moved)
      return false;
    held_.token0 += moved->amount0.bits();
    held_.token1 += moved->amount1.bits();
    return true;
  }

  bool burn(const draw& x) {
    auto key = pick(x);
    auto liquidity = market_.position(key).liquidity;
    auto amount = x[3] % 3 == 0 ? liquidity : x[3] % 3 == 1 ? liquidity / 2 : u128{x[2] % 10};
    return bool(market_.burn(key.owner, key.tick_lower, key.tick_upper, amount, now_));
  }

  /// Mostly a position that is there.
  position_key pick(const draw& x) const {
    auto positions = market_.positions();
    if (positions.empty() || x[1] % 10 == 0)
      return key_of(x);
    return positions[x[1] % positions.size()].first;
  }

  void in(const token_amounts& paid) {
    held_.token0 += paid.amount0;
    held_.token1 += paid.amount1;
  }
  bool out(const or_revert<token_amounts>& taken, bool must = false) {
    RC_ASSERT(!must || bool(taken));
    if (!taken)
      return false;
    RC_ASSERT(taken->amount0 <= held_.token0 && taken->amount1 <= held_.token1);
    held_.token0 -= taken->amount0;
    held_.token1 -= taken->amount1;
    return true;
  }

  void expect_invariants() const {
    const auto& state = market_.state();
    RC_ASSERT(state.balance0 == held_.token0);
    RC_ASSERT(state.balance1 == held_.token1);
    // On the upper edge only after crossing a tick downwards and stopping right there.
    RC_ASSERT(sqrt_ratio_at_tick(state.tick) <= state.sqrt_price_x96);
    RC_ASSERT(state.sqrt_price_x96 <= sqrt_ratio_at_tick(state.tick + 1));
    i128 over_ticks = 0;
    for (const auto& [tick, info] : market_.ticks())
      over_ticks += tick <= state.tick ? info.liquidity_net : 0;
    u128 over_positions = 0;
    for (const auto& [key, info] : market_.positions())
      if (key.tick_lower <= state.tick && state.tick < key.tick_upper)
        over_positions += info.liquidity;
    RC_ASSERT(state.liquidity == static_cast<u128>(over_ticks));
    RC_ASSERT(state.liquidity == over_positions);
  }

  pool market_;
  ledger held_;
  uint32_t now_ = 1'700'000'000;
  int32_t centre_ = 0;
};

/// Full-range numbers from the first run on: rapidcheck's own start small.
rc::Gen<uint32_t> any_number() {
  return rc::gen::resize(rc::kNominalSize, rc::gen::inRange<uint32_t>(0, ~uint32_t{0}));
}
rc::Gen<draw> any_draw() {
  return rc::gen::container<draw>(any_number());
}
rc::Gen<std::vector<draw>> draws() {
  return rc::gen::scale(2, rc::gen::container<std::vector<draw>>(any_draw()));
}

/// A floor with some history and liquidity around the price.
trading_floor busy_floor(uint32_t start, const std::vector<draw>& history) {
  trading_floor floor(start);
  auto tick = floor.market().state().tick / 60 * 60;
  for (const auto& x : history)
    floor.play(x);
  floor.provide(tick - 1200, tick + 1200, 1'000'000'000'000);
  return floor;
}

} // namespace

RC_GTEST_PROP(pool_properties, every_wei_is_accounted_for_and_everyone_can_leave, ()) {
  auto floor = busy_floor(*any_number(), {});
  const auto all = *draws();
  for (const auto& x : all)
    floor.play(x);
  floor.leave();
}

RC_GTEST_PROP(pool_properties, survives_save_and_load_wherever_it_is, ()) {
  auto floor = busy_floor(*any_number(), *draws());
  auto copy = pool::load(floor.market().save());
  RC_ASSERT(bool(copy));
  RC_ASSERT(*copy == floor.market());
}

RC_GTEST_PROP(pool_properties, a_copy_is_independent, ()) {
  auto floor = busy_floor(*any_number(), *draws());
  auto frozen = floor.market().save();
  auto copy = floor;
  const auto all = *draws();
  for (const auto& x : all)
    copy.play(x);
  copy.leave();
  RC_ASSERT(floor.market().save() == frozen);
}

RC_GTEST_PROP(pool_properties, a_burn_undoes_a_mint_up_to_one_unit, ()) {
  auto floor = busy_floor(*any_number(), *draws());
  auto& market = floor.market();
  auto x = *any_draw();
  auto key = floor.key_of(x);
  key.owner[0] = 77;
  const pool before = market;
  auto amount = (u128{x[2]} << (x[3] % 40)) + 1;
  auto paid = market.mint(key.owner, key.tick_lower, key.tick_upper, amount, floor.now());
  RC_ASSERT(bool(paid));
  auto back = market.burn(key.owner, key.tick_lower, key.tick_upper, amount, floor.now());
  RC_ASSERT(bool(back));
  RC_ASSERT(back->amount0 <= paid->amount0 && paid->amount0 - back->amount0 <= 1);
  RC_ASSERT(back->amount1 <= paid->amount1 && paid->amount1 - back->amount1 <= 1);
  RC_ASSERT(market.ticks() == before.ticks());
  RC_ASSERT(market.state().liquidity == before.state().liquidity);
  RC_ASSERT(market.state().sqrt_price_x96 == before.state().sqrt_price_x96);
  auto taken = market.collect(key.owner, key.tick_lower, key.tick_upper, all, all);
  RC_ASSERT(bool(taken));
  RC_ASSERT(*taken == *back);
}

RC_GTEST_PROP(pool_properties, a_swap_and_its_way_back_never_pay, ()) {
  auto floor = busy_floor(*any_number(), *draws());
  auto& market = floor.market();
  bool z = *rc::gen::arbitrary<bool>();
  auto amount = i256(int64_t{1} + *rc::gen::inRange<uint32_t>(0, 2'000'000'000));
  auto limit = [](bool down) { return down ? min_sqrt_ratio + 1 : max_sqrt_ratio - 1; };
  auto there = market.swap({z, amount, limit(z)}, floor.now());
  RC_ASSERT(bool(there));
  auto out = z ? -there->amount1 : -there->amount0;
  RC_PRE(!out.is_zero());
  auto back = market.swap({!z, out, limit(!z)}, floor.now());
  RC_ASSERT(bool(back));
  RC_ASSERT((z ? there->amount0 + back->amount0 : there->amount1 + back->amount1) >= i256(0));
}

RC_GTEST_PROP(pool_properties, asking_for_the_output_costs_no_more_than_it_did, ()) {
  auto floor = busy_floor(*any_number(), *draws());
  bool z = *rc::gen::arbitrary<bool>();
  auto amount = i256(int64_t{1} + *rc::gen::inRange<uint32_t>(0, 2'000'000'000));
  u256 limit = z ? min_sqrt_ratio + 1 : max_sqrt_ratio - 1;
  pool by_input = floor.market();
  auto first = by_input.swap({z, amount, limit}, floor.now());
  RC_ASSERT(bool(first));
  auto out = z ? first->amount1 : first->amount0; // negative: an exact output
  RC_PRE(!out.is_zero());
  pool by_output = floor.market();
  auto second = by_output.swap({z, out, limit}, floor.now());
  RC_ASSERT(bool(second));
  RC_ASSERT((z ? second->amount1 : second->amount0) == out);
  RC_ASSERT((z ? second->amount0 : second->amount1) <= (z ? first->amount0 : first->amount1));
}

} // namespace sluice
