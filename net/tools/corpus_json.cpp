#include "net/tools/corpus_json.hpp"

namespace sluice::net {

namespace {

std::string text(u128 x) {
  return to_string(u256{x});
}

std::string text(const u256& x) {
  return to_string(x);
}

} // namespace

json state_json(const pool& at) {
  const auto& s = at.state();
  const auto newest = at.observation_at(s.observation_index);
  return {
    {"sqrtPriceX96", text(s.sqrt_price_x96)},
    {"tick", s.tick},
    {"liquidity", text(s.liquidity)},
    {"feeGrowthGlobal0X128", text(s.fee_growth_global0_x128)},
    {"feeGrowthGlobal1X128", text(s.fee_growth_global1_x128)},
    {"protocolFees0", text(s.protocol_fees0)},
    {"protocolFees1", text(s.protocol_fees1)},
    {"feeProtocol", s.fee_protocol},
    {"unlocked", s.unlocked},
    {"balance0", text(s.balance0)},
    {"balance1", text(s.balance1)},
    {"observationIndex", s.observation_index},
    {"observationCardinality", s.observation_cardinality},
    {"observationCardinalityNext", s.observation_cardinality_next},
    {"obsTimestamp", newest.block_timestamp},
    {"obsTickCumulative", std::to_string(newest.tick_cumulative)},
    {"obsSecondsPerLiquidityCumulativeX128", text(newest.seconds_per_liquidity_cumulative_x128)}};
}

json tick_json(int32_t tick, const tick_info& info) {
  return {{"tick", tick},
          {"liquidityGross", text(info.liquidity_gross)},
          {"liquidityNet", to_string(i256{info.liquidity_net})},
          {"feeGrowthOutside0X128", text(info.fee_growth_outside0_x128)},
          {"feeGrowthOutside1X128", text(info.fee_growth_outside1_x128)},
          {"tickCumulativeOutside", std::to_string(info.tick_cumulative_outside)},
          {"secondsPerLiquidityOutsideX128", text(info.seconds_per_liquidity_outside_x128)},
          {"secondsOutside", info.seconds_outside},
          {"initialized", info.initialized}};
}

json position_json(const position_key& key, const position_info& info) {
  return {{"owner", to_text(key.owner)},
          {"tickLower", key.tick_lower},
          {"tickUpper", key.tick_upper},
          {"liquidity", text(info.liquidity)},
          {"feeGrowthInside0LastX128", text(info.fee_growth_inside0_last_x128)},
          {"feeGrowthInside1LastX128", text(info.fee_growth_inside1_last_x128)},
          {"tokensOwed0", text(info.tokens_owed0)},
          {"tokensOwed1", text(info.tokens_owed1)}};
}

json bitmap_json(const std::vector<std::pair<int32_t, tick_info>>& ticks, int32_t tick_spacing) {
  json words = json::array();
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

json observe_json(const pool& at, uint32_t seconds_ago, uint32_t now) {
  const auto seen = at.observe(seconds_ago, now);
  if (!seen)
    return {{"secondsAgo", seconds_ago}, {"error", reason(seen.why())}};
  return {{"secondsAgo", seconds_ago},
          {"tickCumulative", std::to_string(seen->tick_cumulative)},
          {"secondsPerLiquidityCumulativeX128", text(seen->seconds_per_liquidity_cumulative_x128)}};
}

json amounts_json(const token_amounts& x) {
  return {{"amount0", text(x.amount0)}, {"amount1", text(x.amount1)}};
}

json amounts_json(const swap_amounts& x) {
  return {{"amount0", to_string(x.amount0)}, {"amount1", to_string(x.amount1)}};
}

} // namespace sluice::net
