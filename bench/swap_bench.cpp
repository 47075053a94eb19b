/// Swaps through a pool of ordinary shape, beside the straight form of the same run.
#include "../tests/support/straight_pool.hpp"
#include "mul_div_shapes.hpp"
#include "sim/math/full_math.hpp"
#include "sim/math/narrow_step.hpp"
#include "sim/math/tick_math.hpp"
#include "swap_workload.hpp"

#include <benchmark/benchmark.h>

namespace sluice {
namespace {

using namespace bench;

void mul_div_ours(benchmark::State& state) {
  const auto numbers = shape_of(state.range(0));
  state.SetLabel(names[state.range(0)]);
  size_t i = 0;
  for (auto _ : state) {
    auto x = mul_div(numbers.a[i], numbers.b[i], numbers.d[i]);
    benchmark::DoNotOptimize(x);
    i = i == 999 ? 0 : i + 1;
  }
}
BENCHMARK(mul_div_ours)->DenseRange(amount0, full);

/// As the swap loops do it: L has its reciprocal already, constants are known, 2^96 is a shift.
void in_the_loop(benchmark::State& state) {
  const auto which = state.range(0);
  state.SetLabel(names[which]);
  const auto numbers = shape_of(which);
  std::vector<u128> a, b;
  std::vector<stretch> here;
  for (size_t i = 0; i < 1000; ++i) {
    a.push_back(static_cast<u128>(numbers.a[i]));
    b.push_back(static_cast<u128>(numbers.b[i]));
    here.emplace_back(static_cast<u128>(numbers.d[i]));
  }
  size_t i = 0;
  for (auto _ : state) {
    if (which == next_price) { // P - floor(P * x * P / (n + x * P)), x * P as the step has it
      auto x = divide_to_128(multiply_256_by_128(numbers.d[i] - numbers.a[i], b[i]), numbers.d[i]);
      benchmark::DoNotOptimize(x);
    } else if (which == fee_growth) {
      auto x = here[i].divide(a[i], 0);
      benchmark::DoNotOptimize(x);
    } else if (which == less_fee) {
      auto x = without_fee(a[i], 500);
      benchmark::DoNotOptimize(x);
    } else {
      auto x = multiply_128(a[i], b[i]) >> 96;
      benchmark::DoNotOptimize(x);
    }
    i = i == 999 ? 0 : i + 1;
  }
}
BENCHMARK(in_the_loop)->DenseRange(next_price, amount1);

template <class Pool>
void swaps(benchmark::State& state, const bench::workload& work) {
  const Pool start(work.start);
  Pool at = start;
  size_t i = 0;
  uint64_t failed = 0;
  for (auto _ : state) {
    if (i == work.orders.size()) {
      state.PauseTiming();
      at = start;
      i = 0;
      state.ResumeTiming();
    }
    auto moved = at.swap(work.orders[i++], 1);
    failed += moved ? 0 : 1;
    benchmark::DoNotOptimize(moved);
  }
  state.counters["crossings"] = work.crossings_per_swap;
  state.counters["ticks"] = static_cast<double>(work.start.ticks().size());
  state.counters["tick_bytes"] = static_cast<double>(work.start.memory().ticks);
  if (failed != 0)
    state.SkipWithError("a swap reverts");
}

void engine(benchmark::State& state, bench::workload work) {
  swaps<pool>(state, work);
}
void straight(benchmark::State& state, bench::workload work) {
  swaps<test::straight_pool>(state, work);
}
BENCHMARK_CAPTURE(engine, in_range, bench::in_range());
BENCHMARK_CAPTURE(straight, in_range, bench::in_range());
BENCHMARK_CAPTURE(engine, mixed, bench::mixed());
BENCHMARK_CAPTURE(straight, mixed, bench::mixed());
BENCHMARK_CAPTURE(engine, dense, bench::dense());
BENCHMARK_CAPTURE(straight, dense, bench::dense());

} // namespace
} // namespace sluice

BENCHMARK_MAIN();
