#include "sim/math/liquidity_math.hpp"
#include "sim/math/sqrt_price_math.hpp"
#include "sim/math/tick_math.hpp"
#include "sim/pool/pool.hpp"

#include <algorithm>
#include <optional>

namespace sluice {

namespace {

using complaint = std::optional<fault>;

fault contradiction(std::string what) {
  return {ec::corrupt_data, "pool state: " + what};
}

bool is_int56(int64_t x) {
  return wrap_int56(x) == x;
}

complaint check_terms(const pool_parts& parts) {
  if (parts.fee >= 1'000'000)
    return fault{ec::out_of_range, "pool state: fee is 1000000 or more"};
  if (parts.tick_spacing <= 0 || parts.tick_spacing >= 16384)
    return fault{ec::out_of_range, "pool state: tick spacing is not in 1..16383"};
  return std::nullopt;
}

complaint check_price(const pool_parts& parts) {
  const auto& state = parts.state;
  if (state.sqrt_price_x96 < min_sqrt_ratio || state.sqrt_price_x96 >= max_sqrt_ratio)
    return contradiction("the price is out of range");
  if (state.tick < min_tick || state.tick >= max_tick)
    return contradiction("the tick is out of range");
  // A swap that stops exactly on a tick it crossed downwards leaves the price on the upper edge.
  if (state.sqrt_price_x96 < sqrt_ratio_at_tick(state.tick)
      || state.sqrt_price_x96 > sqrt_ratio_at_tick(state.tick + 1))
    return contradiction("price and tick disagree");
  auto allowed = [](int part) { return part == 0 || (part >= 4 && part <= 10); };
  if (!allowed(state.fee_protocol % 16) || !allowed(state.fee_protocol / 16))
    return contradiction("no such protocol fee");
  if (!state.unlocked)
    return contradiction("locked in the middle of a call");
  return std::nullopt;
}

complaint check_observations(const pool_parts& parts) {
  const auto& state = parts.state;
  size_t written = parts.observations.size();
  if (state.observation_index >= written || written > state.observation_cardinality
      || state.observation_cardinality > state.observation_cardinality_next)
    return contradiction("observations and their counts disagree");
  if (written != state.observation_cardinality && state.observation_index + 1U != written)
    return contradiction("observations are missing");
  for (const auto& x : parts.observations)
    if (!x.initialized || !is_int56(x.tick_cumulative)
        || x.seconds_per_liquidity_cumulative_x128 > u160_max)
      return contradiction("an observation is out of range");
  return std::nullopt;
}

complaint check_ticks(const pool_parts& parts) {
  u128 max_liquidity = tick_spacing_to_max_liquidity_per_tick(parts.tick_spacing);
  u128 liquidity = 0; // modulo 2^128, as the sums of nets are
  u128 in_range = 0;
  const int32_t* last = nullptr;
  for (const auto& [tick, info] : parts.ticks) {
    if (tick < min_tick || tick > max_tick || tick % parts.tick_spacing != 0)
      return contradiction("tick " + to_string(tick) + " cannot exist");
    if (last != nullptr && tick <= *last)
      return contradiction("ticks are not ascending");
    last = &tick;
    if (!info.initialized || info.liquidity_gross == 0 || info.liquidity_gross > max_liquidity
        || magnitude(info.liquidity_net) > info.liquidity_gross)
      return contradiction("liquidity of tick " + to_string(tick) + " is out of range");
    if (!is_int56(info.tick_cumulative_outside)
        || info.seconds_per_liquidity_outside_x128 > u160_max)
      return contradiction("tick " + to_string(tick) + " is out of range");
    liquidity += static_cast<u128>(info.liquidity_net);
    if (tick <= parts.state.tick)
      in_range = liquidity;
  }
  if (liquidity != 0)
    return contradiction("what the ticks add is not what they take away");
  if (in_range != parts.state.liquidity)
    return contradiction("liquidity in range is not the sum over the ticks");
  return std::nullopt;
}

/// One end of a position, to be summed up by tick.
struct position_end {
  int32_t tick = 0;
  u128 liquidity = 0;
  bool upper = false;
};

std::vector<position_end> ends_of(const pool_parts& parts) {
  std::vector<position_end> ends;
  for (const auto& [key, info] : parts.positions) {
    if (info.liquidity == 0)
      continue;
    ends.push_back({key.tick_lower, info.liquidity, false});
    ends.push_back({key.tick_upper, info.liquidity, true});
  }
  std::sort(ends.begin(), ends.end(), [](const auto& a, const auto& b) { return a.tick < b.tick; });
  return ends;
}

complaint check_positions(const pool_parts& parts) {
  for (const auto& [key, info] : parts.positions)
    if (key.tick_lower >= key.tick_upper)
      return contradiction("a position's ticks are not ascending");
  auto ends = ends_of(parts);
  size_t at = 0;
  for (const auto& [tick, info] : parts.ticks) {
    u128 gross = 0;
    u128 net = 0;
    for (; at < ends.size() && ends[at].tick == tick; ++at) {
      if (ends[at].liquidity > info.liquidity_gross - gross)
        return contradiction("tick " + to_string(tick) + " has less liquidity than its positions");
      gross += ends[at].liquidity;
      net += ends[at].upper ? u128{0} - ends[at].liquidity : ends[at].liquidity;
    }
    if (gross != info.liquidity_gross || net != static_cast<u128>(info.liquidity_net))
      return contradiction("tick " + to_string(tick) + " is not the sum of its positions");
  }
  if (at != ends.size())
    return contradiction("a position ends where no tick is");
  return std::nullopt;
}

/// Only what the contract promises: a gauge may burn what it holds without unstaking it, so the sum
/// over the ticks is no measure of what is staked.
complaint check_slipstream(const pool_parts& parts) {
  if (!parts.slipstream)
    return std::nullopt;
  if (parts.slipstream->state.unstaked_fee > 1'000'000)
    return fault{ec::out_of_range, "pool state: unstaked fee is above 1000000"};
  if (parts.slipstream->stakes.size() != parts.ticks.size())
    return contradiction("ticks and stakes are not as many");
  if (parts.state.fee_protocol != 0)
    return contradiction("a Slipstream pool has no protocol fee");
  return std::nullopt;
}

complaint check(const pool_parts& parts) {
  for (auto* checker : {check_terms, check_slipstream})
    if (auto bad = checker(parts))
      return bad;
  if (parts.state.sqrt_price_x96.is_zero()) {
    bool fresh = parts.state == pool_state{} && parts.ticks.empty() && parts.positions.empty()
                 && parts.observations.empty();
    return fresh ? std::nullopt : complaint(contradiction("something is there before a price is"));
  }
  for (auto* checker : {check_price, check_observations, check_ticks, check_positions})
    if (auto bad = checker(parts))
      return bad;
  return std::nullopt;
}

} // namespace

result<pool> pool::restore(const pool_parts& parts) {
  if (auto bad = check(parts))
    return *bad;
  pool made(parts.fee, parts.tick_spacing);
  made.state_ = parts.state;
  if (parts.slipstream) {
    made.slipstream_ = parts.slipstream->state;
    made.ticks_ = pool_ticks(true);
  }
  made.ticks_.reserve(parts.ticks.size());
  for (const auto& [tick, info] : parts.ticks)
    made.ticks_.put(tick,
                    {info.liquidity_gross, info.liquidity_net, info.fee_growth_outside0_x128,
                     info.fee_growth_outside1_x128, info.tick_cumulative_outside,
                     stored_u160(info.seconds_per_liquidity_outside_x128), info.seconds_outside});
  if (parts.slipstream)
    for (size_t i = 0; i < parts.ticks.size(); ++i)
      made.ticks_.put_stake(parts.ticks[i].first, parts.slipstream->stakes[i]);
  for (const auto& [key, info] : parts.positions) {
    if (made.positions_.find(key) != nullptr)
      return contradiction("a position is there twice");
    made.positions_.put(key, info);
  }
  made.oracle_.restore(parts.observations, parts.state.observation_cardinality_next);
  made.find_place();
  return made;
}

} // namespace sluice
