#include "rules/trading/dev_market.hpp"

#include "rules/math/u256.hpp"

#include <algorithm>

namespace sluice {

namespace {

constexpr int64_t market_tao = 1'000'000'000; // rao
constexpr int64_t market_block_us = 12'000'000;
constexpr int64_t market_beat_us = static_cast<int64_t>(dev_beat_blocks) * market_block_us;
constexpr int64_t market_first_tao = 20'000 * market_tao;
constexpr std::array<int64_t, dev_subnets> market_first_alpha{
  400'000 * market_tao, 150'000 * market_tao, 900'000 * market_tao, 60'000 * market_tao};
constexpr uint64_t skilled_hold_beats = 8; // 600 blocks: above the minimum hold of 360
constexpr uint64_t washer_one_in = 3;
constexpr uint64_t blocks_between_traders = 6;

constexpr std::array market_traders{
  dev_trader{trader_kind::skilled, 20},      dev_trader{trader_kind::skilled, 21},
  dev_trader{trader_kind::random, 22},       dev_trader{trader_kind::random, 23},
  dev_trader{trader_kind::churner, 24},      dev_trader{trader_kind::washer, 25},
  dev_trader{trader_kind::reregistered, 26}, dev_trader{trader_kind::newcomer, 26},
  dev_trader{trader_kind::blacklisted, 27},  dev_trader{trader_kind::idle, 28},
  dev_trader{trader_kind::owner, 29},        dev_trader{trader_kind::stranger, 30},
};
constexpr size_t market_steady_trader = 2; // trades when nobody else does

int64_t market_out(int64_t from, int64_t into, int64_t x) {
  return static_cast<int64_t>(u128(static_cast<uint64_t>(from)) * static_cast<uint64_t>(x)
                              / (static_cast<uint64_t>(into) + static_cast<uint64_t>(x)));
}

} // namespace

std::string_view to_string(trader_kind x) {
  switch (x) {
  case trader_kind::skilled:
    return "skilled";
  case trader_kind::random:
    return "random";
  case trader_kind::churner:
    return "churner";
  case trader_kind::washer:
    return "wash trader";
  case trader_kind::reregistered:
    return "registered again";
  case trader_kind::newcomer:
    return "newcomer";
  case trader_kind::blacklisted:
    return "blacklisted";
  case trader_kind::idle:
    return "idle";
  case trader_kind::owner:
    return "neuron owner";
  case trader_kind::stranger:
    break;
  }
  return "no miner";
}

std::span<const dev_trader> dev_traders() {
  return market_traders;
}

int64_t dev_pool::buy(int64_t x) {
  const auto out = market_out(alpha, tao_rao, x);
  tao_rao += x;
  alpha -= out;
  return out;
}

int64_t dev_pool::sell(int64_t x) {
  const auto out = market_out(tao_rao, alpha, x);
  alpha += x;
  tao_rao -= out;
  return out;
}

dev_market::dev_market(uint64_t seed) : state_(seed) {
  static_assert(market_traders.size() <= traders_max);
  for (size_t i = 0; i < subnets_.size(); ++i)
    subnets_[i].pool = {market_first_tao, market_first_alpha[i]};
}

/// splitmix64 (Steele, Lea, Flood 2014).
uint64_t dev_market::chance(uint64_t below) {
  state_ += 0x9e3779b97f4a7c15;
  auto x = state_;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return (x ^ (x >> 31)) % below;
}

std::vector<dev_trade> dev_market::advance_to(int64_t time_us) {
  while (static_cast<int64_t>(beat_) * market_beat_us <= time_us)
    play_beat();
  std::vector<dev_trade> given;
  for (; !pending_.empty() && pending_.front().time_us <= time_us; pending_.pop_front())
    given.push_back(pending_.front());
  return given;
}

void dev_market::play_beat() {
  const auto before = pending_.size();
  for (auto& x : subnets_)
    move_price(x);
  for (size_t i = 0; i < market_traders.size(); ++i)
    act(i);
  if (pending_.size() == before)
    act_random(market_steady_trader, true);
  std::stable_sort(pending_.begin() + static_cast<std::ptrdiff_t>(before), pending_.end(),
                   [](const auto& a, const auto& b) { return a.time_us < b.time_us; });
  ++beat_;
}

/// Others trade as well: a trend of some hours with noise, and back towards the first price.
void dev_market::move_price(subnet& s) {
  if (s.trend_left == 0) {
    s.trend_left = 24 + chance(72);
    const auto at = static_cast<size_t>(&s - subnets_.data());
    const auto now = static_cast<u128>(s.pool.tao_rao) * static_cast<u128>(market_first_alpha[at]);
    const auto then = static_cast<u128>(market_first_tao) * static_cast<u128>(s.pool.alpha);
    const bool up = now > 2 * then ? false : 2 * now < then ? true : chance(2) == 0;
    s.trend_ppm = static_cast<int64_t>(1'500 + chance(3'500)) * (up ? 1 : -1);
  }
  --s.trend_left;
  const auto move = s.trend_ppm + static_cast<int64_t>(chance(4'001)) - 2'000;
  if (move >= 0)
    (void)s.pool.buy(s.pool.tao_rao / 2'000'000 * move);
  else
    (void)s.pool.sell(s.pool.alpha / 2'000'000 * -move);
}

void dev_market::act(size_t trader) {
  switch (market_traders[trader].kind) {
  case trader_kind::skilled:
  case trader_kind::reregistered:
  case trader_kind::blacklisted:
  case trader_kind::owner:
    for (uint16_t netuid = 1; netuid <= dev_subnets; ++netuid)
      act_skilled(trader, netuid);
    break;
  case trader_kind::random:
  case trader_kind::newcomer:
  case trader_kind::stranger:
    act_random(trader, false);
    break;
  case trader_kind::churner:
    act_churner(trader);
    break;
  case trader_kind::washer:
    act_washer(trader);
    break;
  case trader_kind::idle:
    break;
  }
}

/// Buys into a rise that goes on, sells half near its end and the rest behind it.
void dev_market::act_skilled(size_t trader, uint16_t netuid) {
  const auto& s = subnets_[netuid - 1U];
  auto& own = subnets_[netuid - 1U].holdings[trader];
  const bool rises = s.trend_ppm > 0;
  if (own.alpha == 0) {
    if (rises && s.trend_left >= 16 && chance(4) == 0)
      stake(trader, netuid, static_cast<int64_t>(20 + chance(40)) * market_tao);
    return;
  }
  if (beat_ - own.since < skilled_hold_beats)
    return;
  if (!rises)
    return unstake(trader, netuid, own.alpha);
  if (s.trend_left <= 3 && !own.reduced) {
    own.reduced = true;
    unstake(trader, netuid, own.alpha / 2);
  }
}

void dev_market::act_random(size_t trader, bool surely) {
  const auto netuid = static_cast<uint16_t>(1 + chance(dev_subnets));
  const auto& own = subnets_[netuid - 1U].holdings[trader];
  const auto drawn = surely ? 0 : chance(12);
  if (own.alpha > 1'000 && drawn < 2)
    unstake(trader, netuid, chance(2) == 0 ? own.alpha : own.alpha / 3);
  else if (drawn < 2)
    stake(trader, netuid, static_cast<int64_t>(5 + chance(20)) * market_tao);
}

/// One position at a time, for three beats at most: below the minimum hold.
void dev_market::act_churner(size_t trader) {
  for (uint16_t netuid = 1; netuid <= dev_subnets; ++netuid)
    if (const auto& own = subnets_[netuid - 1U].holdings[trader]; own.alpha > 0) {
      if (beat_ - own.since >= 1 + chance(3))
        unstake(trader, netuid, own.alpha);
      return;
    }
  if (chance(2) == 0)
    stake(trader, static_cast<uint16_t>(1 + beat_ % dev_subnets),
          static_cast<int64_t>(10 + chance(30)) * market_tao);
}

void dev_market::act_washer(size_t trader) {
  if (chance(washer_one_in) != 0)
    return;
  const auto netuid = static_cast<uint16_t>(1 + chance(dev_subnets));
  stake(trader, netuid, static_cast<int64_t>(50 + chance(100)) * market_tao);
  unstake(trader, netuid, subnets_[netuid - 1U].holdings[trader].alpha, 1);
}

void dev_market::stake(size_t trader, uint16_t netuid, int64_t tao_rao, uint32_t index) {
  auto& s = subnets_[netuid - 1U];
  auto& own = s.holdings[trader];
  const auto out = s.pool.buy(tao_rao);
  own = {own.alpha + out, beat_, false};
  add({.netuid = netuid, .stake = true, .tao_rao = tao_rao, .alpha = out, .index = index}, trader);
}

void dev_market::unstake(size_t trader, uint16_t netuid, int64_t alpha, uint32_t index) {
  auto& s = subnets_[netuid - 1U];
  s.holdings[trader].alpha -= alpha;
  const auto out = s.pool.sell(alpha);
  add({.netuid = netuid, .stake = false, .tao_rao = out, .alpha = alpha, .index = index}, trader);
}

/// Everybody has blocks of its own in a beat, one per subnet.
void dev_market::add(dev_trade x, size_t trader) {
  const auto block = beat_ * dev_beat_blocks + 1 + trader * blocks_between_traders + x.netuid - 1;
  x.trader = trader;
  x.block = dev_first_block + block;
  x.time_us = static_cast<int64_t>(block) * market_block_us;
  pending_.push_back(x);
}

} // namespace sluice
