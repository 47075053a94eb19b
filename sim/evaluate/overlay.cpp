#include "sim/evaluate/overlay.hpp"

#include "sim/lanes/lanes.hpp"
#include "sim/math/fee_growth.hpp"
#include "sim/math/liquidity_math.hpp"
#include "sim/math/narrow_swap.hpp"
#include "sim/math/tick_bitmap.hpp"
#include "sim/math/tick_math.hpp"

#include <algorithm>

namespace sluice {

namespace {

/// What a position's liquidity is made of where the price stands.
token_amounts amounts_of(const price_point& at, int32_t tick_lower, int32_t tick_upper,
                         u128 liquidity, bool round_up) {
  const u256 low = tick_price(tick_lower), high = tick_price(tick_upper);
  const u256 mid = std::clamp(at.sqrt_price_x96, low, high);
  return {amount0_delta(mid, high, liquidity, round_up),
          amount1_delta(low, mid, liquidity, round_up)};
}

} // namespace

shared_pool::shared_pool(const pool& start)
  : start_(start.state()), fee_(start.fee()), tick_spacing_(start.tick_spacing()),
    max_liquidity_per_tick_(start.max_liquidity_per_tick()) {
  for (const auto& [tick, info] : start.ticks()) {
    keys_.push_back(tick);
    nets_.push_back(info.liquidity_net);
    grosses_.push_back(info.liquidity_gross);
  }
}

void shared_pool::change(int32_t tick_lower, int32_t tick_upper, i128 delta) {
  const auto gross = static_cast<u128>(delta); // modulo 2^128: a burn takes away
  change_tick(tick_lower, gross, delta);
  change_tick(tick_upper, gross, -delta);
}

void shared_pool::change_tick(int32_t tick, u128 gross, i128 net) {
  const auto at = std::lower_bound(keys_.begin(), keys_.end(), tick) - keys_.begin();
  const auto index = static_cast<size_t>(at);
  if (index == keys_.size() || keys_[index] != tick) {
    keys_.insert(keys_.begin() + at, tick);
    nets_.insert(nets_.begin() + at, 0);
    grosses_.insert(grosses_.begin() + at, 0);
  }
  nets_[index] += net;
  grosses_[index] += gross;
  if (grosses_[index] == 0) {
    keys_.erase(keys_.begin() + at);
    nets_.erase(nets_.begin() + at);
    grosses_.erase(grosses_.begin() + at);
  }
}

u128 shared_pool::gross(int32_t tick) const {
  const auto at = std::lower_bound(keys_.begin(), keys_.end(), tick);
  return at == keys_.end() || *at != tick ? u128{0}
                                          : grosses_[static_cast<size_t>(at - keys_.begin())];
}

overlay::overlay(const shared_pool& pool)
  : pool_(&pool), price_(static_cast<u128>(pool.start().sqrt_price_x96)), tick_(pool.start().tick),
    here_(pool.start().liquidity), lost_(!pool.start().sqrt_price_x96.fits_u128()) {
  find_place();
}

/// The plan as the narrow loop sees it: the nearer of two stops.
struct overlay::place {
  overlay& at;
  bool z;
  const lanes* growth;
  size_t lane;

  const stretch& here() const { return at.here_; }
  bool next_stop(int32_t tick, narrow_stop& stop) const {
    const auto& own = at.own_;
    auto next
      = next_tick_within_one_word(at.pool_->keys(), at.below_, tick, at.pool_->tick_spacing(), z);
    if (z && at.own_below_ > 0 && own[at.own_below_ - 1].tick >= next.tick)
      next = {own[at.own_below_ - 1].tick, true};
    if (!z && at.own_below_ < own.size() && own[at.own_below_].tick <= next.tick)
      next = {own[at.own_below_].tick, true};
    if (next.tick > narrow_tick_max)
      return false;
    stop.tick = std::max(next.tick, min_tick);
    stop.initialized = next.initialized;
    stop.price = narrow_tick_price(stop.tick);
    return true;
  }
  bool earn(u128 fee) {
    at.growth_x128_[z ? 0 : 1] += growth_of_narrow(at.lp_fee(fee, z), at.here_);
    return true;
  }
  bool cross(const narrow_stop& stop) {
    i128 net = 0;
    const auto keys = at.pool_->keys();
    if (const size_t i = z ? at.below_ - 1 : at.below_; i < keys.size() && keys[i] == stop.tick) {
      net = at.pool_->net(i);
      z ? --at.below_ : ++at.below_;
    }
    if (const size_t i = z ? at.own_below_ - 1 : at.own_below_;
        i < at.own_.size() && at.own_[i].tick == stop.tick) {
      auto& own = at.own_[i];
      net += own.net; // no tick holds more than 2^127 in all
      for (size_t token = 0; token < 2; ++token) {
        own.growth_outside_x128[token] = at.growth_x128_[token] - own.growth_outside_x128[token];
        if (growth != nullptr)
          own.growth_outside_x128[token] += lane_growth(*growth, lane, token == 1);
      }
      z ? --at.own_below_ : ++at.own_below_;
    }
    const auto liquidity = add_delta(at.here_.value(), z ? -net : net);
    if (liquidity)
      at.here_ = stretch(*liquidity);
    return liquidity.has_value();
  }
};

void overlay::play(std::span<const swap_request> orders, swap_count& swaps) {
  for (const auto& order : orders) {
    if (lost_)
      return;
    play(order, swaps);
  }
}

void overlay::play(const swap_request& order, swap_count& swaps, const lanes* growth, size_t lane) {
  const bool z = order.zero_for_one;
  const u256& limit = order.sqrt_price_limit_x96;
  const u256 price{price_};
  if (!(z ? limit < price && limit > min_sqrt_ratio : limit > price && limit < max_sqrt_ratio)
      || order.amount_specified.is_zero())
    return; // reverts: for this plan it does not happen
  narrow_swap swap{z,
                   !order.amount_specified.is_negative(),
                   pool_->fee(),
                   price_,
                   limit.fits_u128() ? static_cast<u128>(limit) : u128_max, // no tick is there
                   order.amount_specified.magnitude(),
                   0,
                   tick_};
  place where{*this, z, growth, lane};
  const auto own_before = own_below_;
  if (walk_narrowly<false>(swap, where) != narrow_outcome::done) {
    lost_ = true;
    return;
  }
  price_ = swap.price;
  tick_ = swap.tick;
  if (own_below_ != own_before)
    in_range_ = is_in_range();
  ++swaps.all;
  swaps.in_range += in_range_ ? 1 : 0;
  if (!in_range_ || !swaps.by_value)
    return;
  auto when = now();
  if (growth != nullptr)
    for (const bool token1 : {false, true})
      when.growth_x128[token1 ? 1 : 0] += lane_growth(*growth, lane, token1);
  swaps.value_shares += share_in_range(when, swaps.beside);
}

u128 overlay::lp_fee(u128 fee, bool zero_for_one) const {
  const auto both = pool_->start().fee_protocol;
  const unsigned protocol = zero_for_one ? both % 16U : both / 16U; // 0: takes nothing
  if (protocol == 0)
    return fee;
  return fee
         - (static_cast<uint64_t>(fee >> 64) == 0 ? static_cast<uint64_t>(fee) / protocol
                                                  : fee / protocol);
}

bool overlay::is_in_range() const {
  return std::ranges::any_of(
    positions_, [this](const auto& p) { return p.tick_lower <= tick_ && tick_ < p.tick_upper; });
}

void overlay::find_place() {
  below_ = count_up_to(pool_->keys(), tick_);
  own_below_ = static_cast<size_t>(std::ranges::upper_bound(own_, tick_, {}, &own_tick::tick)
                                   - own_.begin());
  in_range_ = is_in_range();
}

void overlay::change(int32_t tick_lower, int32_t tick_upper, i128 delta) {
  if (tick_lower <= tick_ && tick_ < tick_upper) {
    const auto liquidity = add_delta(here_.value(), delta);
    lost_ = lost_ || !liquidity;
    here_ = stretch(liquidity.value_or(0));
  }
  for (const int32_t tick : {tick_lower, tick_upper}) { // would the mint have reverted here?
    const auto own = std::ranges::lower_bound(own_, tick, {}, &own_tick::tick);
    if (own != own_.end() && own->tick == tick
        && own->gross + pool_->gross(tick) > pool_->max_liquidity_per_tick())
      lost_ = true;
  }
  find_place();
}

bool overlay::may_follow(const overlay& start, int32_t lowest, int32_t highest) const {
  return !lost_ && !in_range_ && price_ == start.price_ && tick_ == start.tick_
         && std::ranges::none_of(own_, [lowest, highest](const own_tick& x) {
              return lowest <= x.tick && x.tick <= highest;
            });
}

/// Growth may stay behind: what lies outside of the price's range asks only for its own change.
void overlay::follow(const overlay& end) {
  price_ = end.price_;
  tick_ = end.tick_;
  here_ = end.here_;
  below_ = end.below_;
}

std::array<u256, 2> overlay::growth_inside(int32_t tick_lower, int32_t tick_upper,
                                           const std::array<u256, 2>& growth_x128) const {
  const auto& lower = *std::ranges::lower_bound(own_, tick_lower, {}, &own_tick::tick);
  const auto& upper = *std::ranges::lower_bound(own_, tick_upper, {}, &own_tick::tick);
  std::array<u256, 2> inside;
  for (size_t token = 0; token < 2; ++token)
    inside[token]
      = growth_between(tick_, growth_x128[token], tick_lower, lower.growth_outside_x128[token],
                       tick_upper, upper.growth_outside_x128[token]);
  return inside;
}

/// False when the tick would hold too much.
bool overlay::change_own(int32_t tick, u128 gross, i128 net) {
  auto at = std::ranges::lower_bound(own_, tick, {}, &own_tick::tick);
  if (at == own_.end() || at->tick != tick) {
    own_tick fresh{tick, 0, 0, {}};
    if (tick <= tick_)
      fresh.growth_outside_x128 = growth_x128_;
    at = own_.insert(at, fresh);
  }
  at->gross += gross;
  at->net += net;
  const bool fits = at->gross + pool_->gross(tick) <= pool_->max_liquidity_per_tick();
  if (at->gross == 0)
    own_.erase(at);
  return fits;
}

result<token_amounts> overlay::give_up() {
  lost_ = true;
  return fault{ec::refused, "only a private pool knows"};
}

result<token_amounts> overlay::mint(int32_t tick_lower, int32_t tick_upper, u128 liquidity) {
  if (lost_ || liquidity > pool_->max_liquidity_per_tick())
    return give_up();
  own_.reserve(own_.size() + 2); // no more: there are many plans
  positions_.reserve(positions_.size() + 1);
  const auto net = static_cast<i128>(liquidity);
  const bool in_range = tick_lower <= tick_ && tick_ < tick_upper;
  const auto sum = add_delta(here_.value(), in_range ? net : 0);
  if (!sum || !change_own(tick_lower, liquidity, net) || !change_own(tick_upper, liquidity, -net))
    return give_up();
  here_ = stretch(*sum);
  positions_.push_back(
    {tick_lower, tick_upper, liquidity, growth_inside(tick_lower, tick_upper, growth_x128_)});
  find_place();
  return amounts_of(price(), tick_lower, tick_upper, liquidity, true);
}

withdrawal overlay::withdraw(const position& p, const moment& when) const {
  const auto principal = amounts_of(when.at, p.tick_lower, p.tick_upper, p.liquidity, false);
  const auto inside = growth_inside(p.tick_lower, p.tick_upper, when.growth_x128);
  const auto owed = [&](size_t token, const u256& amount) { // modulo 2^128, as the contract
    const u256 grown = inside[token] - p.growth_inside_x128[token];
    return static_cast<u128>(*mul_div(grown, p.liquidity, u256{1} << 128))
           + static_cast<u128>(amount);
  };
  const u256 owed0 = owed(0, principal.amount0), owed1 = owed(1, principal.amount1);
  withdrawal paid;
  paid.principal = {std::min(principal.amount0, owed0), std::min(principal.amount1, owed1)};
  paid.fees = {owed0 - paid.principal.amount0, owed1 - paid.principal.amount1};
  return paid;
}

withdrawal overlay::burn(size_t index) {
  const auto gone = positions_[index];
  const auto paid = withdraw(gone, now());
  positions_.erase(positions_.begin() + static_cast<ptrdiff_t>(index));
  const auto net = static_cast<i128>(gone.liquidity);
  (void)change_own(gone.tick_lower, u128{0} - gone.liquidity, -net);
  (void)change_own(gone.tick_upper, u128{0} - gone.liquidity, net);
  if (gone.tick_lower <= tick_ && tick_ < gone.tick_upper)
    here_ = stretch(here_.value() - gone.liquidity);
  find_place();
  return paid;
}

std::vector<held_position> overlay::held() const {
  std::vector<held_position> all;
  all.reserve(positions_.size());
  for (const auto& p : positions_) {
    const auto [principal, fees, rewards] = withdraw(p, now());
    all.push_back({p.tick_lower, p.tick_upper, p.liquidity, principal.amount0, principal.amount1,
                   fees.amount0, fees.amount1});
  }
  return all;
}

/// A swap with all the input there is would get to any price that the contract can have: there is
/// no want of tokens in the pools that plans share.
venue_end overlay::moved_to(const price_point& market) const {
  venue_end end{price(), held()};
  const u256& target = market.sqrt_price_x96;
  if (target != end.price.sqrt_price_x96 && (target <= min_sqrt_ratio || target >= max_sqrt_ratio))
    return end;
  end.price = market;
  for (auto& p : end.positions) {
    const auto back = amounts_of(market, p.tick_lower, p.tick_upper, p.liquidity, false);
    p.amount0 = back.amount0;
    p.amount1 = back.amount1;
  }
  return end;
}

double overlay::share_in_range(const moment& when, const token_amounts& beside) const {
  range_worth worth(beside);
  for (const auto& p : positions_) {
    const auto [principal, fees, rewards] = withdraw(p, when);
    worth.add(p.tick_lower <= tick_ && tick_ < p.tick_upper, principal, fees);
  }
  return worth.share(when.at.sqrt_price_x96);
}

} // namespace sluice
