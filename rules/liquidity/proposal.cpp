#include "rules/liquidity/proposal.hpp"

#include "rules/limits.hpp"
#include "rules/math/wide.hpp"

#include <charconv>
#include <cmath>

namespace sluice {

namespace {

using amount_sum = wide<5>; // space for 2^64 amounts

/// What is wrong with one range on its own; empty when nothing.
std::string range_fault(const desired_position& x, int32_t spacing) {
  if (x.tick_lower >= x.tick_upper)
    return "tick_lower " + std::to_string(x.tick_lower) + " is not below tick_upper "
           + std::to_string(x.tick_upper);
  if (x.tick_lower < -limits::tick_max)
    return "tick_lower " + std::to_string(x.tick_lower) + " is below -887272";
  if (x.tick_upper > limits::tick_max)
    return "tick_upper " + std::to_string(x.tick_upper) + " is above 887272";
  const auto unaligned = [&](const char* name, int32_t tick) {
    return std::string{name} + ' ' + std::to_string(tick)
           + " is not a multiple of the tick spacing " + std::to_string(spacing);
  };
  if (x.tick_lower % spacing != 0)
    return unaligned("tick_lower", x.tick_lower);
  if (x.tick_upper % spacing != 0)
    return unaligned("tick_upper", x.tick_upper);
  return {};
}

std::string text_of(const amount_sum& x) {
  const auto small = narrow(x);
  return small ? to_string(*small) : "more than 2^256";
}

/// Shortest digits that mean exactly `x`.
std::string text_of(double x) {
  char digits[32];
  return {digits, std::to_chars(digits, digits + sizeof digits, x).ptr};
}

/// asked <= 1.02 * owned, exactly: asked * 50 <= owned * 51.
std::string budget_fault(const char* token, const amount_sum& asked, const amount_sum& owned) {
  const auto times = [](const amount_sum& x, uint64_t k) { return x * wide<1>{{k}}; };
  const auto allowed = times(owned, 51);
  if (times(asked, 50) <= allowed)
    return {};
  const auto most = divide(allowed, 50);
  amount_sum shown;
  for (size_t i = 0; i < shown.limbs.size(); ++i)
    shown.limbs[i] = most.limbs[i];
  return std::string{"allocations of "} + token + " add up to " + text_of(asked) + ", at most "
         + text_of(shown) + " is allowed (" + text_of(owned)
         + " owned: free, in positions and uncollected fees, plus 2 %)";
}

/// |wanted - held| <= 2 % of held, exactly.
bool near(const u256& wanted, const u256& held) {
  const u256 gap = wanted > held ? wanted - held : held - wanted;
  return widen<4>(gap) * wide<1>{{50}} <= widen<5>(held);
}

bool same_range(const held_position& held, const desired_position& wanted) {
  return held.tick_lower == wanted.tick_lower && held.tick_upper == wanted.tick_upper;
}

} // namespace

std::string proposal_fault(const std::vector<desired_position>& desired, const pool_terms& terms,
                           const holdings& has, uint32_t positions_max) {
  if (desired.size() > positions_max)
    return std::to_string(desired.size()) + " positions, at most " + std::to_string(positions_max)
           + " are allowed";
  const int32_t spacing = terms.tick_spacing > 0 ? terms.tick_spacing : 1;
  amount_sum asked0, asked1, owned0, owned1;
  for (size_t i = 0; i < desired.size(); ++i) {
    const auto& x = desired[i];
    const std::string name = "position " + std::to_string(i + 1) + ": ";
    if (auto fault = range_fault(x, spacing); !fault.empty())
      return name + fault;
    for (size_t j = 0; j < i; ++j)
      if (desired[j].tick_lower == x.tick_lower && desired[j].tick_upper == x.tick_upper)
        return name + "the range " + std::to_string(x.tick_lower) + ".."
               + std::to_string(x.tick_upper) + " is already asked for by position "
               + std::to_string(j + 1);
    asked0 = asked0 + widen<5>(x.allocation0);
    asked1 = asked1 + widen<5>(x.allocation1);
  }
  owned0 = widen<5>(has.free.amount0);
  owned1 = widen<5>(has.free.amount1);
  for (const auto& x : has.positions) {
    owned0 = owned0 + widen<5>(x.amount0) + widen<5>(x.fees0);
    owned1 = owned1 + widen<5>(x.amount1) + widen<5>(x.fees1);
  }
  if (auto fault = budget_fault("token0", asked0, owned0); !fault.empty())
    return fault;
  return budget_fault("token1", asked1, owned1);
}

std::string reply_fault(const rebalance_reply& reply) {
  const auto over_long = [](const char* name, size_t size, size_t most) {
    return size <= most ? std::string{}
                        : std::string{name} + " is " + std::to_string(size)
                            + " bytes long, at most " + std::to_string(most) + " are allowed";
  };
  for (auto fault :
       {over_long("refusal_reason", reply.refusal_reason.size(), limits::refusal_bytes_max),
        over_long("version", reply.version.size(), limits::metadata_bytes_max),
        over_long("model_info", reply.model_info.size(), limits::metadata_bytes_max)})
    if (!fault.empty())
      return fault;
  for (size_t i = 0; i < reply.desired_positions.size(); ++i) {
    const auto& confidence = reply.desired_positions[i].confidence;
    if (!confidence)
      continue;
    const std::string name = "position " + std::to_string(i + 1) + ": confidence ";
    if (!std::isfinite(*confidence))
      return name + "is not a finite number";
    if (*confidence < 0 || *confidence > 1)
      return name + text_of(*confidence) + " is not within 0..1";
  }
  return {};
}

bool keeps(const held_position& held, const desired_position& wanted) {
  return same_range(held, wanted) && near(wanted.allocation0, held.amount0)
         && near(wanted.allocation1, held.amount1);
}

rebalance_steps
compare(const std::vector<held_position>& held, const std::vector<desired_position>& desired) {
  rebalance_steps steps;
  std::vector<bool> matched(desired.size());
  for (size_t i = 0; i < held.size(); ++i) {
    size_t j = 0;
    while (j < desired.size() && (matched[j] || !keeps(held[i], desired[j])))
      ++j;
    if (j < desired.size())
      matched[j] = true;
    (j < desired.size() ? steps.kept : steps.burned).push_back(i);
  }
  for (size_t j = 0; j < desired.size(); ++j)
    if (!matched[j])
      steps.minted.push_back(j);
  return steps;
}

} // namespace sluice
