#include "rules/liquidity/garbage.hpp"

#include "rules/limits.hpp"

#include <limits>

namespace sluice {

namespace {

enum garbage_kind : uint32_t {
  unordered,
  empty_range,
  unaligned,
  below_bounds,
  above_bounds,
  too_many,
  twice_the_same,
  over_inventory,
  absurd_confidence,
  no_number_confidence,
  over_long_text,
};
static_assert(over_long_text + 1 == garbage_kinds);

} // namespace

rebalance_reply garbage_reply(const rebalance_query& query, uint32_t which) {
  rebalance_reply reply;
  reply.accepted = true;
  const int32_t step = query.terms.tick_spacing > 0 ? query.terms.tick_spacing : 1;
  constexpr int32_t beyond = 1'774'544; // twice the highest tick
  desired_position x{-step, step, 0, 0, std::nullopt};
  std::vector<desired_position> several;
  switch (static_cast<garbage_kind>(which % garbage_kinds)) {
  case unordered:
    std::swap(x.tick_lower, x.tick_upper);
    break;
  case empty_range:
    x.tick_lower = x.tick_upper;
    break;
  case unaligned: // every tick is a multiple of 1: then only the bounds can be missed
    x.tick_lower = step > 1 ? -step - 1 : -beyond;
    break;
  case below_bounds:
    x.tick_lower = -beyond / step * step - step;
    break;
  case above_bounds:
    x.tick_upper = beyond / step * step + step;
    break;
  case too_many:
    for (int32_t i = 0; i <= static_cast<int32_t>(limits::positions_max); ++i)
      several.push_back({i * step, (i + 1) * step, 0, 0, std::nullopt});
    break;
  case twice_the_same:
    several = {x, x};
    break;
  case over_inventory:
    x.allocation0 = u256::max();
    x.allocation1 = u256::max();
    several = {x, {-2 * step, 2 * step, u256::max(), u256::max(), std::nullopt}};
    break;
  case absurd_confidence:
    x.confidence = 1e300;
    break;
  case no_number_confidence:
    x.confidence = std::numeric_limits<double>::quiet_NaN();
    break;
  case over_long_text:
    reply.refusal_reason.assign(limits::refusal_bytes_max + 1, '!');
    break;
  }
  reply.desired_positions = several.empty() ? std::vector{x} : several;
  return reply;
}

} // namespace sluice
