/// Many plans over thousands of swaps: a private pool each in the straight form, and all together.
#include "../tests/support/straight_pool.hpp"
#include "plans_workload.hpp"
#include "sim/evaluate/batch.hpp"
#include "sim/evaluate/evaluate_venue.hpp"
#include "sim/math/liquidity_math.hpp"

#include <benchmark/benchmark.h>

namespace sluice {
namespace {

/// As the straight form does it: a pool for each plan, its positions minted, every swap in it.
void private_straight(benchmark::State& state) {
  const auto& [market, plans] = bench::setting_of(256, state.range(0) != 0);
  size_t number = 0; // one of the plans per iteration
  for (auto _ : state) {
    pool mine = *market.start_pool;
    for (const auto& p : plans[number].positions)
      (void)mine.mint({0xee}, p.tick_lower, p.tick_upper, p.liquidity, 1);
    test::straight_pool at(mine);
    for (const auto& block : market.blocks)
      for (const auto& swap : block->swaps)
        benchmark::DoNotOptimize(at.swap(swap.asked, 1));
    number = (number + 1) % plans.size();
  }
  state.SetItemsProcessed(5000 * static_cast<int64_t>(state.iterations()));
}
BENCHMARK(private_straight)->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);

void private_fast(benchmark::State& state) {
  const auto& [market, plans] = bench::setting_of(256, state.range(0) != 0);
  size_t number = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(evaluate(market, plans[number], pool_model::replayed, 10));
    number = (number + 1) % plans.size();
  }
  state.SetItemsProcessed(5000 * static_cast<int64_t>(state.iterations()));
}
BENCHMARK(private_fast)->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);

void together(benchmark::State& state, lane_mode mode, evaluation_options how = {}) {
  if (mode == lane_mode::in_registers && !lanes_in_registers()) {
    state.SkipWithError("this processor has no AVX-512 IFMA");
    return;
  }
  const auto& [market, plans]
    = bench::setting_of(static_cast<size_t>(state.range(0)), state.range(1) != 0);
  for (auto _ : state) {
    auto all = evaluate_all(market, plans, pool_model::replayed, 10, how, mode);
    benchmark::DoNotOptimize(all);
  }
  state.SetItemsProcessed(5000 * state.range(0) * static_cast<int64_t>(state.iterations()));
}
BENCHMARK_CAPTURE(together, portable, lane_mode::in_turns)
  ->Args({256, 0})
  ->Args({256, 1})
  ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(together, avx512, lane_mode::in_registers)
  ->Args({256, 0})
  ->Args({256, 1})
  ->Args({10'000, 0})
  ->Args({10'000, 1})
  ->Unit(benchmark::kMillisecond);

BENCHMARK_CAPTURE(together, by_value, lane_mode::in_registers, {range_measure::value, {}})
  ->Args({256, 0})
  ->Unit(benchmark::kMillisecond);

/// Time per plan and swap of the window.
void count_plan_swaps(benchmark::State& state) {
  state.counters["plan_swap"] = benchmark::Counter(5000.0 * static_cast<double>(state.range(0)),
                                                   benchmark::Counter::kIsIterationInvariantRate
                                                     | benchmark::Counter::kInvert);
}

/// `away`: no position is near the market's prices, so that nothing is in range.
void observed(benchmark::State& state, bool away, evaluation_options how) {
  const auto& [market, usual] = bench::setting_of(static_cast<size_t>(state.range(0)), false);
  auto plans = usual;
  if (away)
    for (auto& what : plans)
      for (auto& p : what.positions) {
        p.tick_lower += 50'000;
        p.tick_upper += 50'000;
      }
  for (auto _ : state) {
    auto all = evaluate_all(market, plans, pool_model::observed, 10, how);
    benchmark::DoNotOptimize(all);
  }
  count_plan_swaps(state);
}
BENCHMARK_CAPTURE(observed, near, false, {})
  ->RangeMultiplier(10)
  ->Range(1, 10'000)
  ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(observed, away, true, {})
  ->RangeMultiplier(10)
  ->Range(1, 10'000)
  ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(observed, by_value, false, {range_measure::value, {}})
  ->Arg(100)
  ->Unit(benchmark::kMillisecond);

/// The same one by one, in the straight form.
void observed_straight(benchmark::State& state, evaluation_options how) {
  const auto& [market, plans] = bench::setting_of(static_cast<size_t>(state.range(0)), false);
  const path_extents extents(market);
  for (auto _ : state)
    for (const auto& what : plans)
      benchmark::DoNotOptimize(
        evaluate_at(market, what, *observed_venue(market, false, &extents), 10, how));
  count_plan_swaps(state);
}
BENCHMARK_CAPTURE(observed_straight, near, {})->Arg(100)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(observed_straight, by_value, {range_measure::value, {}})
  ->Arg(100)
  ->Unit(benchmark::kMillisecond);

} // namespace
} // namespace sluice

BENCHMARK_MAIN();
