#include "sim/evaluate/fee_search.hpp"

#include <algorithm>
#include <map>

namespace sluice {

namespace {

/// What a swap takes in beside its fees.
class input_sum : public swap_observer {
public:
  void on_step(const swap_step& step) override { sum += step.amount_in; }
  u256 sum;
};

/// Sees where a swap would lead, and refuses it.
class only_looking : public swap_judge {
public:
  bool accepts(const swap_end& end) override {
    seen = end;
    return false;
  }
  std::optional<swap_end> seen;
};

/// One request that a recorded swap could have been, tried with one fee after the other.
class fee_trials {
public:
  fee_trials(pool& at, const pool_event& record, const swap_request& order, uint32_t now)
    : pool_(at), record_(record), order_(order), now_(now), fee_(at.fee()),
      unstaked_fee_(at.slipstream()->unstaked_fee),
      to_limit_(order.sqrt_price_limit_x96 == record.sqrt_price_x96),
      exact_input_(!to_limit_ && !order.amount_specified.is_negative()) {}

  std::optional<fee_range> find() {
    const int64_t guess = likely();
    const int64_t low = lowest(guess, [](int side) { return side >= 0; });
    if (low > slipstream_fee_max || side(low) != 0)
      return std::nullopt;
    const int64_t above = lowest(low, [](int side) { return side > 0; });
    return fee_range{static_cast<uint32_t>(low), static_cast<uint32_t>(above - 1)};
  }

private:
  const i256& input(const i256& amount0, const i256& amount1) const {
    return order_.zero_for_one ? amount0 : amount1;
  }

  /// Where the order would lead; none where the pool reverts.
  std::optional<swap_end> play(const swap_request& order, uint32_t fee, swap_observer* observer) {
    only_looking judge;
    pool_.set_fees(fee, unstaked_fee_);
    static_cast<void>(pool_.swap_if(order, now_, judge, observer));
    pool_.set_fees(fee_, unstaked_fee_);
    return judge.seen;
  }

  /// Below 0 when the fee is too low for the record, above 0 when it is too high.
  int side(int64_t fee) {
    if (const auto known = sides_.find(fee); known != sides_.end())
      return known->second;
    return sides_[fee] = measure(static_cast<uint32_t>(fee));
  }

  int measure(uint32_t fee) {
    const auto got = play(order_, fee, nullptr);
    if (exact_input_) {
      if (!got) // it went too far, if anything can be concluded at all
        return -1;
      const auto& price = got->sqrt_price_x96;
      if (price == record_.sqrt_price_x96)
        return 0;
      return (price < record_.sqrt_price_x96) == order_.zero_for_one ? -1 : 1;
    }
    if (!got)
      return 1; // whatever the fee
    const auto& paid = input(got->moved.amount0, got->moved.amount1);
    const auto& recorded = input(record_.amount0, record_.amount1);
    return paid == recorded ? 0 : paid < recorded ? -1 : 1;
  }

  /// The fee's part of the recorded input: what the request up to the recorded price does not take.
  int64_t likely() {
    const auto& paid = input(record_.amount0, record_.amount1);
    const swap_request request{order_.zero_for_one, i256::max(), record_.sqrt_price_x96};
    input_sum bare;
    if (!play(request, 0, &bare) || paid.is_negative() || paid.is_zero() || paid.bits() < bare.sum
        || paid.bits() > u256::max() / 1'000'000)
      return fee_;
    const u256 fee = (paid.bits() - bare.sum) * 1'000'000 / paid.bits();
    return static_cast<int64_t>(
      static_cast<uint64_t>(std::min<u256>(fee, u256{slipstream_fee_max})));
  }

  /// The lowest fee from 0 to one above the highest whose side is `enough`, which stays true from
  /// there on; found in steps that double, away from a guess.
  template <class Enough>
  int64_t lowest(int64_t guess, Enough enough) {
    constexpr int64_t end = int64_t{slipstream_fee_max} + 1;
    const auto holds = [&](int64_t fee) { return fee >= end || (fee >= 0 && enough(side(fee))); };
    int64_t below = -1; // does not hold
    int64_t at = end;   // holds
    if (holds(guess)) {
      at = guess;
      for (int64_t step = 1; at - step > below; step *= 2) {
        const int64_t next = at - step;
        if (!holds(next)) {
          below = next;
          break;
        }
        at = next;
      }
    } else {
      below = guess;
      for (int64_t step = 1; below + step < at; step *= 2) {
        const int64_t next = below + step;
        if (holds(next)) {
          at = next;
          break;
        }
        below = next;
      }
    }
    while (at - below > 1) {
      const int64_t middle = below + (at - below) / 2;
      (holds(middle) ? at : below) = middle;
    }
    return at;
  }

  pool& pool_;
  const pool_event& record_;
  const swap_request& order_;
  uint32_t now_;
  uint32_t fee_;
  uint32_t unstaked_fee_;
  bool to_limit_;
  bool exact_input_;
  std::map<int64_t, int> sides_;
};

} // namespace

std::optional<fee_range>
fees_that_fit(pool& at, const pool_event& record, const swap_request& order, uint32_t now) {
  return fee_trials(at, record, order, now).find();
}

} // namespace sluice
