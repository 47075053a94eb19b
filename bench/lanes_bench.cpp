/// What a swap costs a plan's lane, by turns and in registers; and putting a lane between stops.
#include "sim/lanes/lanes.hpp"
#include "sim/math/swap_math.hpp"
#include "sim/math/tick_math.hpp"

#include <benchmark/benchmark.h>

#include <memory>
#include <random>
#include <vector>

namespace sluice {
namespace {

/// Groups of lanes in one range that no order leaves, and the orders: each down, then up again.
struct trading {
  std::vector<lanes> groups;
  std::vector<lane_order> orders;
};

struct venue {
  u256 price;
  u128 liquidity = 0;
  u128 input0 = 0, input1 = 0; // of a usual trade
};

/// WETH/USDC, DAI/WETH, USDC/WETH, USDC/USDT, a coin of little worth against WETH.
const venue venues[] = {
  {u256{1000} << 72, u128{17} << 60, u128{1'000'000'000'000'000'000U}, u128{3'000'000'000U}},
  {u256{1'300} << 80, u128{900} << 70, u128{3000} << 60, u128{1} << 60},
  {u256{900} << 101, u128{17} << 60, u128{3'000'000'000U}, u128{1'000'000'000'000'000'000U}},
  {u256{1} << 96, u128{1} << 52, u128{1} << 33, u128{1} << 33},
  {u256{17} << 76, u128{1} << 87, u128{1} << 84, u128{1} << 52},
};

trading trading_at(const venue& x, size_t groups) {
  trading all;
  std::mt19937_64 random(1);
  all.groups.resize(groups);
  for (auto& group : all.groups)
    for (size_t lane = 0; lane < lane_count; ++lane)
      set_lane(group, lane, x.price + random() % 1000, x.price - x.price / 20,
               x.price + x.price / 20, x.liquidity + random() % (1U << 30));
  for (int i = 0; i < 512; ++i) {
    const bool down = i % 2 == 0;
    const u128 input = (down ? x.input0 : x.input1) / 64 * (48 + random() % 16);
    all.orders.push_back(make_lane_order(down, input, input / 1999, 0,
                                         down ? min_sqrt_ratio + 1 : max_sqrt_ratio - 1));
  }
  return all;
}

using swap_of_lanes = void (*)(lanes*, size_t, const lane_order&, uint8_t*);

/// Nanoseconds per lane and swap; `directions` 1 is down only, 2 up only, 3 both.
void swap_lanes(benchmark::State& state, swap_of_lanes how, int directions) {
  if (how == lockstep::swap_in_registers && !lanes_in_registers()) {
    state.SkipWithError("this processor has no AVX-512 IFMA");
    return;
  }
  const auto market = trading_at(venues[state.range(0)], static_cast<size_t>(state.range(1)));
  const size_t groups = market.groups.size();
  auto now = market.groups;
  std::vector<uint8_t> which(groups);
  size_t i = 0;
  int64_t taken = 0, asked = 0;
  for (auto _ : state) {
    if (i == 0) // where they began: the paths must not run away
      now = market.groups;
    for (size_t j = 0; j < 2; ++j) {
      const auto& order = market.orders[i + j];
      if ((directions & (order.zero_for_one ? 1 : 2)) == 0)
        continue;
      std::fill(which.begin(), which.end(), uint8_t{255});
      how(now.data(), groups, order, which.data());
      for (const auto took : which)
        taken += __builtin_popcount(took);
      asked += static_cast<int64_t>(lane_count * groups);
    }
    i = (i + 2) % market.orders.size();
    benchmark::DoNotOptimize(now.data());
    benchmark::ClobberMemory();
  }
  state.counters["s_per_lane_swap"] = benchmark::Counter(
    static_cast<double>(taken), benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
  state.counters["refused"] = static_cast<double>(asked - taken) / static_cast<double>(asked);
}

void many_groups(benchmark::internal::Benchmark* b) {
  for (int venue = 0; venue < 5; ++venue)
    b->Args({venue, 4});
  for (int groups : {1, 2, 8, 16, 32})
    b->Args({0, groups});
}
BENCHMARK_CAPTURE(swap_lanes, registers, lockstep::swap_in_registers, 3)->Apply(many_groups);
BENCHMARK_CAPTURE(swap_lanes, registers_down, lockstep::swap_in_registers, 1)->Args({0, 4});
BENCHMARK_CAPTURE(swap_lanes, registers_up, lockstep::swap_in_registers, 2)->Args({0, 4});
BENCHMARK_CAPTURE(swap_lanes, turns, lockstep::swap_in_turns, 3)->Apply(many_groups);

/// The same swap by the contract's own steps, without growth.
void swap_by_the_contract(benchmark::State& state) {
  const auto& x = venues[state.range(0)];
  u256 price = x.price;
  for (auto _ : state) {
    price = compute_swap_step(price, x.price - x.price / 20, x.liquidity, x.input0, true, 500)
              ->price_next;
    price = compute_swap_step(price, x.price + x.price / 20, x.liquidity, x.input1, true, 500)
              ->price_next;
    benchmark::DoNotOptimize(price);
  }
  state.counters["s_per_lane_swap"] = benchmark::Counter(
    2, benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}
BENCHMARK(swap_by_the_contract)->DenseRange(0, 4);

void put_a_lane(benchmark::State& state) {
  auto all = std::make_unique<lanes>();
  const auto& x = venues[0];
  uint64_t other = 0;
  for (auto _ : state) {
    set_lane(*all, 3, x.price, x.price - x.price / 20, x.price + x.price / 20,
             x.liquidity + (state.range(0) != 0 ? ++other : 0));
    benchmark::ClobberMemory();
  }
}
BENCHMARK(put_a_lane)->Arg(0)->Arg(1); // with the liquidity it had, and with another

} // namespace
} // namespace sluice

BENCHMARK_MAIN();
