/// The arithmetic of one swap in all lanes, for any kind of word; every rounding is the contract's.
///
/// Numbers are limbs of 52 bits, B = 2^52, in words of 64. A product takes the low 52 bits of its
/// factors, whatever is above them, so a carry is only added to the limb above and never cleared.
/// L is the liquidity, P the price, x the input without the fee.
///
/// Quotients by L are products with B^-3 * floor(B^3 * 2^n / L). What a product drops is counted in
/// units of the lowest limb kept (B^-1 of the quotient): two low halves, the products below, the
/// tail of the reciprocal, each under one unit, for x < B^2. So a quotient is at most 4 units too
/// small. 4 units are added first: its floor is then right unless its fraction is below 4 units,
/// and such a lane is refused. A quotient without error, fraction 0, keeps its 4 units: taken.
///
/// token0 in: P falls by q = floor(P * x * P / (L * 2^96 + x * P)) = floor(P * T / (1 + T)) with
/// T = u * P * B^-4, u = x * 2^112 / L. For T < 2^-4 doubles determine n = T / (1 + T) to B^-1 *
/// 0.79: T / (1 + T) * (1 + 2^-52) has nine roundings of 2^-53 relative, below 2^-4, and one to an
/// integer. n is 1 at least, so that d has 52 bits. With d = 1 - n and r = d * T + d - 1 (exact but
/// for its lowest limb), |r| <= B^-1 (refused is -B^-1, a T below B^-2) and
///   T / (1 + T) = n + r / (1 + T) = n + r * (d - r / (1 + T)) = n + r * d - r * (r * d) + r^3...
/// Errors, two-sided, in q, in units of B^-1:
///   form      | u              | T, r and the rest | times P | together below
///   P < 2^84  | P^2 * B^-3 * 4 | 6 * B^-1 * P      | 3       | 2^35
///   P < 2^104 | P^2 * B^-4 * 4 | 20 * B^-2 * P     | 3       | 2^6
///   P < 2^128 | P^2 * B^-5 * 4 + 2^20 | the same   | 3       | 2^29
/// (the first has T to B^-2 only, without r * (r * d); the last adds the tail of the reciprocal, as
/// x * P < 2^204 for T < 2^-4). That is added first; refused is a fraction below twice that.
///
/// The input used is x - floor(f * k): f the fraction that the floor of q dropped, k = L * 2^96 /
/// price^2 (token0, P * x * P - q * (L * 2^96 + x * P) is left over and an input of P * next moves
/// it) or L / 2^96 (token1). It is x itself when k < 1; else the lane is coarse, doubles determine
/// f * k and the lane is refused when they cannot determine its floor.
#pragma once

#include "sim/lanes/lanes.hpp"

// Nothing but templates over `Ops`, and no call of an inline function from elsewhere: a copy made
// for AVX-512 must not become the one copy that the linker keeps for everybody.

#define SLUICE_LANES [[gnu::always_inline]] inline

namespace sluice::lockstep {

/// The lowest 52 bits: one limb.
inline constexpr uint64_t limb_mask = (uint64_t{1} << 52) - 1;
/// Swaps between two carries of `growth`: each adds at most six times 2^52 to one of its limbs of
/// 64 bits.
inline constexpr uint32_t swaps_without_carry_max = 512;

/// to[k] += all of factor * x[j] that weighs B^k, for k = j - drop.
template <class Ops, int N, int M>
SLUICE_LANES void add_multiple(typename Ops::word (&to)[N], typename Ops::word factor,
                               const typename Ops::word (&x)[M], int drop) {
#pragma GCC unroll 8
  for (int j = 0; j < M; ++j) {
    if (j - drop >= 0 && j - drop < N)
      to[j - drop] = Ops::add_low(to[j - drop], factor, x[j]);
    if (j - drop + 1 >= 0 && j - drop + 1 < N)
      to[j - drop + 1] = Ops::add_high(to[j - drop + 1], factor, x[j]);
  }
}

/// to[k] += all of a * x that weighs B^k, shifted down by `drop` limbs; what is below is dropped.
template <class Ops, int N, int A, int M>
SLUICE_LANES void add_product(typename Ops::word (&to)[N], const typename Ops::word (&a)[A],
                              const typename Ops::word (&x)[M], int drop) {
#pragma GCC unroll 8
  for (int i = 0; i < A; ++i)
    add_multiple<Ops>(to, a[i], x, drop - i);
}

/// Adds what is above the 52 bits of a limb to the next; signed, and without clearing it.
template <class Ops, int N>
SLUICE_LANES void carry(typename Ops::word (&x)[N]) {
#pragma GCC unroll 8
  for (int k = 0; k + 1 < N; ++k)
    x[k + 1] = Ops::add(x[k + 1], Ops::above(x[k]));
}

/// The lanes' numbers of N rows, the lowest limb first.
template <class Ops, int N>
SLUICE_LANES void load(typename Ops::word (&to)[N], const Ops& ops, const lane_row* rows) {
#pragma GCC unroll 8
  for (int k = 0; k < N; ++k)
    to[k] = ops.load(rows[k]);
}

/// Which lanes have a < b; both carried.
template <class Ops, int N>
SLUICE_LANES typename Ops::bits
less(const typename Ops::word (&a)[N], const typename Ops::word (&b)[N]) {
  typename Ops::word difference[N];
#pragma GCC unroll 8
  for (int k = 0; k < N; ++k)
    difference[k] = Ops::subtract(a[k], b[k]);
  carry<Ops>(difference);
  return Ops::negative(difference[N - 1]);
}

/// What a price moves by, not carried: limb 0 of `size` is the fraction of sqrtPriceX96, and added
/// to limb 1 already.
template <class Ops, int Limbs>
struct movement {
  typename Ops::word size[Limbs + 1];
  typename Ops::bits known; // where all limbs are right
};

/// x or a fee, of one limb or two, times a reciprocal.
template <class Ops, int N, int M>
SLUICE_LANES void add_share(typename Ops::word (&to)[N], const uint64_t (&amount)[2],
                            const typename Ops::word (&reciprocal)[M], int drop) {
  add_multiple<Ops>(to, Ops::all(amount[0]), reciprocal, drop);
  if (amount[1] != 0)
    add_multiple<Ops>(to, Ops::all(amount[1]), reciprocal, drop - 1);
}

/// How far token1 coming in moves the price (sqrtPriceX96) up: x * 2^96 / L.
template <class Ops, class Form>
SLUICE_LANES movement<Ops, Form::limbs>
move_up(const Ops& ops, const lanes& all, const lane_order& x) {
  constexpr int limbs = Form::limbs;
  typename Ops::word reciprocal[3 + Form::whole];
  load(reciprocal, ops, all.per_liquidity_96);
  constexpr int count = 3 + Form::whole; // all limbs that x < B^2 can bring, from the fraction on
  typename Ops::word size[count] = {Ops::all(Form::error_up)};
#pragma GCC unroll 8
  for (int k = 1; k < count; ++k)
    size[k] = Ops::all(0);
  add_share<Ops>(size, x.less_fee, reciprocal, 2);
  size[1] = Ops::add(size[1], Ops::above(size[0]));
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init): written whole before it is read
  movement<Ops, limbs> moved;
  moved.known = Ops::any(size[0], limb_mask & ~(Form::error_up - 1));
#pragma GCC unroll 8
  for (int k = 0; k < count; ++k) {
    if (k <= limbs)
      moved.size[k] = size[k];
    else
      moved.known = moved.known & Ops::none(size[k]); // beyond any price
  }
  return moved;
}

/// The price (sqrtPriceX96) as a double, nearly.
template <class Ops, int Limbs>
SLUICE_LANES typename Ops::real real_of(const typename Ops::word (&x)[Limbs]) {
  auto sum = Ops::real_of(x[Limbs - 1]);
#pragma GCC unroll 8
  for (int k = Limbs - 2; k >= 0; --k)
    sum = Ops::multiply_add(sum, Ops::all_real(0x1p52), Ops::real_of(x[k]));
  return sum;
}

/// share[Fine - 1] and below: T / (1 + T) in B^-1, B^-2, ... for `t`, the same way, carried; where
/// that is right.
template <class Ops, int Fine>
SLUICE_LANES typename Ops::bits
into_share(typename Ops::word (&share)[Fine], const typename Ops::word (&t)[Fine],
           typename Ops::real t_real) {
  const auto one_more = Ops::multiply_add(t_real, Ops::all_real(0x1p-52), Ops::all_real(1));
  const auto n = Ops::digit(Ops::at_least_one(Ops::divide(t_real, one_more)));
  const auto d = Ops::subtract(Ops::all(0), n);
  typename Ops::word r[Fine];
#pragma GCC unroll 8
  for (auto& limb : r)
    limb = Ops::all(0);
  add_multiple<Ops>(r, d, t, 1);
  auto& r2 = r[Fine - 2]; // signed, with what r has in B^-1
  if constexpr (Fine == 3)
    r2 = Ops::add(r2, Ops::above(r[0]));
  r2 = Ops::add(Ops::raise(Ops::subtract(r[Fine - 1], n)), r2);
  share[Fine - 1] = n;
  share[Fine - 2] = Ops::add_high(Ops::all(0), r2, d);
  share[Fine - 2] = Ops::subtract_where(share[Fine - 2], Ops::negative(r2), Ops::low_bits(d));
  const auto right = Ops::below(t_real, Ops::all_real(0x1p48));
  if constexpr (Fine == 2) {
    carry<Ops>(share);
    return right;
  } else {
    const auto square
      = Ops::add_high(Ops::all(0), Ops::magnitude(r2), Ops::magnitude(share[1])); // of one sign
    share[0] = Ops::add_high(Ops::add_low(Ops::all(0), r2, d), r[0], d);
    share[0] = Ops::subtract(share[0], square);
    carry<Ops>(share);
    return right & Ops::any(r2, limb_mask);
  }
}

/// How far token0 coming in moves the price (sqrtPriceX96) down.
template <class Ops, class Form>
SLUICE_LANES movement<Ops, Form::limbs>
move_down(const Ops& ops, const lanes& all, const lane_order& x,
          const typename Ops::word (&price)[Form::limbs]) {
  constexpr int below = Form::limbs + Form::fine - 4; // limbs of u's fraction
  typename Ops::word reciprocal[3 + Form::whole];
  load(reciprocal, ops, all.per_liquidity_112);
  typename Ops::word u[below + 3], t[Form::fine], share[Form::fine];
#pragma GCC unroll 8
  for (auto& limb : u)
    limb = Ops::all(0);
#pragma GCC unroll 8
  for (auto& limb : t)
    limb = Ops::all(0);
  add_share<Ops>(u, x.less_fee, reciprocal, 3 - below);
  carry<Ops>(u);
  add_product<Ops>(t, u, price, below + 4 - Form::fine);
  carry<Ops>(t);
  const auto per_price = Ops::times(Ops::all_real(x.less_fee_real), ops.load(all.per_scaled));
  const auto t_real = Ops::times(real_of<Ops>(price), per_price);
  const auto right = into_share<Ops>(share, t, t_real);
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init): written whole before it is read
  movement<Ops, Form::limbs> moved;
  moved.size[0] = Ops::all(Form::error);
#pragma GCC unroll 8
  for (int k = 1; k <= Form::limbs; ++k)
    moved.size[k] = Ops::all(0);
  add_product<Ops>(moved.size, price, share, Form::fine - 1);
  moved.size[1] = Ops::add(moved.size[1], Ops::above(moved.size[0]));
  moved.known = right & Ops::any(moved.size[0], limb_mask & ~(2 * Form::error - 1));
  return moved;
}

/// What of `less_fee` the swap leaves to the fee, in smallest units of the input token, as a
/// double; where that is not certain, `moved.known` is cleared.
template <class Ops, class Form>
SLUICE_LANES typename Ops::real
left_over(const Ops& ops, const lanes& all, bool down, movement<Ops, Form::limbs>& moved,
          const typename Ops::word (&next)[Form::limbs]) {
  auto per_fraction = ops.load(all.scaled);
  if (down) {
    const auto price = real_of<Ops>(next);
    per_fraction = Ops::divide(per_fraction, Ops::times(price, price));
  } else {
    per_fraction = Ops::times(per_fraction, Ops::all_real(0x1p-192));
  }
  const auto fraction
    = Ops::times(Ops::real_of(Ops::low_bits(moved.size[0])), Ops::all_real(0x1p-52));
  const auto left = Ops::times(fraction, per_fraction);
  constexpr double error = Form::limbs == 2 ? 0x1p-44 : 0x1p-21; // of the fraction, twice
  const auto least = Ops::floor(Ops::multiply_add(per_fraction, Ops::all_real(-error), left));
  const auto most = Ops::floor(Ops::multiply_add(per_fraction, Ops::all_real(error), left));
  moved.known = moved.known & Ops::equal(least, most);
  return least;
}

/// Adds the fee's share to the growth of the lanes `took`, and returns where that was possible.
template <class Ops, bool Down>
SLUICE_LANES typename Ops::bits
grow(const Ops& ops, lanes& all, const lane_order& x, typename Ops::bits took, bool coarse,
     typename Ops::real left) {
  auto& growth = all.growth[Down ? 0 : 1];
  typename Ops::word reciprocal[5], sum[5];
  load(reciprocal, ops, all.per_liquidity_128);
  sum[0] = Ops::all(4);
#pragma GCC unroll 8
  for (int k = 1; k < 5; ++k)
    sum[k] = ops.load(growth[k - 1]);
  if (!coarse) {
    add_share<Ops>(sum, x.lp_fee, reciprocal, 2);
  } else {
    // The protocol takes its share of what was left as well: floor((fee_rest + left) * share).
    const auto rest = Ops::times(Ops::plus(left, Ops::all_real(x.fee_rest + 0.5)),
                                 Ops::all_real(x.protocol_share));
    const auto more = Ops::digit(Ops::minus(left, Ops::floor(rest)));
    const auto low = Ops::add(Ops::all(x.lp_fee[0]), Ops::low_bits(more));
    add_multiple<Ops>(sum, low, reciprocal, 2);
    add_multiple<Ops>(sum, Ops::add(Ops::all(x.lp_fee[1]), Ops::above(low)), reciprocal, 1);
  }
  sum[1] = Ops::add(sum[1], Ops::above(sum[0]));
  took = took & Ops::any(sum[0], limb_mask & ~uint64_t{3});
#pragma GCC unroll 8
  for (int k = 1; k < 5; ++k)
    ops.store(growth[k - 1], took, sum[k]);
  return took;
}

/// Where `next` is between the lane's stops, and not too near them to decide from its highest limb.
template <class Ops, class Form>
SLUICE_LANES typename Ops::bits
inside(const Ops& ops, const lanes& all, bool down, const typename Ops::word (&next)[Form::limbs]) {
  typename Ops::word bound[Form::limbs];
  load(bound, ops, down ? all.low : all.high);
  if constexpr (Form::limbs == 2)
    return down ? Ops::less(bound[1], next[1]) : Ops::less(next[1], bound[1]);
  else
    return down ? less<Ops>(bound, next) : less<Ops>(next, bound);
}

/// Where `next` is on this side of the order's limit.
template <class Ops, class Form>
SLUICE_LANES typename Ops::bits
within_limit(const lane_order& x, bool down, const typename Ops::word (&next)[Form::limbs]) {
  const bool beyond = Form::limbs == 2 && x.limit[2] != 0; // any price of two limbs
  typename Ops::word limit[Form::limbs];
#pragma GCC unroll 8
  for (int k = 0; k < Form::limbs; ++k)
    limit[k] = Ops::all(beyond ? limb_mask : x.limit[k]);
  return down ? less<Ops>(limit, next) : less<Ops>(next, limit);
}

/// One swap in all lanes.
template <class Ops, class Form, bool Down>
SLUICE_LANES typename Ops::bits
swap(const Ops& ops, lanes& all, const lane_order& x, typename Ops::bits which, bool coarse) {
  constexpr int limbs = Form::limbs;
  typename Ops::word price[limbs], next[limbs];
  load(price, ops, all.price);
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init): written whole before it is read
  movement<Ops, limbs> moved;
  if constexpr (Down)
    moved = move_down<Ops, Form>(ops, all, x, price);
  else
    moved = move_up<Ops, Form>(ops, all, x);
#pragma GCC unroll 8
  for (int k = 0; k < limbs; ++k)
    next[k]
      = Down ? Ops::subtract(price[k], moved.size[k + 1]) : Ops::add(price[k], moved.size[k + 1]);
  carry<Ops>(next);
#pragma GCC unroll 8
  for (int k = 0; k + 1 < limbs; ++k)
    next[k] = Ops::low_bits(next[k]);
  auto took = which & inside<Ops, Form>(ops, all, Down, next);
  if (x.limited)
    took = took & within_limit<Ops, Form>(x, Down, next);
  auto left = Ops::all_real(0);
  if (coarse)
    left = left_over<Ops, Form>(ops, all, Down, moved, next);
  took = grow<Ops, Down>(ops, all, x, took & moved.known, coarse, left);
#pragma GCC unroll 8
  for (int k = 0; k < limbs; ++k)
    ops.store(all.price[k], took, next[k]);
  return took;
}

/// How many limbs: of prices; of 2^112 / L above the point; of T. What the moves' fractions may
/// lack.
template <int Limbs, int Whole, int Fine>
struct form {
  static constexpr int limbs = Limbs;
  static constexpr int whole = Whole;
  static constexpr int fine = Fine;
  static constexpr uint64_t error = uint64_t{1} << (Fine == 2    ? 35
                                                    : Limbs == 2 ? 6
                                                                 : 29); // both ways, of a move down
  static constexpr uint64_t error_up = 4;
};

/// What the lanes that are `asked` need of the calculation, as bits.
enum needs : unsigned { wide_prices = 1, thin_liquidity = 2, fine_moves = 4, coarse_inputs = 8 };

/// `needs` of the lanes in `asked` (one bit per lane), as bits.
SLUICE_LANES unsigned needs_of(const lanes& all, const lane_order& x, uint8_t asked) {
  const bool coarse = (asked & all.coarse[x.zero_for_one ? 0 : 1]) != 0;
  return ((asked & all.wide) != 0 ? wide_prices : 0U)
         | ((asked & all.thin) != 0 ? thin_liquidity : 0U)
         | ((asked & all.fine) != 0 || coarse ? fine_moves : 0U) | (coarse ? coarse_inputs : 0U);
}

/// The least that does.
template <class Ops>
SLUICE_LANES typename Ops::bits
swap(const Ops& ops, lanes& all, const lane_order& x, unsigned needs, typename Ops::bits which) {
  const bool coarse = (needs & coarse_inputs) != 0;
  if ((needs & wide_prices) != 0)
    return x.zero_for_one ? swap<Ops, form<3, 2, 3>, true>(ops, all, x, which, coarse)
                          : swap<Ops, form<3, 2, 3>, false>(ops, all, x, which, coarse);
  if ((needs & thin_liquidity) != 0)
    return x.zero_for_one ? swap<Ops, form<2, 2, 3>, true>(ops, all, x, which, coarse)
                          : swap<Ops, form<2, 2, 3>, false>(ops, all, x, which, coarse);
  if (!x.zero_for_one)
    return swap<Ops, form<2, 1, 3>, false>(ops, all, x, which, coarse);
  if ((needs & fine_moves) != 0)
    return swap<Ops, form<2, 1, 3>, true>(ops, all, x, which, coarse);
  return swap<Ops, form<2, 1, 2>, true>(ops, all, x, which, false);
}

/// Before each swap: makes space in `growth`.
SLUICE_LANES void count_swap(lanes& all) {
  if (++all.swaps_since_carry > swaps_without_carry_max)
    carry_growth(all);
}

} // namespace sluice::lockstep
