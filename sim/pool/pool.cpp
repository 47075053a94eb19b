#include "sim/pool/pool.hpp"

#include "sim/math/full_math.hpp"
#include "sim/math/liquidity_math.hpp"
#include "sim/math/sqrt_price_math.hpp"
#include "sim/math/tick_bitmap.hpp"
#include "sim/math/tick_math.hpp"

#include <algorithm>
#include <array>
#include <tuple>

namespace sluice {

std::string_view reason(revert why) {
  constexpr std::array<std::string_view, 26> texts{
    "",   "",   "LOK", "R",  "T",  "L",   "AI", "AS", "SPL", "TLU", "TLM", "TUM", "LO",
    "LS", "LA", "NP",  "M0", "M1", "IIA", "F0", "F1", "TF",  "I",   "OLD", "NG",  "NNFT",
  };
  static_assert(static_cast<size_t>(revert::NNFT) + 1 == texts.size());
  return texts[static_cast<size_t>(why)];
}

pool::pool(uint32_t fee, int32_t tick_spacing)
  : fee_(fee), tick_spacing_(tick_spacing),
    max_liquidity_per_tick_(tick_spacing_to_max_liquidity_per_tick(tick_spacing)) {}

or_revert<int32_t> pool::initialize(const u256& sqrt_price_x96, uint32_t now) {
  if (!state_.sqrt_price_x96.is_zero())
    return slipstream_ ? revert::reasonless : revert::AI;
  if (sqrt_price_x96 < min_sqrt_ratio || sqrt_price_x96 >= max_sqrt_ratio)
    return revert::R;
  oracle_.initialize(now);
  state_.sqrt_price_x96 = sqrt_price_x96;
  state_.tick = tick_at_sqrt_ratio(sqrt_price_x96);
  state_.observation_cardinality = 1;
  state_.observation_cardinality_next = 1;
  state_.unlocked = true;
  return state_.tick;
}

or_revert<token_amounts> pool::flash(const u256& amount0, const u256& amount1, const u256& extra0,
                                     const u256& extra1, payment pay) {
  if (!state_.unlocked)
    return revert::LOK;
  if (state_.liquidity == 0)
    return revert::L;
  struct side { // one token of the loan, and the state it touches
    const u256& amount;
    const u256& extra;
    bool is_short = false;
    unsigned protocol = 0; // the protocol takes 1/protocol, or nothing when 0
    const u256& balance;
    revert unpaid = revert::none;
    u256 fee{};
    u256 paid{};
    u256 protocol_cut{};
    u256 growth{};
  };
  std::array<side, 2> sides{
    side{amount0, extra0, pay.short0, state_.fee_protocol % 16U, state_.balance0, revert::F0},
    side{amount1, extra1, pay.short1, state_.fee_protocol / 16U, state_.balance1, revert::F1}};
  for (auto& x : sides) {
    auto fee = mul_div_up(x.amount, fee_, 1'000'000);
    if (!fee)
      return revert::reasonless;
    x.fee = *fee;
  }
  for (const auto& x : sides)
    if (x.amount > x.balance)
      return revert::TF;
  if (pay.reenter)
    return revert::LOK;
  for (auto& x : sides) {
    x.paid = x.extra + x.fee;
    u256 returned = x.amount + x.paid;
    if (x.paid < x.extra || returned < x.paid || x.balance + x.paid < x.balance)
      return revert::reasonless;
  }
  for (auto& x : sides) {
    bool one_missing = x.is_short && !(x.amount + x.paid).is_zero();
    if (one_missing && x.extra.is_zero())
      return x.unpaid;
    if (one_missing)
      x.paid -= 1; // the extra covers it
  }
  for (auto& x : sides) {
    if (slipstream_) {
      auto split = split_fee(x.paid, state_.liquidity, slipstream_->staked_liquidity,
                             slipstream_->unstaked_fee);
      if (!split)
        return revert::reasonless;
      x.protocol_cut = split->gauge;
      x.growth = split->growth_x128;
      continue;
    }
    x.protocol_cut = x.protocol == 0 ? u256{} : x.paid / x.protocol;
    auto growth = mul_div(x.paid - x.protocol_cut, q128, state_.liquidity);
    if (!growth)
      return revert::reasonless;
    x.growth = *growth;
  }
  state_.balance0 += sides[0].paid;
  state_.balance1 += sides[1].paid;
  state_.protocol_fees0 += static_cast<u128>(sides[0].protocol_cut);
  state_.protocol_fees1 += static_cast<u128>(sides[1].protocol_cut);
  state_.fee_growth_global0_x128 += sides[0].growth;
  state_.fee_growth_global1_x128 += sides[1].growth;
  return token_amounts{sides[0].paid, sides[1].paid};
}

or_revert<nothing>
pool::set_fee_protocol(uint8_t fee_protocol0, uint8_t fee_protocol1, bool by_owner) {
  auto allowed = [](uint8_t x) { return x == 0 || (x >= 4 && x <= 10); };
  if (!state_.unlocked)
    return revert::LOK;
  if (!by_owner || !allowed(fee_protocol0) || !allowed(fee_protocol1))
    return revert::reasonless;
  state_.fee_protocol = static_cast<uint8_t>(fee_protocol0 + (fee_protocol1 << 4));
  return nothing{};
}

or_revert<token_amounts>
pool::collect_protocol(u128 amount0_requested, u128 amount1_requested, bool by_owner) {
  if (!state_.unlocked)
    return revert::LOK;
  if (!by_owner)
    return revert::reasonless;
  auto take = [](u128 requested, u128 fees) {
    u128 amount = std::min(requested, fees);
    return amount > 0 && amount == fees ? amount - 1 : amount; // the slot is never cleared
  };
  u128 amount0 = take(amount0_requested, state_.protocol_fees0);
  u128 amount1 = take(amount1_requested, state_.protocol_fees1);
  if (amount0 > state_.balance0 || amount1 > state_.balance1)
    return revert::TF;
  state_.protocol_fees0 -= amount0;
  state_.protocol_fees1 -= amount1;
  state_.balance0 -= amount0;
  state_.balance1 -= amount1;
  return token_amounts{amount0, amount1};
}

or_revert<nothing> pool::increase_observation_cardinality_next(uint16_t next) {
  if (!state_.unlocked)
    return revert::LOK;
  oracle_.grow(next);
  state_.observation_cardinality_next = oracle_.cardinality_next();
  return nothing{};
}

or_revert<observation> pool::observe(uint32_t seconds_ago, uint32_t now) const {
  if (state_.observation_cardinality == 0)
    return revert::I;
  auto answer = oracle_.observe(view(now), seconds_ago);
  if (!answer)
    return revert::OLD;
  return *answer;
}

oracle_view pool::view(uint32_t now) const {
  return {now, state_.tick, state_.liquidity, state_.observation_index,
          state_.observation_cardinality};
}

void pool::write_observation(uint32_t now) {
  std::tie(state_.observation_index, state_.observation_cardinality) = oracle_.write(view(now));
}

tick_info pool::tick(int32_t tick) const {
  auto record = ticks_.get(tick);
  return {record.liquidity_gross,          record.liquidity_net,
          record.fee_growth_outside0_x128, record.fee_growth_outside1_x128,
          record.tick_cumulative_outside,  record.seconds_per_liquidity_outside_x128.value(),
          record.seconds_outside,          record.liquidity_gross != 0};
}

position_info pool::position(const position_key& key) const {
  const auto* known = positions_.find(key);
  return known == nullptr ? position_info{} : *known;
}

namespace {

bool is_gone(const position_info& x) {
  return x.liquidity == 0 && x.tokens_owed0 == 0 && x.tokens_owed1 == 0;
}

} // namespace

bool pool::forget_if_gone(const position_key& key) {
  const auto* known = positions_.find(key);
  return known != nullptr && is_gone(*known) && positions_.erase(key);
}

size_t pool::forget_all_gone() {
  std::vector<position_key> gone;
  positions_.for_each([&gone](const position_key& key, const position_info& info) {
    if (is_gone(info))
      gone.push_back(key);
  });
  for (const auto& key : gone)
    positions_.erase(key);
  return gone.size();
}

observation pool::observation_at(uint16_t index) const {
  return oracle_.at(index);
}

std::vector<std::pair<int32_t, tick_info>> pool::ticks() const {
  std::vector<std::pair<int32_t, tick_info>> all;
  all.reserve(ticks_.keys().size());
  for (int32_t key : ticks_.keys())
    all.emplace_back(key, tick(key));
  return all;
}

std::vector<std::pair<position_key, position_info>> pool::positions() const {
  return positions_.sorted();
}

} // namespace sluice
