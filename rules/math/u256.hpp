/// 128- and 256-bit integers with the EVM's wrap-around arithmetic.
#pragma once

#include <array>
#include <bit>
#include <cmath>
#include <compare>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

namespace sluice {

__extension__ using u128 = unsigned __int128; // 0 to 2^128 - 1, wraps
__extension__ using i128 = __int128;          // -2^127 to 2^127 - 1

inline constexpr u128 u128_max = ~u128{0}; // 2^128 - 1

namespace limbs {

/// Quotient and remainder of `high * 2^64 + low`; needs `high < divisor`.
constexpr uint64_t
divide_2_by_1(uint64_t high, uint64_t low, uint64_t divisor, uint64_t& remainder) {
#if defined(__x86_64__)
  if (!std::is_constant_evaluated()) { // one instruction where the portable form is a call
    uint64_t quotient = 0;
    __asm__("divq %4" : "=a"(quotient), "=d"(remainder) : "0"(low), "1"(high), "r"(divisor) : "cc");
    return quotient;
  }
#endif
  u128 dividend = (u128{high} << 64) | low;
  remainder = static_cast<uint64_t>(dividend % divisor);
  return static_cast<uint64_t>(dividend / divisor);
}

/// How many limbs are used: the highest one that is not zero decides.
template <size_t N>
constexpr size_t used(const std::array<uint64_t, N>& x) { // 0 to N
  size_t n = N;
  while (n > 0 && x[n - 1] == 0)
    --n;
  return n;
}

/// What a divisor of two limbs, the top bit set, is divided with instead of itself:
/// floor((2^192 - 1) / divisor) - 2^64 (Möller and Granlund, "Improved division by invariant
/// integers", 2011, algorithm 6).
constexpr uint64_t reciprocal_of(uint64_t high, uint64_t low) {
  uint64_t rest = 0;
  uint64_t x = divide_2_by_1(~high, ~uint64_t{0}, high, rest);
  uint64_t p = high * x + low;
  if (p < low) {
    --x;
    if (p >= high) {
      --x;
      p -= high;
    }
    p -= high;
  }
  const u128 t = u128{x} * low;
  p += static_cast<uint64_t>(t >> 64);
  if (p < static_cast<uint64_t>(t >> 64)) {
    --x;
    if (((u128{p} << 64) | static_cast<uint64_t>(t)) >= ((u128{high} << 64) | low))
      --x;
  }
  return x;
}

/// Quotient of three limbs by two, whose reciprocal is known; `rest` has the upper two limbs and
/// becomes the remainder; needs rest < divisor (the same paper, algorithm 5).
constexpr uint64_t divide_3_by_2(u128& rest, uint64_t low, u128 divisor, uint64_t reciprocal) {
  const auto high = static_cast<uint64_t>(rest >> 64);
  const auto middle = static_cast<uint64_t>(rest);
  const u128 guess = u128{reciprocal} * high + rest;
  auto quotient = static_cast<uint64_t>(guess >> 64);
  const auto top = middle - quotient * static_cast<uint64_t>(divisor >> 64);
  rest = ((u128{top} << 64) | low) - u128{quotient} * static_cast<uint64_t>(divisor) - divisor;
  ++quotient;
  if (static_cast<uint64_t>(rest >> 64) >= static_cast<uint64_t>(guess)) {
    --quotient;
    rest += divisor;
  }
  if (rest >= divisor) [[unlikely]] {
    ++quotient;
    rest -= divisor;
  }
  return quotient;
}

/// u[0..n) -= v[0..n) * times; what has to be taken from the limbs above.
constexpr u128 take_away(uint64_t* u, const uint64_t* v, size_t n, uint64_t times) {
  uint64_t carry = 0, borrow = 0;
  for (size_t i = 0; i < n; ++i) {
    const u128 product = u128{times} * v[i] + carry;
    carry = static_cast<uint64_t>(product >> 64);
    const u128 difference = u128{u[i]} - static_cast<uint64_t>(product) - borrow;
    u[i] = static_cast<uint64_t>(difference);
    borrow = static_cast<uint64_t>(difference >> 64) & 1;
  }
  return u128{carry} + borrow;
}

/// One digit of the quotient: the upper two limbs of `u[0..n]` and of `v` give it, one too much at
/// most; then the lower n - 2 limbs are taken away as well.
template <size_t n>
constexpr uint64_t digit(uint64_t* u, const uint64_t* v, u128 divisor, uint64_t reciprocal) {
  u128 rest = (u128{u[n]} << 64) | u[n - 1];
  if (rest >= divisor) [[unlikely]] { // equal, in fact: the digit is the highest there is
    (void)take_away(u, v, n, ~uint64_t{0});
    return ~uint64_t{0};
  }
  const uint64_t quotient = divide_3_by_2(rest, u[n - 2], divisor, reciprocal);
  const u128 taken = take_away(u, v, n - 2, quotient);
  const bool too_much = rest < taken;
  rest -= taken;
  u[n - 2] = static_cast<uint64_t>(rest);
  u[n - 1] = static_cast<uint64_t>(rest >> 64);
  if (!too_much) [[likely]]
    return quotient;
  u128 sum = 0; // give one back
  for (size_t i = 0; i < n; ++i) {
    sum = u128{u[i]} + v[i] + static_cast<uint64_t>(sum >> 64);
    u[i] = static_cast<uint64_t>(sum);
  }
  return quotient - 1;
}

/// Long division of the `m` limbs of `num` by the n limbs of `den`, m >= n >= 2: `num` becomes the
/// remainder.
template <size_t n, size_t N>
constexpr void divide_by(std::array<uint64_t, N>& num, size_t m, const std::array<uint64_t, 4>& den,
                         std::array<uint64_t, N>& quotient) {
  const auto shift = static_cast<unsigned>(std::countl_zero(den[n - 1]));
  const auto above = [shift](uint64_t high, uint64_t low) {
    return (high << shift) | ((low >> 1) >> (63 - shift));
  };
  uint64_t v[n] = {};
  for (size_t i = n; i-- > 1;)
    v[i] = above(den[i], den[i - 1]);
  v[0] = den[0] << shift;
  const u128 divisor = (u128{v[n - 1]} << 64) | v[n - 2];
  const uint64_t reciprocal = reciprocal_of(v[n - 1], v[n - 2]);
  uint64_t u[N + 1] = {};
  u[m] = above(0, num[m - 1]);
  for (size_t i = m; i-- > 1;)
    u[i] = above(num[i], num[i - 1]);
  u[0] = num[0] << shift;
  for (size_t j = m - n + 1; j-- > 0;)
    quotient[j] = digit<n>(u + j, v, divisor, reciprocal);
  for (size_t i = 0; i < n; ++i)
    num[i] = (u[i] >> shift) | (i + 1 < n ? (u[i + 1] << 1) << (63 - shift) : 0);
  for (size_t i = n; i < m; ++i)
    num[i] = 0;
}

/// Schoolbook division with 64-bit digits (Knuth, TAOCP 4.3.1 D): `num` becomes the remainder.
/// `den` must not be zero.
template <size_t N>
constexpr std::array<uint64_t, N>
divide(std::array<uint64_t, N>& num, const std::array<uint64_t, 4>& den) {
  std::array<uint64_t, N> quotient{};
  const size_t n = used(den);
  const size_t m = used(num);
  if (m < n)
    return quotient;
  if (n == 1) {
    uint64_t rest = 0;
    for (size_t i = m; i-- > 0;) {
      quotient[i] = divide_2_by_1(rest, num[i], den[0], rest);
      num[i] = 0;
    }
    num[0] = rest;
  } else if (n == 2) {
    divide_by<2>(num, m, den, quotient);
  } else if (n == 3) {
    divide_by<3>(num, m, den, quotient);
  } else {
    divide_by<4>(num, m, den, quotient);
  }
  return quotient;
}

} // namespace limbs

/// An unsigned integer, 0 to 2^256 - 1: + - * (also with =) wrap, division by 0 is undefined.
class u256 {
public:
  constexpr u256() = default;

  /// From any built-in integer; it must not be negative (not checked).
  template <std::integral T>
  constexpr u256(T x) : limbs_{static_cast<uint64_t>(x), 0, 0, 0} {}
  template <std::same_as<u128> T>
  constexpr u256(T x) : limbs_{static_cast<uint64_t>(x), static_cast<uint64_t>(x >> 64), 0, 0} {}

  /// Least significant limb first.
  static constexpr u256 from_limbs(const std::array<uint64_t, 4>& limbs) {
    u256 x;
    x.limbs_ = limbs;
    return x;
  }
  static constexpr u256 max() { // 2^256 - 1
    return from_limbs({~uint64_t{0}, ~uint64_t{0}, ~uint64_t{0}, ~uint64_t{0}});
  }
  /// Digits only, at most 2^256 - 1; none for anything else.
  static constexpr std::optional<u256> parse(std::string_view decimal);

  constexpr uint64_t limb(size_t i) const { return limbs_[i]; }             // i: 0 to 3
  constexpr const std::array<uint64_t, 4>& limbs() const { return limbs_; } // the lowest first
  constexpr bool is_zero() const { return (limbs_[0] | limbs_[1] | limbs_[2] | limbs_[3]) == 0; }
  /// Position of the highest set bit plus one; 0 for zero.
  constexpr unsigned bit_width() const {
    size_t n = limbs::used(limbs_);
    if (n == 0)
      return 0;
    return static_cast<unsigned>(64 * (n - 1))
           + static_cast<unsigned>(std::bit_width(limbs_[n - 1]));
  }
  constexpr bool has_single_bit() const {
    const size_t n = limbs::used(limbs_);
    uint64_t rest = n == 0 ? 1 : limbs_[n - 1] & (limbs_[n - 1] - 1);
    for (size_t i = 0; i + 1 < n; ++i)
      rest |= limbs_[i];
    return rest == 0;
  }
  constexpr bool fits_u128() const { return (limbs_[2] | limbs_[3]) == 0; } // below 2^128

  constexpr explicit operator bool() const { return !is_zero(); }
  /// The low bits, as a cast in Solidity.
  template <std::integral T>
  requires(!std::same_as<T, bool>) constexpr explicit operator T() const {
    return static_cast<T>(limbs_[0]);
  }
  constexpr explicit operator u128() const { return (u128{limbs_[1]} << 64) | limbs_[0]; }

  friend constexpr u256 operator+(const u256& a, const u256& b) {
    u256 sum;
    uint64_t carry = 0;
    for (size_t i = 0; i < 4; ++i) {
      u128 x = u128{a.limbs_[i]} + b.limbs_[i] + carry;
      sum.limbs_[i] = static_cast<uint64_t>(x);
      carry = static_cast<uint64_t>(x >> 64);
    }
    return sum;
  }
  friend constexpr u256 operator-(const u256& a, const u256& b) {
    u256 difference;
    uint64_t borrow = 0;
    for (size_t i = 0; i < 4; ++i) {
      u128 x = u128{a.limbs_[i]} - b.limbs_[i] - borrow;
      difference.limbs_[i] = static_cast<uint64_t>(x);
      borrow = static_cast<uint64_t>(x >> 64) & 1;
    }
    return difference;
  }
  friend constexpr u256 operator*(const u256& a, const u256& b) {
    if ((a.limbs_[1] | a.limbs_[2] | a.limbs_[3] | b.limbs_[1] | b.limbs_[2] | b.limbs_[3]) == 0)
      return u128{a.limbs_[0]} * b.limbs_[0];
    u256 product;
    for (size_t i = 0; i < 4; ++i) {
      uint64_t carry = 0;
      for (size_t j = 0; i + j < 4; ++j) {
        u128 x = u128{a.limbs_[i]} * b.limbs_[j] + product.limbs_[i + j] + carry;
        product.limbs_[i + j] = static_cast<uint64_t>(x);
        carry = static_cast<uint64_t>(x >> 64);
      }
    }
    return product;
  }
  /// Rounded down; here and below the divisor must not be zero (not checked: undefined).
  friend constexpr u256 operator/(const u256& a, const u256& b) {
    auto rest = a.limbs_;
    return from_limbs(limbs::divide(rest, b.limbs_));
  }
  friend constexpr u256 operator%(const u256& a, const u256& b) {
    auto rest = a.limbs_;
    limbs::divide(rest, b.limbs_);
    return from_limbs(rest);
  }
  friend constexpr u256 operator<<(const u256& a, unsigned bits) { // modulo 2^256; any `bits`
    u256 x;
    size_t whole = bits / 64;
    unsigned part = bits % 64;
    for (size_t i = whole; i < 4; ++i) {
      x.limbs_[i] = a.limbs_[i - whole] << part;
      if (part != 0 && i > whole)
        x.limbs_[i] |= a.limbs_[i - whole - 1] >> (64 - part);
    }
    return x;
  }
  friend constexpr u256 operator>>(const u256& a, unsigned bits) { // 0 from 256 on
    u256 x;
    size_t whole = bits / 64;
    unsigned part = bits % 64;
    for (size_t i = 0; i + whole < 4; ++i) {
      x.limbs_[i] = a.limbs_[i + whole] >> part;
      if (part != 0 && i + whole < 3)
        x.limbs_[i] |= a.limbs_[i + whole + 1] << (64 - part);
    }
    return x;
  }
  friend constexpr u256 operator&(const u256& a, const u256& b) {
    return from_limbs({a.limbs_[0] & b.limbs_[0], a.limbs_[1] & b.limbs_[1],
                       a.limbs_[2] & b.limbs_[2], a.limbs_[3] & b.limbs_[3]});
  }
  friend constexpr u256 operator|(const u256& a, const u256& b) {
    return from_limbs({a.limbs_[0] | b.limbs_[0], a.limbs_[1] | b.limbs_[1],
                       a.limbs_[2] | b.limbs_[2], a.limbs_[3] | b.limbs_[3]});
  }
  friend constexpr u256 operator^(const u256& a, const u256& b) {
    return from_limbs({a.limbs_[0] ^ b.limbs_[0], a.limbs_[1] ^ b.limbs_[1],
                       a.limbs_[2] ^ b.limbs_[2], a.limbs_[3] ^ b.limbs_[3]});
  }
  constexpr u256 operator~() const {
    return from_limbs({~limbs_[0], ~limbs_[1], ~limbs_[2], ~limbs_[3]});
  }
  constexpr u256 operator-() const { return u256{} - *this; }
  constexpr u256& operator+=(const u256& x) { return *this = *this + x; }
  constexpr u256& operator-=(const u256& x) { return *this = *this - x; }
  constexpr u256& operator*=(const u256& x) { return *this = *this * x; }
  constexpr u256& operator/=(const u256& x) { return *this = *this / x; }
  constexpr u256& operator%=(const u256& x) { return *this = *this % x; }
  constexpr u256& operator&=(const u256& x) { return *this = *this & x; }
  constexpr u256& operator|=(const u256& x) { return *this = *this | x; }
  constexpr u256& operator^=(const u256& x) { return *this = *this ^ x; }
  constexpr u256& operator<<=(unsigned bits) { return *this = *this << bits; }
  constexpr u256& operator>>=(unsigned bits) { return *this = *this >> bits; }

  friend constexpr bool operator==(const u256& a, const u256& b) {
    return ((a.limbs_[0] ^ b.limbs_[0]) | (a.limbs_[1] ^ b.limbs_[1]) | (a.limbs_[2] ^ b.limbs_[2])
            | (a.limbs_[3] ^ b.limbs_[3]))
           == 0; // without the call to memcmp that the default makes
  }
  friend constexpr std::strong_ordering operator<=>(const u256& a, const u256& b) {
    for (size_t i = 4; i-- > 0;)
      if (a.limbs_[i] != b.limbs_[i])
        return a.limbs_[i] <=> b.limbs_[i];
    return std::strong_ordering::equal;
  }

private:
  std::array<uint64_t, 4> limbs_{};
};

constexpr std::optional<u256> u256::parse(std::string_view decimal) {
  if (decimal.empty())
    return std::nullopt;
  constexpr u256 tenth = max() / 10;
  constexpr u256 below_tenth = tenth - 1; // times ten plus nine still fits
  u256 x;
  for (char c : decimal) {
    if (c < '0' || c > '9')
      return std::nullopt;
    auto digit = static_cast<unsigned>(c - '0');
    if (x > below_tenth && (x > tenth || u256{digit} > max() - tenth * 10))
      return std::nullopt;
    x = x * 10 + digit;
  }
  return x;
}

inline std::string to_string(const u256& x) {             // decimal, exact
  constexpr uint64_t chunk = 10'000'000'000'000'000'000U; // 10^19, the most a limb holds
  std::array<char, 80> text{};
  size_t at = text.size();
  u256 rest = x;
  do {
    auto parts = rest.limbs();
    rest = u256::from_limbs(limbs::divide(parts, {chunk, 0, 0, 0}));
    uint64_t low = parts[0];
    for (int i = 0; i < 19 && (low != 0 || !rest.is_zero()); ++i, low /= 10)
      text[--at] = static_cast<char>('0' + low % 10);
  } while (!rest.is_zero());
  if (at == text.size())
    text[--at] = '0';
  return {text.data() + at, text.size() - at};
}

/// The nearest double, ties to even: 0 to 2^256, never infinite.
inline double to_double(const u256& x) {
  unsigned width = x.bit_width();
  if (width <= 64)
    return static_cast<double>(x.limb(0));
  unsigned dropped = width - 64;
  u256 top = x >> dropped;
  uint64_t sticky = (top << dropped) == x ? 0 : 1; // lies below all that the mantissa keeps
  return std::ldexp(static_cast<double>(top.limb(0) | sticky), static_cast<int>(dropped));
}

/// A signed integer, -2^255 to 2^255 - 1, in two's complement: + - wrap modulo 2^256, no error.
class i256 {
public:
  constexpr i256() = default;
  template <std::integral T>
  constexpr i256(T x) : bits_(x < T{} ? -u256{uint64_t{0} - static_cast<uint64_t>(x)} : u256{x}) {}
  template <std::same_as<i128> T>
  constexpr i256(T x)
    : bits_(x < 0 ? -u256{u128{0} - static_cast<u128>(x)} : u256{static_cast<u128>(x)}) {}

  /// The same 256 bits.
  static constexpr i256 from_u256(const u256& bits) {
    i256 x;
    x.bits_ = bits;
    return x;
  }
  static constexpr i256 max() { return from_u256(u256::max() >> 1); }
  static constexpr i256 min() { return from_u256(u256{1} << 255); }
  /// Digits with an optional '-', -2^255 to 2^255 - 1; none for anything else.
  static constexpr std::optional<i256> parse(std::string_view decimal) {
    bool negative = decimal.starts_with('-');
    auto size = u256::parse(decimal.substr(negative ? 1 : 0));
    if (!size || *size > (negative ? min().bits() : max().bits()))
      return std::nullopt;
    return from_u256(negative ? -*size : *size);
  }

  constexpr const u256& bits() const { return bits_; }
  constexpr bool is_negative() const { return (bits_.limb(3) >> 63) != 0; }
  constexpr bool is_zero() const { return bits_.is_zero(); }
  /// The absolute value; 2^255 for the lowest number.
  constexpr u256 magnitude() const { return is_negative() ? -bits_ : bits_; }

  constexpr i256 operator-() const { return from_u256(-bits_); }
  friend constexpr i256 operator+(const i256& a, const i256& b) {
    return from_u256(a.bits_ + b.bits_);
  }
  friend constexpr i256 operator-(const i256& a, const i256& b) {
    return from_u256(a.bits_ - b.bits_);
  }
  constexpr i256& operator+=(const i256& x) { return *this = *this + x; }
  constexpr i256& operator-=(const i256& x) { return *this = *this - x; }

  friend constexpr bool operator==(const i256&, const i256&) = default;
  friend constexpr std::strong_ordering operator<=>(const i256& a, const i256& b) {
    if (a.is_negative() != b.is_negative())
      return a.is_negative() ? std::strong_ordering::less : std::strong_ordering::greater;
    return a.bits_ <=> b.bits_;
  }

private:
  u256 bits_;
};

inline std::string to_string(const i256& x) { // decimal, exact
  return (x.is_negative() ? "-" : "") + to_string(x.magnitude());
}
inline double to_double(const i256& x) { // the nearest, ties to even
  return x.is_negative() ? -to_double(x.magnitude()) : to_double(x.magnitude());
}

/// Any built-in integer, 128 bits included.
template <class T>
concept any_integer = std::integral<T> || std::same_as<T, u128> || std::same_as<T, i128>;

template <any_integer T>
std::string to_string(T x) {
  if constexpr (static_cast<T>(-1) < T{}) // signed
    return to_string(i256(x));
  else
    return to_string(u256(x));
}
template <any_integer T>
double to_double(T x) {
  return static_cast<double>(x); // the compiler's own conversion rounds correctly
}

/// 10^n, exact up to n = 77; beyond it modulo 2^256.
constexpr u256 power_of_ten(unsigned n) {
  u256 x = 1u;
  for (unsigned i = 0; i < n; ++i)
    x = x * u256{10u};
  return x;
}

/// Digits only, at most 2^128 - 1; none for anything else.
constexpr std::optional<u128> parse_u128(std::string_view decimal) {
  auto x = u256::parse(decimal);
  if (!x || !x->fits_u128())
    return std::nullopt;
  return static_cast<u128>(*x);
}
/// Digits with an optional '-', -2^127 to 2^127 - 1; none for anything else.
constexpr std::optional<i128> parse_i128(std::string_view decimal) {
  bool negative = decimal.starts_with('-');
  auto size = parse_u128(decimal.substr(negative ? 1 : 0));
  constexpr u128 bound = u128{1} << 127;
  if (!size || *size > bound || (!negative && *size == bound))
    return std::nullopt;
  return static_cast<i128>(negative ? u128{0} - *size : *size);
}

} // namespace sluice
