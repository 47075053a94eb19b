/// The swaps by which speed is measured: facts/performance §2, from bench-spec.json's kind of pool.
#pragma once

#include "sim/math/tick_math.hpp"
#include "sim/pool/pool.hpp"

#include <random>
#include <vector>

namespace sluice::bench {

struct workload {
  pool start{500, 10};
  std::vector<swap_request> orders;
  double crossings_per_swap = 0;
};

/// A WETH/USDC-like pool, fee 500, spacing 10, with so many ranges of so many spacings on both
/// sides of the price; sizes of orders in units of 2^-16 of `base`, a tenth of them exact output.
inline workload make(int ranges, int widest, uint64_t base, size_t count, uint64_t seed) {
  std::mt19937_64 luck(seed);
  workload made;
  const u256 price = *u256::parse("4339505179874779489431521"); // bench-spec.json's
  (void)made.start.initialize(price, 1);
  (void)made.start.mint({1}, -887'270, 887'270, 10'000'000'000'000'000U, 1);
  for (int i = 0; i < ranges; ++i) {
    const auto at = [&] {
      return static_cast<int32_t>(
        -196'257 / 10 * 10
        + 10 * (static_cast<int>(luck() % static_cast<uint64_t>(2 * widest)) - widest));
    };
    const int32_t a = at(), b = at();
    if (a != b)
      (void)made.start.mint({2}, std::min(a, b), std::max(a, b),
                            (1'000'000'000'000'000U + luck() % 20'000'000'000'000'000U) * 180
                              / static_cast<u128>(ranges),
                            1);
  }
  pool trial = made.start;
  struct counter : swap_observer {
    void on_step(const swap_step&) override {}
    void on_cross(int32_t) override { ++crossed; }
    uint64_t crossed = 0;
  } counted;
  for (size_t i = 0; i < count; ++i) {
    swap_request order;
    const bool home = trial.state().tick < -196'257; // the market comes back
    order.zero_for_one = luck() % 16 < 11 ? !home : home;
    const bool output = luck() % 10 == 0;
    const bool in_token0 = order.zero_for_one != output; // else 3000 USDC for a WETH
    const u256 size = u256{base} * (luck() % 65'536) / 65'536 / (in_token0 ? 1U : 333'333'333U) + 1;
    order.amount_specified = output ? -i256::from_u256(size) : i256::from_u256(size);
    order.sqrt_price_limit_x96 = order.zero_for_one ? min_sqrt_ratio + 1 : max_sqrt_ratio - 1;
    if (trial.swap(order, 1, {}, &counted))
      made.orders.push_back(order);
  }
  made.crossings_per_swap
    = static_cast<double>(counted.crossed) / static_cast<double>(made.orders.size());
  return made;
}

inline workload in_range() {
  return make(180, 2000, 10'000'000'000'000'000U, 20'000, 1);
}
inline workload mixed() {
  return make(180, 2000, 1'500'000'000'000'000'000U, 20'000, 1);
}
inline workload dense() {
  return make(1500, 2000, 17'000'000'000'000'000'000U, 20'000, 1);
}

/// The same orders without those for an exact output.
inline std::vector<swap_request> only_inputs(const workload& work) {
  std::vector<swap_request> inputs;
  for (const auto& order : work.orders)
    if (!order.amount_specified.is_negative())
      inputs.push_back(order);
  return inputs;
}

} // namespace sluice::bench
