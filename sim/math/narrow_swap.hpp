/// The loop of a swap on numbers that fit 128 bits, as those of nearly all swaps do.
#pragma once

#include "sim/math/narrow_step.hpp"
#include "sim/math/tick_prices.hpp"

namespace sluice {

/// Where a swap goes next: a tick of -887272 to narrow_tick_max, and its sqrtPriceX96.
struct narrow_stop {
  int32_t tick = 0;
  bool initialized = false;
  u128 price = 0;
};

/// A swap on its way. Amounts are sizes in smallest units; the signs follow from the order. Prices
/// are sqrtPriceX96 from min_sqrt_ratio to 2^128 - 1.
struct narrow_swap {
  bool zero_for_one = false;
  bool exact_input = false;
  uint32_t fee = 0; // hundredths of a basis point, 0 to 999999
  u128 price = 0;
  u128 limit = 0;
  u256 remaining{};    // of what was specified
  u128 calculated = 0; // the other side so far, where it is asked for
  int32_t tick = 0;    // -887272 to narrow_tick_max
};

enum class narrow_outcome : uint8_t {
  done = 0,
  too_wide, // the swap stands between two steps; go on from there with wide numbers
  reverts,
};

/// Walks until the order is filled or its limit reached; `run` becomes where it stands. Amounts
/// stay narrow: from narrow_end up to 2^128, or a `calculated` beyond it, is too_wide. A `Place`
/// has
///   const stretch& here() const                  the liquidity at the price
///   bool next_stop(int32_t tick, narrow_stop&)   false when its price is too wide
///   bool earn(u128 fee)                          books a step's fee; false where it reverts
///   bool cross(const narrow_stop&)               crosses an initialized tick; false where it
///   reverts
/// and, if it wants to see every step, before the tick is crossed (sqrtPriceX96, then amounts as of
/// swap_step, all 0 where no liquidity is)
///   void stepped(u128 from, u128 to, u128 amount_in, u128 amount_out, u128 fee)
template <bool with_output, class Place>
narrow_outcome walk_narrowly(narrow_swap& run, Place& place) {
  const bool z = run.zero_for_one;
  constexpr bool observed = requires(u128 x) {
    place.stepped(x, x, x, x, x);
  };
  while (!run.remaining.is_zero() && run.price != run.limit) {
    narrow_stop stop;
    if (!place.next_stop(run.tick, stop))
      return narrow_outcome::too_wide;
    const bool limited = z ? stop.price < run.limit : stop.price > run.limit;
    const u128 target = limited ? run.limit : stop.price;
    u128 next = target;
    if (place.here().value() != 0) {
      const bool plenty = !run.remaining.fits_u128();
      if (!plenty && run.remaining >= narrow_end)
        return narrow_outcome::too_wide;
      narrow_step step(run.price, target, place.here(), static_cast<u128>(run.remaining), plenty,
                       run.fee);
      if (!step.take<with_output>(z, run.exact_input))
        return narrow_outcome::too_wide;
      const auto& x = step.answer();
      const u128 paid = x.in + x.fee; // both below 2^109
      if (with_output || !run.exact_input) {
        const u128 other = run.exact_input ? x.out : paid;
        if (run.calculated + other < other)
          return narrow_outcome::too_wide;
        run.calculated += other;
      }
      run.remaining -= run.exact_input ? paid : x.out;
      if (!place.earn(x.fee))
        return narrow_outcome::reverts;
      next = x.next;
      if constexpr (observed)
        place.stepped(run.price, next, x.in, x.out, x.fee);
    } else if constexpr (observed) {
      place.stepped(run.price, next, 0, 0, 0);
    }
    const bool moved = next != run.price;
    run.price = next;
    if (next == stop.price) {
      if (stop.initialized && !place.cross(stop))
        return narrow_outcome::reverts;
      run.tick = z ? stop.tick - 1 : stop.tick;
    } else if (moved) {
      run.tick = tick_at_narrow_price(next, run.tick);
    }
  }
  return narrow_outcome::done;
}

} // namespace sluice
