#include "actors/liquidity/work/work_words.hpp"

namespace sluice {

block_words to_words(const block_record& record) {
  block_words words{record.block,          {},          {},
                    record.sqrt_price_x96, record.tick, record.reward.amount,
                    record.reward.staked};
  words.steps.reserve(record.steps.size());
  for (const auto& step : record.steps)
    words.steps.push_back({step});
  words.swaps.reserve(record.swaps.size());
  for (const auto& swap : record.swaps)
    words.swaps.push_back({swap});
  return words;
}

block_record from_words(block_words words) {
  return {std::move(words.block),
          {words.steps.begin(), words.steps.end()},
          {words.swaps.begin(), words.swaps.end()},
          words.sqrt_price_x96,
          words.tick,
          {words.reward, words.staked}};
}

std::vector<outcome_words> to_words(const std::vector<result<plan_outcome>>& outcomes) {
  std::vector<outcome_words> words;
  words.reserve(outcomes.size());
  for (const auto& one : outcomes)
    if (one)
      words.push_back({0, {}, *one});
    else
      words.push_back({static_cast<uint8_t>(one.error().code), one.error().what, {}});
  return words;
}

result<std::vector<result<plan_outcome>>>
from_words(std::vector<outcome_words> words, size_t count) {
  if (words.size() != count)
    return fault{ec::corrupt_data, "outcomes: expected " + std::to_string(count) + ", got "
                                     + std::to_string(words.size())};
  std::vector<result<plan_outcome>> outcomes;
  outcomes.reserve(count);
  for (auto& one : words) {
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
