/// Any operation on a pool, and what it answers, for tests that play the same on two of them.
#pragma once

#include "sim/math/tick_math.hpp"
#include "sim/pool/pool_undo.hpp"

#include <random>
#include <string>

namespace sluice::test {

enum class operation_kind : uint8_t {
  mint,
  burn,
  collect,
  swap,
  stake,
  fees,
  rewards,
  reward_update,
  gauge_fees,
  protocol_fee,
  protocol_collect,
  flash,
  observations,
};

/// Units as of pool; what a kind does not need is left at 0.
struct operation {
  operation_kind kind = operation_kind::swap;
  position_key key;
  u128 liquidity = 0;
  i128 delta = 0;
  bool moves = false;
  swap_request order;
  u256 amount;
  uint32_t now = 0;
};

inline constexpr address test_gauge{7};
inline constexpr address test_manager{8};

inline pool new_pool(bool slipstream) {
  pool made = slipstream ? pool(slipstream_terms{500, 50'000, 10, test_gauge, test_manager})
                         : pool(500, 10);
  (void)made.initialize(u256{1} << 96, 1'000'000);
  return made;
}

/// Any operation in ranges within 100 ticks of 0, of a handful of owners; the same for the same
/// seed. Times ascend.
class any_operation {
public:
  any_operation(uint64_t seed, bool slipstream) : luck_(seed), slipstream_(slipstream) {}

  operation next(const pool& at) {
    operation made;
    made.kind = kind();
    now_ += one_in(2) ? static_cast<uint32_t>(below(30)) : 0;
    made.now = now_;
    const auto lower = static_cast<int32_t>(below(19)) - 10;
    const auto upper = lower + 1 + static_cast<int32_t>(below(static_cast<uint64_t>(10 - lower)));
    constexpr uint8_t owners[]{1, 2, 8, 8, 7};
    made.key = {{owners[below(slipstream_ ? 5 : 2)]}, 10 * lower, 10 * upper};
    const auto all = at.positions(); // mostly one that is there
    if (!all.empty() && made.kind != operation_kind::mint && !one_in(8))
      made.key = all[below(all.size())].first;
    const u128 has = at.position(made.key).liquidity;
    made.liquidity = made.kind == operation_kind::mint ? size(50)
                     : one_in(2)                       ? has
                                                       : has / static_cast<u128>(1 + below(5));
    if (made.kind == operation_kind::burn && one_in(4))
      made.liquidity = 0;
    made.moves = !one_in(4);
    made.delta = static_cast<i128>(made.liquidity);
    if (made.key.owner == test_gauge)
      made.delta = -made.delta;
    made.amount = u256{static_cast<uint64_t>(size(60))};
    const auto wanted = i256::from_u256(u256{static_cast<uint64_t>(size(46))});
    const bool down = one_in(2);
    const auto limit = static_cast<int32_t>(below(200)) - 100;
    made.order = {down, one_in(3) ? -wanted : wanted,
                  one_in(3) ? sqrt_ratio_at_tick(limit)
                  : down    ? min_sqrt_ratio + 1
                            : max_sqrt_ratio - 1};
    return made;
  }

private:
  uint64_t below(uint64_t end) { return luck_() % end; }
  bool one_in(uint64_t n) { return below(n) == 0; }
  u128 size(unsigned bits) { return static_cast<u128>(luck_() >> (64 - 1 - below(bits))); }

  operation_kind kind() {
    using enum operation_kind;
    constexpr operation_kind common[]{mint, mint, burn, burn, collect, collect, swap, swap, swap};
    constexpr operation_kind staking[]{stake,   stake,         stake,     fees,
                                       rewards, reward_update, gauge_fees};
    constexpr operation_kind rare[]{protocol_fee, protocol_collect, flash, observations};
    if (slipstream_ && one_in(3))
      return staking[below(7)];
    return !slipstream_ && one_in(12) ? rare[below(4)] : common[below(9)];
  }

  std::mt19937_64 luck_;
  bool slipstream_;
  uint32_t now_ = 1'000'000;
};

inline std::string answer_of(const or_revert<nothing>& got) {
  return got ? "done" : "reverts " + std::to_string(static_cast<int>(got.why()));
}
template <class T>
std::string answer_of(const or_revert<T>& got) {
  return got ? to_string(got->amount0) + " " + to_string(got->amount1)
             : "reverts " + std::to_string(static_cast<int>(got.why()));
}

/// Plays it; what the pool answered, as text.
inline std::string play(pool& at, const operation& what) {
  const auto& [owner, lower, upper] = what.key;
  switch (what.kind) {
  case operation_kind::mint:
    return answer_of(at.mint(owner, lower, upper, what.liquidity, what.now));
  case operation_kind::burn:
    return answer_of(at.burn(owner, lower, upper, what.liquidity, what.now));
  case operation_kind::collect: {
    const auto most = what.moves ? u128_max : static_cast<u128>(what.amount);
    return answer_of(at.collect(owner, lower, upper, most, most));
  }
  case operation_kind::swap:
    return answer_of(at.swap(what.order, what.now));
  case operation_kind::stake:
    return answer_of(at.stake(test_gauge, what.delta, lower, upper, what.moves, what.now));
  case operation_kind::fees:
    at.set_fees(static_cast<uint32_t>(what.amount % 100'000),
                static_cast<uint32_t>(what.amount % 1'000'001));
    return "done";
  case operation_kind::rewards:
    return answer_of(at.sync_reward(test_gauge, what.amount, what.amount * 1000, what.now + 500));
  case operation_kind::reward_update:
    return answer_of(at.update_rewards(test_gauge, what.now));
  case operation_kind::gauge_fees:
    return answer_of(at.collect_gauge_fees(test_gauge));
  case operation_kind::protocol_fee:
    return answer_of(at.set_fee_protocol(what.moves ? 4 : 0, 5, true));
  case operation_kind::protocol_collect:
    return answer_of(at.collect_protocol(u128_max, static_cast<u128>(what.amount), true));
  case operation_kind::flash:
    return answer_of(at.flash(what.amount, what.amount, {}, {}));
  case operation_kind::observations:
    return answer_of(at.increase_observation_cardinality_next(
      static_cast<uint16_t>(static_cast<uint64_t>(what.amount % 40))));
  }
  return {};
}

/// The same, announced to `undo`.
inline std::string play(pool& at, const operation& what, pool_undo& undo) {
  switch (what.kind) {
  case operation_kind::mint:
  case operation_kind::burn:
  case operation_kind::collect:
  case operation_kind::stake:
    undo.before_range(what.key);
    break;
  case operation_kind::swap:
    undo.before_swap();
    break;
  default:
    undo.before_other();
  }
  auto got = play(at, what);
  if (what.kind == operation_kind::swap && !got.starts_with("reverts"))
    undo.swapped(what.order, what.now);
  return got;
}

} // namespace sluice::test
