#include "tools/replay/corpus_json.hpp"

namespace sluice::tools {

namespace {

std::string text(u128 x) {
  return to_string(u256{x});
}

std::string text(const u256& x) {
  return to_string(x);
}

} // namespace

io::json state_json(const pool& at) {
  const auto& s = at.state();
  const auto* staked = at.slipstream();
  const auto newest = at.observation_at(s.observation_index);
  io::json object{{"sqrtPriceX96", text(s.sqrt_price_x96)}, {"tick", s.tick}};
  object["liquidity"] = text(s.liquidity);
  if (staked != nullptr)
    object["stakedLiquidity"] = text(staked->staked_liquidity);
  object["feeGrowthGlobal0X128"] = text(s.fee_growth_global0_x128);
  object["feeGrowthGlobal1X128"] = text(s.fee_growth_global1_x128);
  object[staked != nullptr ? "gaugeFees0" : "protocolFees0"] = text(s.protocol_fees0);
  object[staked != nullptr ? "gaugeFees1" : "protocolFees1"] = text(s.protocol_fees1);
  if (staked != nullptr) {
    const auto& rewards = staked->rewards;
    object["rewardGrowthGlobalX128"] = text(rewards.growth_global_x128);
    object["rewardRate"] = text(rewards.rate);
    object["rewardReserve"] = text(rewards.reserve);
    object["periodFinish"] = text(rewards.period_finish);
    object["rollover"] = text(rewards.rollover);
    object["lastUpdated"] = rewards.last_updated;
  } else {
    object["feeProtocol"] = s.fee_protocol;
  }
  object["unlocked"] = s.unlocked;
  object["balance0"] = text(s.balance0);
  object["balance1"] = text(s.balance1);
  object["observationIndex"] = s.observation_index;
  object["observationCardinality"] = s.observation_cardinality;
  object["observationCardinalityNext"] = s.observation_cardinality_next;
  object["obsTimestamp"] = newest.block_timestamp;
  object["obsTickCumulative"] = std::to_string(newest.tick_cumulative);
  object["obsSecondsPerLiquidityCumulativeX128"]
    = text(newest.seconds_per_liquidity_cumulative_x128);
  return object;
}

io::json tick_json(int32_t tick, const tick_info& info, const std::optional<tick_stake>& stake) {
  io::json object{{"tick", tick},
                  {"liquidityGross", text(info.liquidity_gross)},
                  {"liquidityNet", to_string(i256{info.liquidity_net})}};
  if (stake)
    object["stakedLiquidityNet"] = to_string(i256{stake->liquidity_net});
  object["feeGrowthOutside0X128"] = text(info.fee_growth_outside0_x128);
  object["feeGrowthOutside1X128"] = text(info.fee_growth_outside1_x128);
  if (stake)
    object["rewardGrowthOutsideX128"] = text(stake->reward_growth_outside_x128);
  object["tickCumulativeOutside"] = std::to_string(info.tick_cumulative_outside);
  object["secondsPerLiquidityOutsideX128"] = text(info.seconds_per_liquidity_outside_x128);
  object["secondsOutside"] = info.seconds_outside;
  object["initialized"] = info.initialized;
  return object;
}

io::json tick_json(const pool& at, int32_t tick) {
  return tick_json(tick, at.tick(tick),
                   at.slipstream() == nullptr ? std::nullopt : std::optional(at.stake_of(tick)));
}

io::json position_json(const position_key& key, const position_info& info) {
  return {{"owner", io::to_text(key.owner)},
          {"tickLower", key.tick_lower},
          {"tickUpper", key.tick_upper},
          {"liquidity", text(info.liquidity)},
          {"feeGrowthInside0LastX128", text(info.fee_growth_inside0_last_x128)},
          {"feeGrowthInside1LastX128", text(info.fee_growth_inside1_last_x128)},
          {"tokensOwed0", text(info.tokens_owed0)},
          {"tokensOwed1", text(info.tokens_owed1)}};
}

io::json position_json(const pool& at, const position_key& key) {
  auto object = position_json(key, at.position(key));
  if (at.slipstream() != nullptr)
    object["rewardGrowthInsideX128"]
      = text(at.reward_growth_inside(key.tick_lower, key.tick_upper));
  return object;
}

io::json
bitmap_json(const std::vector<std::pair<int32_t, tick_info>>& ticks, int32_t tick_spacing) {
  io::json words = io::json::array();
  int32_t word = 0;
  u256 bits;
  auto close = [&] {
    if (!bits.is_zero())
      words.push_back({{"word", word}, {"bits", text(bits)}});
    bits = {};
  };
  for (const auto& [tick, info] : ticks) {
    const int32_t compressed = tick / tick_spacing; // initialized ticks are multiples
    if (compressed >> 8 != word)
      close();
    word = compressed >> 8;
    bits |= u256{1} << static_cast<unsigned>(compressed & 255);
  }
  close();
  return words;
}

io::json observe_json(const pool& at, uint32_t seconds_ago, uint32_t now) {
  const auto seen = at.observe(seconds_ago, now);
  if (!seen)
    return {{"secondsAgo", seconds_ago}, {"error", reason(seen.why())}};
  return {{"secondsAgo", seconds_ago},
          {"tickCumulative", std::to_string(seen->tick_cumulative)},
          {"secondsPerLiquidityCumulativeX128", text(seen->seconds_per_liquidity_cumulative_x128)}};
}

io::json amounts_json(const token_amounts& x) {
  return {{"amount0", text(x.amount0)}, {"amount1", text(x.amount1)}};
}

io::json amounts_json(const swap_amounts& x) {
  return {{"amount0", to_string(x.amount0)}, {"amount1", to_string(x.amount1)}};
}

} // namespace sluice::tools
