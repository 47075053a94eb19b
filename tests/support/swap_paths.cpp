#include "swap_paths.hpp"

#include "sim/evaluate/lane_group.hpp"
#include "sim/math/full_math.hpp"
#include "sim/math/tick_math.hpp"
#include "sim/pool/liquidity_amounts.hpp"
#include "straight_pool.hpp"

namespace sluice::test {

namespace {

struct sleeper : swap_observer {
  void on_step(const swap_step&) override {}
};

/// A shared pool from which one position has moved into a plan.
struct shared_place {
  shared_pool shared;
  overlay plan;
  std::optional<std::pair<position_key, position_info>> own;

  shared_place(const pool& at, uint64_t pick) : shared(at), plan(shared) {
    const auto all = at.positions();
    if (all.empty() || plan.lost())
      return;
    const auto& [key, info] = all[pick % all.size()];
    if (info.liquidity == 0)
      return;
    const auto delta = -static_cast<i128>(info.liquidity);
    shared.change(key.tick_lower, key.tick_upper, delta);
    plan.change(key.tick_lower, key.tick_upper, delta);
    if (plan.mint(key.tick_lower, key.tick_upper, info.liquidity))
      own = {key, info};
  }
};

/// What a position has come to by a swap, as a poke of it would book.
token_amounts earned(const pool& before, const pool& after, const position_key& key, u128 liquidity,
                     bool& known) {
  pool first = before, last = after;
  const auto poke = [&](pool& at) {
    known = known
            && at.burn(key.owner, key.tick_lower, key.tick_upper, 0, 4'000'000'000U).why()
                 == revert::none;
    const auto x = at.position(key);
    return token_amounts{x.fee_growth_inside0_last_x128, x.fee_growth_inside1_last_x128};
  };
  const auto from = poke(first), to = poke(last);
  return {*mul_div(to.amount0 - from.amount0, liquidity, u256{1} << 128),
          *mul_div(to.amount1 - from.amount1, liquidity, u256{1} << 128)};
}

std::string overlay_differs(const shared_place& place, const swap_count& swaps, const pool& before,
                            const pool& after, bool went, path_count& count, uint64_t& taken) {
  if (place.plan.lost())
    return {};
  ++taken;
  if (swaps.all != (went ? 1U : 0U))
    return went ? "does not swap" : "swaps";
  if (place.plan.price().sqrt_price_x96 != after.state().sqrt_price_x96
      || place.plan.price().tick != after.state().tick)
    return "is at another price or tick";
  if (!place.own || !went)
    return {};
  bool known = true;
  const auto& [key, info] = *place.own;
  const auto principal
    = amounts_for_liquidity(after.state().sqrt_price_x96, sqrt_ratio_at_tick(key.tick_lower),
                            sqrt_ratio_at_tick(key.tick_upper), info.liquidity);
  if (!principal.amount0.fits_u128() || !principal.amount1.fits_u128())
    return {}; // what a burn books is modulo 2^128, so fees and principal cannot be distinguished
  const auto expected = earned(before, after, key, info.liquidity, known);
  if (!known)
    return {};
  ++count.earned;
  const auto held = place.plan.held().front();
  return held.fees0 == expected.amount0 && held.fees1 == expected.amount1 ? ""
                                                                          : "earns something else";
}

} // namespace

std::string swap_paths_differ(const pool& before, const swap_request& order, uint32_t now,
                              const or_revert<swap_amounts>& engine, const pool& after,
                              uint64_t pick, path_count& count) {
  straight_pool straight(before);
  const auto expected = straight.swap(order, now);
  ++count.straight;
  if (expected.why() != engine.why() || (engine && *expected != *engine))
    return "the straight form answers otherwise";
  if (auto why = straight.difference(after); !why.empty())
    return "the straight form: " + why;
  pool watched = before;
  sleeper nobody;
  const auto seen = watched.swap(order, now, {}, &nobody);
  ++count.watched;
  if (seen.why() != engine.why() || (engine && *seen != *engine) || !(watched == after))
    return "the result depends on the observer";
  if (before.state().sqrt_price_x96.is_zero() || before.slipstream() != nullptr
      || !before.is_solvent())
    return {}; // plans begin in pools that exist, and share only such
  shared_place alone(before, pick);
  swap_count swaps;
  alone.plan.play(std::span{&order, 1}, swaps);
  const bool went = static_cast<bool>(engine);
  if (auto why = overlay_differs(alone, swaps, before, after, went, count, count.overlay);
      !why.empty())
    return "a plan of a shared pool " + why;
  for (const auto mode : {lane_mode::in_turns, lane_mode::in_registers}) {
    if (mode == lane_mode::in_registers && !lanes_in_registers())
      continue;
    shared_place beside(before, pick);
    swap_count counted;
    const lane_rider rider{&beside.plan, &counted};
    const shared_order asked(order, beside.shared);
    play_side_by_side(std::span{&rider, 1}, std::span{&asked, 1}, mode);
    auto& taken = mode == lane_mode::in_turns ? count.in_turns : count.in_registers;
    if (auto why = overlay_differs(beside, counted, before, after, went, count, taken);
        !why.empty())
      return "a plan on a lane " + why;
  }
  return {};
}

} // namespace sluice::test
