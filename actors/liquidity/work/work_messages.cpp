#include "actors/liquidity/work/work_messages.hpp"

namespace sluice {

wire_block to_wire(const block_record& record) {
  wire_block message{record.block,          {},          {},
                     record.sqrt_price_x96, record.tick, record.reward.amount,
                     record.reward.staked};
  message.steps.reserve(record.steps.size());
  for (const auto& step : record.steps)
    message.steps.push_back({step});
  message.swaps.reserve(record.swaps.size());
  for (const auto& swap : record.swaps)
    message.swaps.push_back({swap});
  return message;
}

block_record from_wire(wire_block message) {
  return {std::move(message.block),
          {message.steps.begin(), message.steps.end()},
          {message.swaps.begin(), message.swaps.end()},
          message.sqrt_price_x96,
          message.tick,
          {message.reward, message.staked}};
}

std::vector<wire_outcome> to_wire(const std::vector<result<plan_outcome>>& outcomes) {
  std::vector<wire_outcome> message;
  message.reserve(outcomes.size());
  for (const auto& one : outcomes)
    if (one)
      message.push_back({0, {}, *one});
    else
      message.push_back({static_cast<uint8_t>(one.error().code), one.error().what, {}});
  return message;
}

result<std::vector<result<plan_outcome>>>
from_wire(std::vector<wire_outcome> message, size_t count) {
  if (message.size() != count)
    return fault{ec::corrupt_data, "outcomes: expected " + std::to_string(count) + ", got "
                                     + std::to_string(message.size())};
  std::vector<result<plan_outcome>> outcomes;
  outcomes.reserve(count);
  for (auto& one : message) {
    const bool good = one.outcome.has_value();
    if (good != (one.code == 0) || one.code > static_cast<uint8_t>(ec::read_only))
      return fault{ec::corrupt_data,
                   "outcome: expected one or a fault, got code " + std::to_string(one.code)};
    if (good)
      outcomes.emplace_back(*std::move(one.outcome));
    else
      outcomes.emplace_back(fault{static_cast<ec>(one.code), std::move(one.what)});
  }
  return outcomes;
}

} // namespace sluice
