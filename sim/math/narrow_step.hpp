/// One step of a swap whose numbers fit 128 bits, with no division that the contract's bits do not
/// need (docs/decisions/0013-reductions.md states why each is right). Part of the swap loops.
#pragma once

#include "sim/math/divisors.hpp"

namespace sluice {

/// A fee of 100 % in hundredths of a basis point.
inline constexpr uint32_t fee_unit = 1'000'000;
/// Amounts in smallest units below this are narrow: times 2^20, a fee, they still fit 128 bits.
inline constexpr u128 narrow_end = u128{1} << 108;

/// What a step comes to, each from 0 to 2^128 - 1. `in` (without the fee) and `fee` are smallest
/// units of the input token, `out` of the other. Amounts that nobody has asked for stay 0.
struct narrow_amounts {
  u128 next = 0; // sqrtPriceX96 after the step
  u128 in = 0;
  u128 out = 0;
  u128 fee = 0;
};

/// floor(n / d) for a divisor of 1 to 2^20 - 1; `rest` becomes the remainder, below `d`. A divisor
/// of 0 is undefined.
inline u128 divide_by_small(u128 n, uint32_t d, uint64_t& rest) {
  const auto low = static_cast<uint64_t>(n);
  const auto high = static_cast<uint64_t>(n >> 64);
  if (high < d) // mostly
    return limbs::divide_2_by_1(high, low, d, rest);
  const uint64_t upper = high / d;
  const uint64_t lower = limbs::divide_2_by_1(high % d, low, d, rest);
  return (u128{upper} << 64) | lower;
}

/// floor(amount * (1e6 - fee) / 1e6), in smallest units, 0 to `amount`. `amount` is below
/// narrow_end and `fee`, in hundredths of a basis point, below 1e6 (not checked: wraps).
inline u128 without_fee(u128 amount, uint32_t fee) {
  uint64_t rest = 0;
  return divide_by_small(amount * (fee_unit - fee), fee_unit, rest);
}

/// ceil(amount * fee / (1e6 - fee)), in smallest units, below 2^128, for the same arguments.
inline u128 fee_on(u128 amount, uint32_t fee) {
  uint64_t rest = 0;
  const u128 quotient = divide_by_small(amount * fee, fee_unit - fee, rest);
  return quotient + (rest != 0 ? 1 : 0);
}

/// `x` as a double, but for rounding (2^-52 of it) and at most 3 units too small. No error.
inline double nearly(u128 x) { // conversions of positive signed numbers are single instructions
  constexpr uint64_t positive = ~uint64_t{0} >> 1;
  return static_cast<double>(static_cast<int64_t>(x >> 65)) * 0x1p65
         + static_cast<double>(static_cast<int64_t>(static_cast<uint64_t>(x >> 2) & positive)) * 4;
}

/// Does token0 that comes in and leaves the price at `lowest` (sqrtPriceX96) or above move it with
/// every smallest unit, so that the step's input is all of it? lowest^2 >= L * 2^96. No error.
inline bool whole_input0(u128 lowest, u128 liquidity) {
  return multiply_128(lowest, lowest) >= (u256{liquidity} << 96);
}
/// The same of token1, at any price: L <= 2^96. No error.
inline bool whole_input1(u128 liquidity) {
  return liquidity <= u128{1} << 96;
}

/// One step on its way. Prices are sqrtPriceX96 below 2^128, amounts smallest units. Functions
/// answer false where something is too wide; then nothing counts.
class narrow_step {
public:
  /// `price` and `target` are above 0, `here` is not 0, `fee` is in hundredths of a basis point, 0
  /// to 999999; `remaining`, of what was asked for, is below narrow_end, or `plenty`: beyond 2^128.
  /// None of it is checked.
  narrow_step(u128 price, u128 target, const stretch& here, u128 remaining, bool plenty,
              uint32_t fee)
    : price_(price), target_(target), here_(here), liquidity_(here.value()), remaining_(remaining),
      plenty_(plenty), fee_(fee) {}

  /// Takes the step: SwapMath.computeSwapStep for these numbers. `with_output`: is the output of an
  /// exact input asked for? False: some number is too wide, `answer` means nothing.
  template <bool with_output>
  [[gnu::always_inline]] bool take(bool zero_for_one, bool exact_input) {
    if (exact_input)
      return zero_for_one ? input_of_token0<with_output>() : input_of_token1<with_output>();
    return zero_for_one ? output_of_token1() : output_of_token0();
  }
  /// The same, output included, for a step that ends strictly before its target: `x` becomes its
  /// answer. False, and `x` means nothing, where it does not. `whole_input`: is an input that stays
  /// before the target known to be used whole (see whole_input0, whole_input1)? Else that is
  /// calculated.
  template <bool zero_for_one>
  [[gnu::always_inline]] bool
  take_before_target(bool exact_input, bool whole_input, narrow_amounts& x) {
    bool taken = false;
    if (exact_input)
      taken = zero_for_one ? input0_before_target(whole_input) : input1_before_target(whole_input);
    else
      taken = (zero_for_one ? output_of_token1() : output_of_token0()) && answer_.next != target_;
    x = answer_;
    return taken;
  }
  /// After a `take` that was true.
  const narrow_amounts& answer() const { return answer_; }

private:
  enum class stop : uint8_t { within, beyond, too_wide };

  template <bool with_output>
  bool input_of_token0();
  template <bool with_output>
  bool input_of_token1();
  bool output_of_token1();
  bool output_of_token0();
  template <bool with_output>
  stop stop_within_token0(u128 input, bool whole_input = false);
  bool input0_before_target(bool whole_input);
  bool input1_before_target(bool whole_input);

  /// L * 2^96 * width / (a * b): token0 between two prices that are `width` apart.
  std::optional<quotient128> token0(u128 width, u128 a, u128 b) const {
    return divide_to_128(shift_left_96(multiply_128(liquidity_, width)), multiply_128(a, b));
  }
  /// L * width / 2^96: token1; false when it is too wide.
  bool token1(u128 width, bool up, u128& amount) const {
    const u256 product = multiply_128(liquidity_, width);
    if (product.limb(3) >> 32 != 0)
      return false;
    amount
      = (u128{product.limb(3)} << 96) | (u128{product.limb(2)} << 32) | (product.limb(1) >> 32);
    if (!up)
      return true;
    const bool exact = (product.limb(0) | static_cast<uint32_t>(product.limb(1))) == 0;
    const bool fits = amount < narrow_end - 1;
    amount += exact ? 0 : 1;
    return fits;
  }
  /// Does less token0 than there is before the target go out? remaining < floor(n * w / (P * T)),
  /// for whole numbers the same as (remaining + 1) * P * T <= n * w.
  bool is_token0_enough() const {
    const auto wanted = multiply_256_by_128(multiply_128(price_, target_), remaining_ + 1);
    const auto there = shift_left_96(multiply_128(liquidity_, target_ - price_));
    for (size_t i = wanted.size(); i-- > 0;)
      if (wanted[i] != there[i])
        return wanted[i] < there[i];
    return true;
  }
  /// Will token0 reach the target? A guess that spares a division; whoever asks checks it.
  bool is_token0_near() const {
    const double input = nearly(remaining_) * (1 - fee_ * 1e-6);
    return input * nearly(price_) * nearly(target_)
           >= nearly(liquidity_) * 0x1p96 * nearly(price_ - target_);
  }

  u128 price_;
  u128 target_;
  const stretch& here_;
  u128 liquidity_;
  u128 remaining_;
  bool plenty_;
  uint32_t fee_;
  narrow_amounts answer_;
};

/// Not reached: next = ceil(n * P / (n + x * P)) = P - floor(P * x * P / (n + x * P)), n = L *
/// 2^96, whose quotient is the small change of the price. `beyond` the target answers nothing.
template <bool with_output>
[[gnu::always_inline]] inline narrow_step::stop
narrow_step::stop_within_token0(u128 input, bool whole_input) {
  const u256 product = multiply_128(input, price_);
  const u256 scaled = u256::from_limbs({0, static_cast<uint64_t>(liquidity_ << 32),
                                        static_cast<uint64_t>(liquidity_ >> 32),
                                        static_cast<uint64_t>(liquidity_ >> 96)});
  const auto change = divide_to_128(multiply_256_by_128(product, price_), scaled + product);
  if (!change)
    return stop::too_wide;
  const u128 next = price_ - change->value;
  if (next <= target_)
    return stop::beyond;
  answer_.next = next;
  answer_.in = input;
  // The input that moves the price to `next` is the smallest with this `next`: `input` itself when
  // one wei less would stop above, as it does where a wei moves the price by one or more.
  if (!whole_input && multiply_128(next - 1, next - 1) < scaled) {
    const auto in = token0(change->value, price_, next);
    if (!in)
      return stop::too_wide;
    answer_.in = in->up();
  }
  answer_.fee = remaining_ - answer_.in;
  if (with_output && !token1(change->value, false, answer_.out))
    return stop::too_wide;
  return stop::within;
}

template <bool with_output>
[[gnu::always_inline]] inline bool narrow_step::input_of_token0() {
  const u128 input = plenty_ ? narrow_end : without_fee(remaining_, fee_);
  if (!plenty_ && !is_token0_near())
    if (const auto where = stop_within_token0<with_output>(input); where != stop::beyond)
      return where == stop::within;
  const u128 width = price_ - target_;
  const auto needed = token0(width, price_, target_);
  if (!needed || needed->value >= narrow_end - 1)
    return false;
  answer_.in = needed->up();
  if (input < answer_.in) // the guess was wrong
    return stop_within_token0<with_output>(input) == stop::within;
  answer_.next = target_;
  answer_.fee = fee_on(answer_.in, fee_);
  return !with_output || token1(width, false, answer_.out);
}

template <bool with_output>
[[gnu::always_inline]] inline bool narrow_step::input_of_token1() {
  u128 change = target_ - price_;
  const bool known = token1(change, true, answer_.in);
  const u128 input = plenty_ ? narrow_end : without_fee(remaining_, fee_);
  answer_.next = target_;
  if (known && input >= answer_.in) {
    answer_.fee = fee_on(answer_.in, fee_);
  } else {
    if (plenty_)
      return false;
    // Below the target, so below 2^128: floor(x * 2^96 / L).
    change = here_.divide(input >> 32, input << 96).value;
    answer_.next = price_ + change;
    if (!token1(change, true, answer_.in))
      return false;
    answer_.fee = remaining_ - answer_.in;
  }
  if (!with_output)
    return true;
  const auto out = token0(change, price_, answer_.next);
  answer_.out = out ? out->value : 0;
  return out.has_value();
}

[[gnu::always_inline]] inline bool narrow_step::input0_before_target(bool whole_input) {
  return stop_within_token0<true>(without_fee(remaining_, fee_), whole_input) == stop::within;
}

/// The target is reached where x >= ceil(L * w / 2^96), for whole numbers the same as floor(x *
/// 2^96 / L) >= w: the next price alone shows it.
[[gnu::always_inline]] inline bool narrow_step::input1_before_target(bool whole_input) {
  const u128 input = without_fee(remaining_, fee_);
  if (input >> 32 >= liquidity_) // beyond any price
    return false;
  const u128 change = here_.divide(input >> 32, input << 96).value;
  if (change >= target_ - price_)
    return false;
  answer_.next = price_ + change;
  answer_.in = input;
  if (!whole_input && !token1(change, true, answer_.in))
    return false;
  answer_.fee = remaining_ - answer_.in;
  const auto out = token0(change, price_, answer_.next);
  answer_.out = out ? out->value : 0;
  return out.has_value();
}

/// Exact output of token1, the price falls.
inline bool narrow_step::output_of_token1() {
  u128 change = price_ - target_;
  if (!token1(change, false, answer_.out))
    return false;
  answer_.next = target_;
  if (!plenty_ && remaining_ < answer_.out) {
    // floor(L * change / 2^96) >= remaining: the contract's cap makes it that.
    change = here_.divide(remaining_ >> 32, remaining_ << 96).up();
    answer_.next = price_ - change;
    answer_.out = remaining_;
  }
  const auto in = token0(change, price_, answer_.next);
  if (!in || in->value >= narrow_end - 1)
    return false;
  answer_.in = in->up();
  answer_.fee = fee_on(answer_.in, fee_);
  return true;
}

/// Exact output of token0, the price rises.
inline bool narrow_step::output_of_token0() {
  u128 change = target_ - price_;
  answer_.next = target_;
  if (plenty_ || !is_token0_enough()) {
    const auto most = token0(change, price_, target_);
    if (!most)
      return false;
    answer_.out = most->value;
  } else {
    // ceil(n * P / (n - x * P)) = P + ceil(P * x * P / (n - x * P)).
    const u256 product = multiply_128(remaining_, price_);
    const u256 scaled = u256{liquidity_} << 96;
    const auto moved = divide_to_128(multiply_256_by_128(product, price_), scaled - product);
    if (!moved)
      return false;
    change = moved->up();
    answer_.next = price_ + change;
    answer_.out = remaining_;
  }
  if (!token1(change, true, answer_.in))
    return false;
  answer_.fee = fee_on(answer_.in, fee_);
  return true;
}

} // namespace sluice
