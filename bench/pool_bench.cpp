/// What a swap, a copy of a pool and a plan cost; each beside a baseline of the same run.
#include "sim/evaluate/market.hpp"
#include "sim/evaluate/window.hpp"
#include "sim/math/full_math.hpp"
#include "sim/math/tick_math.hpp"

#include <benchmark/benchmark.h>
#include <boost/multiprecision/cpp_int.hpp>

#include <memory>

namespace sluice {
namespace {

using boost_u512 = boost::multiprecision::number<boost::multiprecision::cpp_int_backend<
  512, 512, boost::multiprecision::unsigned_magnitude, boost::multiprecision::unchecked, void>>;

const u256 factor_a = (u256{1'234'567'890'123u} << 96) + u256{987'654'321u};
const u256 factor_b = (u256{77'777u} << 80) + u256{12'345u};
const u256 divisor = (u256{999'999'937u} << 66) + u256{3u};

void mul_div_ours(benchmark::State& state) {
  auto a = factor_a;
  for (auto _ : state) {
    auto x = mul_div(a, factor_b, divisor);
    benchmark::DoNotOptimize(x);
    a = a + 1u;
  }
}
BENCHMARK(mul_div_ours);

void mul_div_boost(benchmark::State& state) {
  boost_u512 a{to_string(factor_a)};
  const boost_u512 b{to_string(factor_b)}, d{to_string(divisor)};
  for (auto _ : state) {
    boost_u512 x = a * b / d;
    benchmark::DoNotOptimize(x);
    ++a;
  }
}
BENCHMARK(mul_div_boost);

/// A market of a day, and its pool.
market a_day_of_market() {
  market m{{}, 7};
  for (int i = 0; i < 43'200; ++i)
    (void)m.next();
  return m;
}

void swap_there_and_back(benchmark::State& state) {
  auto p = a_day_of_market().state();
  const swap_request down{true, i256{1'000'000'000'000'000}, min_sqrt_ratio + 1u};
  const swap_request up{false, i256{3'000'000}, max_sqrt_ratio - 1u};
  uint32_t now = 1'900'000'000;
  for (auto _ : state) {
    auto a = p.swap(down, now, {});
    auto b = p.swap(up, now, {});
    benchmark::DoNotOptimize(a);
    benchmark::DoNotOptimize(b);
  }
  state.SetItemsProcessed(2 * static_cast<int64_t>(state.iterations()));
}
BENCHMARK(swap_there_and_back);

void copy_of_a_pool(benchmark::State& state) {
  const auto p = a_day_of_market().state();
  for (auto _ : state) {
    auto copy = p;
    benchmark::DoNotOptimize(copy);
  }
}
BENCHMARK(copy_of_a_pool);

/// Plans on a window of 450 blocks, by model.
void plan_in_a_round(benchmark::State& state) {
  auto m = a_day_of_market();
  auto r = replica::of_pool({500, 10, 18, 6}, m.state());
  window round{r.terms(), m.next_number(), m.next_number() + 449, r.price(), r.snapshot(), {}};
  int64_t swaps = 0;
  for (int i = 0; i < 450; ++i) {
    auto record = r.apply(m.next());
    if (!record) {
      state.SkipWithError(record.error().what.c_str());
      return;
    }
    swaps += static_cast<int64_t>((**record).swaps.size());
    round.blocks.push_back(*record);
  }
  const auto tick = round.start.tick / 10 * 10;
  plan what;
  what.start = {u256{10'000'000'000'000'000'000u}, u256{30'000'000'000u}};
  what.opening = {{tick - 500, tick + 500, what.start.amount0, what.start.amount1, {}}};
  const auto model = state.range(0) == 0 ? pool_model::observed : pool_model::replayed;
  for (auto _ : state) {
    auto outcome = evaluate(round, what, model, 10);
    benchmark::DoNotOptimize(outcome);
  }
  state.counters["swaps"] = static_cast<double>(swaps);
}
BENCHMARK(plan_in_a_round)->Arg(0)->Arg(1);

} // namespace
} // namespace sluice

BENCHMARK_MAIN();
