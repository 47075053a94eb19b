#include "sim/evaluate_venue.hpp"
#include "sim/tick_math.hpp"

#include <algorithm>
#include <array>

namespace sluice {

namespace {

struct replayed_position {
  position_key key;
  u128 liquidity = 0;
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
  explicit private_pool(const window& market) : pool_(*market.start_pool) {
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
      else if (pool_.swap(block.swaps[next++].asked, now_))
        count(swaps);
  }

  result<token_amounts> mint(int32_t tick_lower, int32_t tick_upper, u128 liquidity) override {
    replayed_position fresh{{plan_owner(minted_), tick_lower, tick_upper}, liquidity};
    auto paid = pool_.mint(fresh.key.owner, tick_lower, tick_upper, liquidity, now_);
    if (!paid)
      return fault{ec::refused, "the pool reverts: " + text(paid.why())};
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
      const auto [principal, fees] = withdraw(trial, p);
      all.push_back({p.key.tick_lower, p.key.tick_upper, p.liquidity, principal.amount0,
                     principal.amount1, fees.amount0, fees.amount1});
    }
    return all;
  }

private:
  static std::string text(revert why) {
    const auto name = reason(why);
    return name.empty() ? "no reason given" : std::string{name};
  }

  withdrawal withdraw(pool& from, const replayed_position& p) const {
    const auto& [owner, lower, upper] = p.key;
    withdrawal paid;
    if (auto burned = from.burn(owner, lower, upper, p.liquidity, now_))
      paid.principal = *burned;
    auto got = from.collect(owner, lower, upper, u128_max, u128_max);
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
      static_cast<void>(pool_.burn(e.owner, e.tick_lower, e.tick_upper, e.liquidity, now_));
      break;
    case pool_event_kind::collect:
      static_cast<void>(pool_.collect(e.owner, e.tick_lower, e.tick_upper,
                                      static_cast<u128>(e.amount0.bits()),
                                      static_cast<u128>(e.amount1.bits())));
      break;
    case pool_event_kind::initialize: // the pool of a window lives already
    case pool_event_kind::swap:
      break;
    }
  }

  void count(swap_count& swaps) const {
    const int32_t tick = pool_.state().tick;
    ++swaps.all;
    swaps.in_range += std::ranges::any_of(positions_, [tick](const auto& p) {
      return p.key.tick_lower <= tick && tick < p.key.tick_upper;
    });
  }

  pool pool_;
  uint32_t now_ = 0;
  uint64_t minted_ = 0;
  std::vector<replayed_position> positions_;
};

} // namespace

std::unique_ptr<block_venue> replayed_venue(const window& market) {
  return std::make_unique<private_pool>(market);
}

} // namespace sluice
