#include "tools/replay/corpus_engine.hpp"
#include "tools/replay/corpus_json.hpp"

#include <algorithm>

namespace sluice::tools {

bool corpus_engine::knows(const corpus_call& call) const {
  const bool staked = pool_.slipstream() != nullptr;
  switch (call.kind) {
  case call_kind::set_fee_protocol:
  case call_kind::collect_protocol:
    return !staked;
  case call_kind::batch:
    return std::ranges::all_of(call.calls, [this](const auto& x) { return knows(x); });
  default:
    return staked || call.kind < call_kind::set_fees;
  }
}

or_revert<token_amounts>
corpus_engine::move_liquidity(const address& sender, uint32_t now, const corpus_call& call) {
  const auto lower = call.tick_lower, upper = call.tick_upper;
  const auto asked0 = static_cast<u128>(call.amount0), asked1 = static_cast<u128>(call.amount1);
  switch (call.kind) {
  case call_kind::mint:
    return pool_.mint(call.recipient, lower, upper, call.liquidity, now, call.pay);
  case call_kind::collect:
    return pool_.collect(sender, lower, upper, asked0, asked1);
  case call_kind::collect_for:
    return pool_.collect_for(sender, call.owner, lower, upper, asked0, asked1);
  case call_kind::burn_for:
    return pool_.burn_for(sender, call.owner, lower, upper, call.liquidity, now);
  default:
    break;
  }
  if (call.kind == call_kind::burn)
    return pool_.burn(sender, lower, upper, call.liquidity, now);
  // decreaseStaked: the gauge burns, then takes the stake off the ticks that are left; or neither.
  const auto before = pool_;
  auto burnt = pool_.burn(sender, lower, upper, call.liquidity, now);
  if (!burnt)
    return burnt;
  const auto unstaked
    = pool_.stake(sender, -static_cast<i128>(call.liquidity), lower, upper, false, now);
  if (unstaked)
    return burnt;
  pool_ = before;
  return unstaked.why();
}

corpus_engine::call_answer corpus_engine::run_gauge(const address& sender, uint32_t now,
                                                    const corpus_call& call, io::json& events) {
  switch (call.kind) {
  case call_kind::set_fees: // the factory's, the pool only asks
    pool_.set_fees(call.number0, call.number1);
    return {};
  case call_kind::stake:
    return {
      pool_
        .stake(sender, call.stake_delta, call.tick_lower, call.tick_upper, call.move_position, now)
        .why()};
  case call_kind::sync_reward:
    return {pool_.sync_reward(sender, call.amount0, call.amount1, call.extra0).why()};
  case call_kind::update_rewards_growth_global:
    return {pool_.update_rewards(sender, now).why()};
  default:
    break;
  }
  auto got = pool_.collect_gauge_fees(sender);
  if (!got)
    return {got.why()};
  auto ret = amounts_json(*got);
  io::json event{{"event", "CollectFees"}, {"recipient", io::to_text(sender)}};
  event.update(ret);
  events.push_back(std::move(event));
  return {revert::none, std::move(ret)};
}

} // namespace sluice::tools
