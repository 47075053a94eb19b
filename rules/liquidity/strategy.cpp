#include "rules/liquidity/strategy.hpp"

#include "rules/limits.hpp"
#include "rules/liquidity/deployment.hpp"
#include "rules/liquidity/garbage.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace sluice {

namespace {

double option(const strategy& what, const char* name, double fallback) {
  const auto it = what.options.find(name);
  return it == what.options.end() ? fallback : it->second;
}

bool has_range(const held_position& x, const tick_range& range) {
  return x.tick_lower == range.lower && x.tick_upper == range.upper;
}

/// All into `below` and `above` ticks around the price, unless that is where it already is.
std::vector<desired_position> move_to(const rebalance_query& query, int32_t below, int32_t above) {
  auto wanted = deploy(query, below, above);
  const auto& held = query.current_positions;
  if (wanted.size() == 1 && held.size() == 1
      && has_range(held.front(), {wanted.front().tick_lower, wanted.front().tick_upper}))
    return as_it_stands(query);
  return wanted;
}

/// The single held position when it can be one of ours: as wide as we would make it, give or take
/// what alignment does. A round may open with what the one before left.
bool is_ours(const rebalance_query& query, int32_t span) {
  const auto& held = query.current_positions;
  if (held.size() != 1)
    return false;
  const int64_t difference = int64_t{held[0].tick_upper} - held[0].tick_lower - span;
  return std::abs(difference) <= 2 * int64_t{query.terms.tick_spacing};
}

bool in_a_range(const rebalance_query& query) {
  return std::any_of(query.current_positions.begin(), query.current_positions.end(),
                     [&](const held_position& x) {
                       return tick_range{x.tick_lower, x.tick_upper}.contains(query.tick);
                     });
}

bool in_the_middle_half(const rebalance_query& query) {
  return std::any_of(query.current_positions.begin(), query.current_positions.end(),
                     [&](const held_position& x) {
                       const int64_t span = int64_t{x.tick_upper} - x.tick_lower;
                       return 4 * (int64_t{query.tick} - x.tick_lower) >= span
                              && 4 * (int64_t{x.tick_upper} - query.tick) >= span;
                     });
}

std::vector<desired_position>
wide_range(const strategy& what, const rebalance_query& query, const strategy_memory& memory) {
  const double width = option(what, "width", 0.2);
  const int32_t below = ticks_of(std::log1p(-width));
  const int32_t above = ticks_of(std::log1p(width));
  const bool settled = memory.asked > 0 || (is_ours(query, below + above) && in_a_range(query));
  if (settled && !query.current_positions.empty())
    return as_it_stands(query);
  return move_to(query, below, above);
}

std::vector<desired_position>
narrow_range(const strategy& what, const rebalance_query& query, const strategy_memory& memory) {
  const int32_t half = ticks_of(std::log1p(option(what, "width", 0.02)));
  const bool ours = memory.asked > 0 || is_ours(query, 2 * half);
  if (ours && in_the_middle_half(query))
    return as_it_stands(query);
  return move_to(query, half, half);
}

/// Root mean square of the logarithmic changes between questions; 0 before there are two.
double realised_volatility(const std::vector<double>& prices) {
  double squares = 0;
  for (size_t i = 1; i < prices.size(); ++i) {
    const double change = std::log(prices[i] / prices[i - 1]);
    squares += change * change;
  }
  return prices.size() < 2 ? 0 : std::sqrt(squares / static_cast<double>(prices.size() - 1));
}

std::vector<desired_position> volatility_range(const strategy& what, const rebalance_query& query,
                                               const strategy_memory& memory) {
  if (memory.asked > 0 && in_a_range(query))
    return as_it_stands(query);
  const double floor = std::log1p(option(what, "floor", 0.01));
  const double wanted = option(what, "k", 4) * realised_volatility(memory.prices);
  const int32_t half = ticks_of(std::max(floor, wanted));
  return move_to(query, half, half);
}

rebalance_reply accept(std::vector<desired_position> desired) {
  rebalance_reply reply;
  reply.accepted = true;
  reply.desired_positions = std::move(desired);
  return reply;
}

void remember(strategy_memory& memory, const rebalance_query& query) {
  if (memory.round != query.round || (memory.asked > 0 && query.block_number <= memory.block))
    memory = {query.round, 0, 0, {}};
  memory.block = query.block_number;
  const bool usable = std::isfinite(query.current_price) && query.current_price > 0;
  if (usable && memory.prices.size() < limits::rebalances_max)
    memory.prices.push_back(query.current_price);
}

strategy_move
answer(const strategy& what, const rebalance_query& query, const strategy_memory& memory) {
  switch (what.kind) {
  case strategy_kind::hold:
    return {strategy_act::answer, accept(as_it_stands(query))};
  case strategy_kind::wide:
    return {strategy_act::answer, accept(wide_range(what, query, memory))};
  case strategy_kind::narrow:
    return {strategy_act::answer, accept(narrow_range(what, query, memory))};
  case strategy_kind::volatility:
    return {strategy_act::answer, accept(volatility_range(what, query, memory))};
  case strategy_kind::refuser: {
    rebalance_reply no;
    no.refusal_reason = "not quoting this pair today";
    return {strategy_act::answer, no};
  }
  case strategy_kind::silent:
    return {strategy_act::stay_silent, {}};
  case strategy_kind::garbage:
    return {strategy_act::answer, garbage_reply(query, memory.asked)};
  case strategy_kind::crasher:
    return {strategy_act::crash, {}};
  }
  return {strategy_act::stay_silent, {}};
}

} // namespace

strategy_move propose(const strategy& what, const rebalance_query& query, strategy_memory& memory) {
  remember(memory, query);
  auto move = answer(what, query, memory);
  ++memory.asked;
  if (move.act == strategy_act::answer) {
    move.reply.version = "sluice";
    move.reply.model_info = std::string{to_string(what.kind)};
  }
  return move;
}

} // namespace sluice
