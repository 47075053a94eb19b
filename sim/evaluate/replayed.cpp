#include "sim/evaluate/custody.hpp"
#include "sim/evaluate/evaluate_venue.hpp"
#include "sim/math/full_math.hpp"
#include "sim/math/sqrt_price_math.hpp"
#include "sim/math/tick_math.hpp"
#include "sim/math/tick_prices.hpp"

#include <algorithm>
#include <array>

namespace sluice {

namespace {

struct replayed_position {
  position_key key;
  u128 liquidity = 0;
  u256 reward_growth{}; // inside the range when it was staked
};

/// Every position of the plan gets an owner of its own, so that equal ranges do not melt together.
address plan_owner(uint64_t serial) {
  constexpr std::string_view name = "sluice: plan";
  address owner{};
  std::ranges::copy(name, owner.begin());
  for (size_t i = 0; i < 8; ++i)
    owner[12 + i] = static_cast<uint8_t>(serial >> (8 * i));
  return owner;
}

class private_pool : public block_venue {
public:
  private_pool(const window& market, bool staked) : pool_(*market.start_pool), staked_(staked) {
    if (!market.blocks.empty())
      now_ = static_cast<uint32_t>(market.blocks.front()->block.time);
  }

  price_point price() const override { return {pool_.state().sqrt_price_x96, pool_.state().tick}; }

  void pass(const block_record& block, swap_count& swaps) override {
    now_ = static_cast<uint32_t>(block.block.time);
    size_t next = 0;
    for (const pool_event& event : block.block.events)
      if (event.kind != pool_event_kind::swap)
        play(event);
      else if (swap(block.swaps[next++]))
        count(swaps);
  }

  result<token_amounts> mint(int32_t tick_lower, int32_t tick_upper, u128 liquidity) override {
    replayed_position fresh{{plan_owner(minted_), tick_lower, tick_upper}, liquidity};
    auto paid = pool_.mint(fresh.key.owner, tick_lower, tick_upper, liquidity, now_);
    if (!paid)
      return fault{ec::refused, "the pool reverts: " + text(paid.why())};
    if (auto why = stake(fresh); !why.empty()) {
      take_out(pool_, fresh);
      return fault{ec::refused, "the gauge reverts: " + why};
    }
    ++minted_;
    positions_.push_back(fresh);
    return *paid;
  }

  withdrawal burn(size_t index) override {
    const auto gone = positions_[index];
    positions_.erase(positions_.begin() + static_cast<ptrdiff_t>(index));
    return withdraw(pool_, gone);
  }

  std::vector<held_position> held() const override {
    pool trial = pool_; // withdrawing is the only way to learn every wei; the real one stays in
    std::vector<held_position> all;
    all.reserve(positions_.size());
    for (const auto& p : positions_) {
      const auto [principal, fees, rewards] = withdraw(trial, p);
      all.push_back({p.key.tick_lower, p.key.tick_upper, p.liquidity, principal.amount0,
                     principal.amount1, fees.amount0, fees.amount1});
    }
    return all;
  }

  venue_end moved_to(const price_point& market) const override {
    venue_end end{price(), held()};
    const auto& own = end.price.sqrt_price_x96;
    const auto& target = market.sqrt_price_x96;
    pool trial = pool_;
    if (own != target && !trial.swap({target < own, i256::max(), target}, now_))
      return end;
    end.price = market;
    for (size_t i = 0; i < positions_.size(); ++i) {
      const auto back = burn_in(trial, positions_[i]);
      end.positions[i].amount0 = back.amount0;
      end.positions[i].amount1 = back.amount1;
    }
    return end;
  }

  u256 rewards(size_t index) const override {
    if (!staked_)
      return {};
    pool trial = pool_;
    return claim(trial, positions_[index]);
  }

private:
  bool swap(const path_swap& recorded) {
    if (const auto* gauge = pool_.slipstream())
      pool_.set_fees(recorded.fee, gauge->unstaked_fee);
    return static_cast<bool>(pool_.swap(recorded.asked, now_));
  }

  /// Stakes what was just minted, without moving the position: it keeps an owner of its own.
  /// Empty, or why the gauge could not.
  std::string stake(replayed_position& fresh) {
    if (!staked_)
      return {};
    const auto& [owner, lower, upper] = fresh.key;
    const auto done = pool_.stake(pool_.slipstream()->gauge, static_cast<i128>(fresh.liquidity),
                                  lower, upper, false, now_);
    fresh.reward_growth = pool_.reward_growth_inside(lower, upper);
    return done ? std::string{} : text(done.why());
  }

  /// What the gauge pays for a position: it brings the rewards up to now, then reckons as
  /// CLGauge._earned does.
  u256 claim(pool& from, const replayed_position& p) const {
    if (!from.update_rewards(from.slipstream()->gauge, now_))
      return {};
    const auto growth
      = from.reward_growth_inside(p.key.tick_lower, p.key.tick_upper) - p.reward_growth;
    return mul_div(growth, p.liquidity, q128).value_or(u256{});
  }

  static std::string text(revert why) {
    const auto name = reason(why);
    return name.empty() ? "no reason given" : std::string{name};
  }

  withdrawal withdraw(pool& from, const replayed_position& p) const {
    if (!staked_)
      return take_out(from, p);
    const auto rewards = claim(from, p);
    unstake(from, p);
    auto paid = take_out(from, p);
    paid.rewards = rewards;
    return paid;
  }

  void unstake(pool& from, const replayed_position& p) const {
    const auto gauge = from.slipstream()->gauge;
    static_cast<void>(from.stake(gauge, -static_cast<i128>(p.liquidity), p.key.tick_lower,
                                 p.key.tick_upper, false, now_));
  }

  /// What its liquidity is worth, which it loses; nothing is paid out.
  token_amounts burn_in(pool& from, const replayed_position& p) const {
    if (staked_)
      unstake(from, p);
    const auto& [owner, lower, upper] = p.key;
    const auto burned = from.burn(owner, lower, upper, p.liquidity, now_);
    return burned ? *burned : token_amounts{};
  }

  withdrawal take_out(pool& from, const replayed_position& p) const {
    const auto& [owner, lower, upper] = p.key;
    withdrawal paid;
    if (auto burned = from.burn(owner, lower, upper, p.liquidity, now_))
      paid.principal = *burned;
    // What is staked has fees owed only because it kept its owner: they stay.
    const auto most0 = staked_ ? static_cast<u128>(paid.principal.amount0) : u128_max;
    const auto most1 = staked_ ? static_cast<u128>(paid.principal.amount1) : u128_max;
    auto got = from.collect(owner, lower, upper, most0, most1);
    if (!got) // never minted: nothing to pay
      return {};
    paid.principal.amount0 = std::min(paid.principal.amount0, got->amount0);
    paid.principal.amount1 = std::min(paid.principal.amount1, got->amount1);
    paid.fees = {got->amount0 - paid.principal.amount0, got->amount1 - paid.principal.amount1};
    return paid;
  }

  /// What others did. A call that the changed pool reverts does not happen.
  void play(const pool_event& e) {
    switch (e.kind) {
    case pool_event_kind::mint:
      static_cast<void>(pool_.mint(e.owner, e.tick_lower, e.tick_upper, e.liquidity, now_));
      break;
    case pool_event_kind::burn:
      static_cast<void>(burn_recorded(pool_, e, now_));
      break;
    case pool_event_kind::collect:
      static_cast<void>(pool_.collect(e.owner, e.tick_lower, e.tick_upper,
                                      static_cast<u128>(e.amount0.bits()),
                                      static_cast<u128>(e.amount1.bits())));
      break;
    case pool_event_kind::initialize: // the pool of a window exists already
    case pool_event_kind::swap:
      break;
    case pool_event_kind::fees:
      pool_.set_fees(static_cast<uint32_t>(e.amount0.bits()),
                     static_cast<uint32_t>(e.amount1.bits()));
      break;
    case pool_event_kind::stake:
    case pool_event_kind::unstake:
    case pool_event_kind::stake_only:
    case pool_event_kind::unstake_only:
      static_cast<void>(stake_recorded(pool_, e, now_));
      break;
    case pool_event_kind::reward:
    case pool_event_kind::reward_update:
      static_cast<void>(reward_recorded(pool_, e, now_));
      break;
    }
  }

  void count(swap_count& swaps) const {
    const int32_t tick = pool_.state().tick;
    ++swaps.all;
    const bool in_range
      = std::ranges::any_of(positions_, [tick](const auto& p) { return contains(p, tick); });
    swaps.in_range += in_range ? 1 : 0;
    if (in_range && swaps.by_value)
      swaps.value_shares += share_in_range(swaps.beside);
  }

  static bool contains(const replayed_position& p, int32_t tick) {
    return p.key.tick_lower <= tick && tick < p.key.tick_upper;
  }

  /// As held() has it, without a withdrawal: what each position would get, one after the other.
  double share_in_range(const token_amounts& beside) const {
    const auto& now = pool_.state();
    range_worth worth(beside);
    token_amounts left{now.balance0, now.balance1};
    for (const auto& p : positions_) {
      const auto paid = would_take_out(p, left);
      worth.add(contains(p, now.tick), paid.principal, paid.fees);
    }
    return worth.share(now.sqrt_price_x96);
  }

  /// take_out() from a pool with these balances, which it leaves smaller.
  withdrawal would_take_out(const replayed_position& p, token_amounts& left) const {
    const auto& now = pool_.state();
    const int32_t lower = p.key.tick_lower, upper = p.key.tick_upper;
    const u256 low = tick_price(lower), high = tick_price(upper);
    const u256 mid = std::clamp(now.sqrt_price_x96, low, high);
    const u256 burned0 = amount0_delta(mid, high, p.liquidity, false);
    const u256 burned1 = amount1_delta(low, mid, p.liquidity, false);
    const auto info = pool_.position(p.key);
    const auto at_lower = pool_.tick(lower), at_upper = pool_.tick(upper);
    const auto owed = [&](u128 before, const u256& inside, const u256& last, const u256& burned) {
      const u128 sum = before + static_cast<u128>(*mul_div(inside - last, p.liquidity, q128))
                       + static_cast<u128>(burned); // modulo 2^128, as the contract
      return staked_ ? std::min(sum, static_cast<u128>(burned)) : sum;
    };
    const u256 owed0 = owed(info.tokens_owed0,
                            growth_between(now.tick, now.fee_growth_global0_x128, lower,
                                           at_lower.fee_growth_outside0_x128, upper,
                                           at_upper.fee_growth_outside0_x128),
                            info.fee_growth_inside0_last_x128, burned0);
    const u256 owed1 = owed(info.tokens_owed1,
                            growth_between(now.tick, now.fee_growth_global1_x128, lower,
                                           at_lower.fee_growth_outside1_x128, upper,
                                           at_upper.fee_growth_outside1_x128),
                            info.fee_growth_inside1_last_x128, burned1);
    if (owed0 > left.amount0 || owed1 > left.amount1)
      return {};
    left.amount0 -= owed0;
    left.amount1 -= owed1;
    const token_amounts principal{std::min(burned0, owed0), std::min(burned1, owed1)};
    return {principal, {owed0 - principal.amount0, owed1 - principal.amount1}};
  }

  pool pool_;
  bool staked_;
  uint32_t now_ = 0;
  uint64_t minted_ = 0;
  std::vector<replayed_position> positions_;
};

} // namespace

std::unique_ptr<block_venue> replayed_venue(const window& market, bool staked) {
  return std::make_unique<private_pool>(market, staked);
}

} // namespace sluice
