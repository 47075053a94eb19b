/// Eight plans' price paths side by side: exact-input swaps that end between two stops.
#pragma once

#include "rules/math/u256.hpp"

#include <span>

namespace sluice {

/// Plans in one `lanes`.
inline constexpr size_t lane_count = 8;

/// One number of each lane; its unit is that of the member or function that uses it.
using lane_row = uint64_t[lane_count];

/// A swap with an exact input, as every plan of a pool sees it, split for the lanes once. Amounts
/// are smallest units of the input token, below 2^104; the limit is a sqrtPriceX96, modulo 2^156.
struct lane_order {
  uint64_t less_fee[2]; // in limbs of 52 bits, the least significant first, as everything here
  uint64_t lp_fee[2];
  uint64_t limit[3];
  double less_fee_real;  // less_fee as a double, nearly
  double fee_rest;       // the whole fee modulo what the protocol divides it by, 0 to 9
  double protocol_share; // of one smallest unit more of fee, 0 to 1/4; 0 without a protocol fee
  bool zero_for_one;
  bool limited; // the limit is at a price that lanes can have
  bool takeable;
};

/// `less_fee` is the input without its `fee`, both in smallest units of the input token; the
/// protocol takes fee / fee_protocol (the pool's 4 to 10), nothing of it when that is 0, and
/// liquidity the rest. Amounts of 2^104 and above, a `less_fee` of 0 or a limit out of the lanes'
/// reach make an order that is not `takeable`; no error.
lane_order make_lane_order(bool zero_for_one, u128 less_fee, u128 fee, unsigned fee_protocol,
                           const u256& sqrt_price_limit_x96);

/// Eight lanes. Write them with `set_lane` and `set_lane_growth` only. Prices are sqrtPriceX96
/// below 2^128, quotients by the liquidity have no unit, all in limbs of 52 bits; the bytes have
/// one bit per lane.
struct alignas(64) lanes {
  lane_row price[4];
  lane_row low[3];  // a swap must end above this one,
  lane_row high[3]; // and below this one
  // 2^112, 2^96 and 2^128 over the liquidity, each with three limbs of fraction.
  lane_row per_liquidity_112[5];
  lane_row per_liquidity_96[5];
  lane_row per_liquidity_128[5];
  lane_row growth[2][5];                     // of the fees of token0 and token1, modulo 2^256
  alignas(64) double scaled[lane_count];     // L * 2^96, nearly
  alignas(64) double per_scaled[lane_count]; // 2^52 over `scaled`, nearly
  u128 liquidity[lane_count];                // L, from 2^25 to 2^112 - 1 on a lane that is `ready`
  uint32_t swaps_since_carry;                // how often `growth` was added to without carrying
  // One bit per lane:
  uint8_t ready;
  uint8_t wide;      // prices beyond two limbs, or hardly more than one
  uint8_t fine;      // prices beyond 2^84
  uint8_t thin;      // so little liquidity that 2^112 over it needs two whole limbs
  uint8_t coarse[2]; // swaps in this direction may leave some of `less_fee` to the fee
};

/// Whether this processor runs the lanes in AVX-512 registers; without, they take turns.
bool lanes_in_registers();
enum class lane_mode : uint8_t { in_turns, in_registers };
inline lane_mode fastest_mode() {
  return lanes_in_registers() ? lane_mode::in_registers : lane_mode::in_turns;
}

/// Puts lane 0 to 7 between two stops, at `price` (sqrtPriceX96, as the stops; low <= price <=
/// high) and with this much liquidity L; its growth stays. What the lanes cannot calculate (prices
/// of 2^128 and above, liquidity below 2^25 or from 2^112) makes a lane that takes nothing. A
/// `lane` beyond 7 is undefined.
void set_lane(lanes& all, size_t lane, const u256& price, const u256& low, const u256& high,
              u128 liquidity);
/// Moves a lane to another price between the stops that it has, as set_lane with the same stops and
/// liquidity would. False where it cannot: then nothing has changed, and set_lane is needed.
/// `price` (sqrtPriceX96) is not checked against the stops; lane 0 to 7.
bool move_lane(lanes& all, size_t lane, u128 price);

/// What a lane has of two stops and the liquidity between them, to come back to it later. Whole
/// words as in `lanes`.
struct kept_lane {
  uint64_t low[3];
  uint64_t high[3];
  uint64_t per_liquidity_112[5];
  uint64_t per_liquidity_96[5];
  uint64_t per_liquidity_128[5];
  double scaled;
  double per_scaled;
  u128 liquidity; // L
  bool ready;
  bool wide;
  bool fine;
  bool thin;
  bool coarse[2];
};
/// Of lane 0 to 7, not checked; no error.
kept_lane keep_lane(const lanes& all, size_t lane);
/// Puts what was kept into a lane 0 to 7 and moves it to a price between those stops, as set_lane
/// would; its growth stays. False where it cannot, as move_lane.
bool put_kept_lane(lanes& all, size_t lane, const kept_lane& kept, u128 price);

/// Fee growth of one token (Q128.128, 0 to 2^256 - 1, wraps); lane 0 to 7, not checked.
void set_lane_growth(lanes& all, size_t lane, bool token1, const u256& growth_x128);

/// The lane's sqrtPriceX96; lane 0 to 7, not checked.
u256 lane_price(const lanes& all, size_t lane);
/// The same of a lane below 2^128 (not checked: modulo 2^128).
inline u128 narrow_lane_price(const lanes& all, size_t lane) {
  return u128{all.price[0][lane]} + (u128{all.price[1][lane]} << 52)
         + (u128{all.price[2][lane]} << 104);
}
/// The lane's fee growth of token0 or token1, Q128.128 modulo 2^256; lane 0 to 7, not checked.
u256 lane_growth(const lanes& all, size_t lane, bool token1);

/// Which of the lanes in `which` (one bit per lane, lane 0 the lowest) the order leaves strictly
/// between their stops (and before its limit): these have their new price and growth. The others
/// stay exactly as they were: those that reach a stop, and the few of which the lanes cannot be
/// sure. No error: an order that is not takeable leaves all.
uint8_t swap_exact_in(lanes& all, const lane_order& order, uint8_t which);
/// The same for many lanes, which takes less time for each, the least for an even number; `which`,
/// as long as `all` (not checked), becomes what they took.
void swap_exact_in(std::span<lanes> all, const lane_order& order, std::span<uint8_t> which,
                   lane_mode mode = fastest_mode());

namespace lockstep {

/// Carries in `growth` (Q128.128), which stays the same number; the swaps ask for it in time.
void carry_growth(lanes& all);

// The two modes of `swap_exact_in`, for a takeable order.

/// One lane after the other, on any processor; `which` has `count` masks and becomes what was
/// taken.
void swap_in_turns(lanes* all, size_t count, const lane_order& order, uint8_t* which);
/// All lanes at once, with the same arguments; needs `lanes_in_registers()` (not checked: the
/// processor faults).
void swap_in_registers(lanes* all, size_t count, const lane_order& order, uint8_t* which);

} // namespace lockstep

} // namespace sluice
