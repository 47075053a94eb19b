#include "sim/lanes/lanes.hpp"

#include "sim/lanes/lanes_kernel.hpp"

#include <algorithm>

namespace sluice {

namespace {

constexpr unsigned limb_bits = 52;

/// The 52 bits from `bit` on.
template <size_t N>
constexpr uint64_t limb_at(const std::array<uint64_t, N>& x, unsigned bit) {
  const size_t i = bit / 64;
  const unsigned part = bit % 64;
  if (i >= N)
    return 0;
  uint64_t limb = x[i] >> part;
  if (part > 12 && i + 1 < N)
    limb |= x[i + 1] << (64 - part);
  return limb & lockstep::limb_mask;
}

/// One lane.
struct turn {
  using word = uint64_t;
  using real = double;
  using bits = uint8_t;

  size_t lane;

  SLUICE_LANES word load(const lane_row& row) const { return row[lane]; }
  SLUICE_LANES real load(const double (&row)[lane_count]) const { return row[lane]; }
  SLUICE_LANES void store(lane_row& row, bits where, word x) const {
    if (where != 0)
      row[lane] = x;
  }
  SLUICE_LANES static word all(uint64_t x) { return x; }
  SLUICE_LANES static real all_real(double x) { return x; }

  SLUICE_LANES static u128 product(word a, word b) {
    return u128{a & lockstep::limb_mask} * (b & lockstep::limb_mask);
  }
  SLUICE_LANES static word add_low(word sum, word a, word b) {
    return sum + (static_cast<word>(product(a, b)) & lockstep::limb_mask);
  }
  SLUICE_LANES static word add_high(word sum, word a, word b) {
    return sum + static_cast<word>(product(a, b) >> limb_bits);
  }
  SLUICE_LANES static word add(word a, word b) { return a + b; }
  SLUICE_LANES static word subtract(word a, word b) { return a - b; }
  SLUICE_LANES static word subtract_where(word a, bits where, word b) {
    return where != 0 ? a - b : a;
  }
  SLUICE_LANES static word above(word x) {
    return static_cast<word>(static_cast<int64_t>(x) >> limb_bits);
  }
  SLUICE_LANES static word raise(word x) { return x << limb_bits; }
  SLUICE_LANES static word low_bits(word x) { return x & lockstep::limb_mask; }
  SLUICE_LANES static word magnitude(word x) { return negative(x) != 0 ? word{0} - x : x; }
  SLUICE_LANES static bits negative(word x) { return static_cast<bits>(x >> 63); }
  SLUICE_LANES static bits any(word x, uint64_t mask) { return (x & mask) != 0; }
  SLUICE_LANES static bits none(word x) { return x == 0; }

  SLUICE_LANES static real real_of(word x) { return static_cast<real>(static_cast<int64_t>(x)); }
  /// The nearest integer, in the low 52 bits; for 0 <= x < 2^52.
  SLUICE_LANES static word digit(real x) { return std::bit_cast<word>(x + 0x1p52); }
  SLUICE_LANES static real plus(real a, real b) { return a + b; }
  SLUICE_LANES static real minus(real a, real b) { return a - b; }
  SLUICE_LANES static real times(real a, real b) { return a * b; }
  SLUICE_LANES static real divide(real a, real b) { return a / b; }
  SLUICE_LANES static real multiply_add(real a, real b, real c) { return a * b + c; }
  SLUICE_LANES static real at_least_one(real x) { return x > 1 ? x : 1; }
  SLUICE_LANES static real floor(real x) { return std::floor(x); }
  SLUICE_LANES static bits less(word a, word b) {
    return static_cast<int64_t>(a) < static_cast<int64_t>(b);
  }
  SLUICE_LANES static bits below(real a, real b) { return a < b; }
  SLUICE_LANES static bits equal(real a, real b) { return a == b; }
};

constexpr unsigned liquidity_bits_min = 26; // 2^128 over it has two whole limbs
constexpr unsigned liquidity_bits_max = 112;
constexpr unsigned thin_bits = 60;          // up to here 2^112 over it has two whole limbs
constexpr u256 short_end = u256{1} << 84;   // of prices that need two limbs of T only
constexpr u256 narrow_end = u256{1} << 104; // of prices with two limbs
constexpr u256 wide_end = u256{1} << 128;
constexpr u256 narrow_min = u256{1} << 66; // below, the highest of two limbs is not enough
constexpr u256 price_min = u256{1} << 48;  // below, x * 2^112 / L might have four whole limbs

/// Of a number below 2^128.
double real_of(const u256& x) {
  return static_cast<double>(x.limb(1)) * 0x1p64 + static_cast<double>(x.limb(0));
}

struct price_form {
  bool wide;
  bool fine;
};
price_form form_of(u128 price) {
  return {price >= static_cast<u128>(narrow_end) - 1 || price < static_cast<u128>(narrow_min),
          price >= static_cast<u128>(short_end) - 1};
}

void set_limbs(lane_row* rows, size_t lane, size_t count, const u256& x) {
  for (size_t k = 0; k < count; ++k)
    rows[k][lane] = limb_at(x.limbs(), static_cast<unsigned>(k) * limb_bits);
}

void set_price(lanes& all, size_t lane, u128 price) {
  all.price[0][lane] = static_cast<uint64_t>(price) & lockstep::limb_mask;
  all.price[1][lane] = static_cast<uint64_t>(price >> limb_bits) & lockstep::limb_mask;
  all.price[2][lane] = static_cast<uint64_t>(price >> (2 * limb_bits));
  all.price[3][lane] = 0;
}

bool has_bit(uint8_t bits, size_t lane) {
  return (bits >> lane & 1) != 0;
}

void set_bit(uint8_t& bits, size_t lane, bool on) {
  const auto bit = static_cast<uint8_t>(1U << lane);
  bits = static_cast<uint8_t>(on ? bits | bit : bits & ~bit);
}

/// What depends on the liquidity only.
void set_liquidity(lanes& all, size_t lane, u128 liquidity) {
  all.liquidity[lane] = liquidity;
  // floor(2^284 / L), 284 = 128 + 3 * 52; the others are the same without their last bits.
  std::array<uint64_t, 5> power{0, 0, 0, 0, uint64_t{1} << (284 - 256)};
  const auto quotient = limbs::divide(power, u256{liquidity}.limbs());
  for (unsigned k = 0; k < 5; ++k) {
    all.per_liquidity_128[k][lane] = limb_at(quotient, k * limb_bits);
    all.per_liquidity_112[k][lane] = limb_at(quotient, k * limb_bits + 16);
    all.per_liquidity_96[k][lane] = limb_at(quotient, k * limb_bits + 32);
  }
  all.scaled[lane] = static_cast<double>(liquidity) * 0x1p96;
  all.per_scaled[lane] = 0x1p52 / all.scaled[lane];
  set_bit(all.thin, lane, (liquidity - 1) >> thin_bits == 0);
  set_bit(all.coarse[1], lane, liquidity > (u128{1} << 96));
}

} // namespace

lane_order make_lane_order(bool zero_for_one, u128 less_fee, u128 fee, unsigned fee_protocol,
                           const u256& sqrt_price_limit_x96) {
  lane_order x{};
  const u128 lp_fee = fee_protocol == 0 ? fee : fee - fee / fee_protocol;
  const u256& limit = sqrt_price_limit_x96;
  for (unsigned k = 0; k < 2; ++k) {
    x.less_fee[k] = static_cast<uint64_t>(less_fee >> (k * limb_bits)) & lockstep::limb_mask;
    x.lp_fee[k] = static_cast<uint64_t>(lp_fee >> (k * limb_bits)) & lockstep::limb_mask;
  }
  for (unsigned k = 0; k < 3; ++k)
    x.limit[k] = limb_at(limit.limbs(), k * limb_bits);
  x.less_fee_real = static_cast<double>(less_fee);
  if (fee_protocol != 0) {
    x.fee_rest = static_cast<double>(fee % fee_protocol);
    x.protocol_share = 1.0 / fee_protocol;
  }
  x.zero_for_one = zero_for_one;
  x.limited = zero_for_one ? limit > price_min : limit < wide_end;
  x.takeable = less_fee != 0 && (less_fee | fee) >> (2 * limb_bits) == 0
               && !(zero_for_one && limit >= wide_end);
  return x;
}

bool lanes_in_registers() {
#if defined(__x86_64__)
  static const bool has = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512ifma")
                          && __builtin_cpu_supports("avx512dq")
                          && __builtin_cpu_supports("avx512vl")
                          && __builtin_cpu_supports("avx512bw");
  return has;
#else
  return false;
#endif
}

void set_lane(lanes& all, size_t lane, const u256& price, const u256& low, const u256& high,
              u128 liquidity) {
  const bool fits = price < wide_end && liquidity >> (liquidity_bits_min - 1) != 0
                    && liquidity >> liquidity_bits_max == 0;
  set_bit(all.ready, lane, fits);
  set_limbs(all.price, lane, 4, price);
  if (!fits)
    return;
  if (all.liquidity[lane] != liquidity)
    set_liquidity(all, lane, liquidity);
  const auto [wide, fine] = form_of(static_cast<u128>(price));
  const u256& end = wide ? wide_end : fine ? narrow_end : short_end;
  const u256 first = low < price_min ? price_min : low;
  set_bit(all.wide, lane, wide);
  set_bit(all.fine, lane, fine);
  set_limbs(all.low, lane, 3, first);
  set_limbs(all.high, lane, 3, high < end ? high : end - 1);
  // Above (L * 2^96)^(1/2) one more wei of token0 moves the price by more than its last bit.
  const double least = real_of(first);
  set_bit(all.coarse[0], lane, least * least <= all.scaled[lane] * (1 + 0x1p-40));
}

bool move_lane(lanes& all, size_t lane, u128 price) {
  const auto [wide, fine] = form_of(price);
  if (!has_bit(all.ready, lane) || has_bit(all.wide, lane) != wide
      || has_bit(all.fine, lane) != fine)
    return false;
  set_price(all, lane, price);
  return true;
}

kept_lane keep_lane(const lanes& all, size_t lane) {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init): every member is written below
  kept_lane x;
  for (size_t k = 0; k < 3; ++k) {
    x.low[k] = all.low[k][lane];
    x.high[k] = all.high[k][lane];
  }
  for (size_t k = 0; k < 5; ++k) {
    x.per_liquidity_112[k] = all.per_liquidity_112[k][lane];
    x.per_liquidity_96[k] = all.per_liquidity_96[k][lane];
    x.per_liquidity_128[k] = all.per_liquidity_128[k][lane];
  }
  x.scaled = all.scaled[lane];
  x.per_scaled = all.per_scaled[lane];
  x.liquidity = all.liquidity[lane];
  x.ready = has_bit(all.ready, lane);
  x.wide = has_bit(all.wide, lane);
  x.fine = has_bit(all.fine, lane);
  x.thin = has_bit(all.thin, lane);
  for (size_t token = 0; token < 2; ++token)
    x.coarse[token] = has_bit(all.coarse[token], lane);
  return x;
}

bool put_kept_lane(lanes& all, size_t lane, const kept_lane& kept, u128 price) {
  const auto [wide, fine] = form_of(price);
  if (!kept.ready || kept.wide != wide || kept.fine != fine)
    return false;
  for (size_t k = 0; k < 3; ++k) {
    all.low[k][lane] = kept.low[k];
    all.high[k][lane] = kept.high[k];
  }
  for (size_t k = 0; k < 5; ++k) {
    all.per_liquidity_112[k][lane] = kept.per_liquidity_112[k];
    all.per_liquidity_96[k][lane] = kept.per_liquidity_96[k];
    all.per_liquidity_128[k][lane] = kept.per_liquidity_128[k];
  }
  all.scaled[lane] = kept.scaled;
  all.per_scaled[lane] = kept.per_scaled;
  all.liquidity[lane] = kept.liquidity;
  set_bit(all.ready, lane, true);
  set_bit(all.wide, lane, wide);
  set_bit(all.fine, lane, fine);
  set_bit(all.thin, lane, kept.thin);
  for (size_t token = 0; token < 2; ++token)
    set_bit(all.coarse[token], lane, kept.coarse[token]);
  set_price(all, lane, price);
  return true;
}

void set_lane_growth(lanes& all, size_t lane, bool token1, const u256& growth_x128) {
  set_limbs(all.growth[token1 ? 1 : 0], lane, 5, growth_x128);
}

u256 lane_price(const lanes& all, size_t lane) {
  u256 x;
  for (size_t k = 4; k-- > 0;)
    x = (x << limb_bits) + all.price[k][lane];
  return x;
}

u256 lane_growth(const lanes& all, size_t lane, bool token1) {
  u256 x;
  for (size_t k = 5; k-- > 0;)
    x = (x << limb_bits) + all.growth[token1 ? 1 : 0][k][lane];
  return x;
}

void lockstep::carry_growth(lanes& all) {
  for (auto& token : all.growth)
    for (size_t k = 0; k < 4; ++k)
      for (size_t lane = 0; lane < lane_count; ++lane) {
        token[k + 1][lane] += token[k][lane] >> limb_bits;
        token[k][lane] &= limb_mask;
      }
  all.swaps_since_carry = 0;
}

void lockstep::swap_in_turns(lanes* all, size_t count, const lane_order& order, uint8_t* which) {
  for (size_t i = 0; i < count; ++i) {
    auto& group = all[i];
    count_swap(group);
    const auto asked = static_cast<uint8_t>(which[i] & group.ready);
    const auto needs = needs_of(group, order, asked);
    unsigned took = 0;
    for (size_t lane = 0; lane < lane_count; ++lane)
      if ((asked >> lane & 1) != 0)
        took |= unsigned{swap(turn{lane}, group, order, needs, 1)} << lane;
    which[i] = static_cast<uint8_t>(took);
  }
}

void swap_exact_in(std::span<lanes> all, const lane_order& order, std::span<uint8_t> which,
                   lane_mode mode) {
  if (!order.takeable)
    std::fill(which.begin(), which.end(), uint8_t{0});
  else if (mode == lane_mode::in_registers)
    lockstep::swap_in_registers(all.data(), all.size(), order, which.data());
  else
    lockstep::swap_in_turns(all.data(), all.size(), order, which.data());
}

uint8_t swap_exact_in(lanes& all, const lane_order& order, uint8_t which) {
  swap_exact_in({&all, 1}, order, {&which, 1});
  return which;
}

} // namespace sluice
