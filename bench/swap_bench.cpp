/// Swaps through a pool of ordinary shape, beside the straight form of the same run.
#include "../tests/support/straight_pool.hpp"
#include "sim/full_math.hpp"
#include "sim/narrow_step.hpp"
#include "sim/tick_math.hpp"
#include "swap_workload.hpp"

#include <benchmark/benchmark.h>
#include <boost/multiprecision/cpp_int.hpp>

namespace sluice {
namespace {

using boost_u512 = boost::multiprecision::number<boost::multiprecision::cpp_int_backend<
  512, 512, boost::multiprecision::unsigned_magnitude, boost::multiprecision::unchecked, void>>;

/// The shapes of facts/performance §1, each with a thousand different numbers.
struct shape {
  std::vector<u256> a, b, d;
};

u256 random_bits(std::mt19937_64& luck, unsigned bits) {
  const u256 x = u256::from_limbs({luck(), luck(), luck(), luck()});
  return (x >> (256 - bits)) | (u256{1} << (bits - 1));
}

enum kind : int64_t { amount0, next_price, fee_growth, less_fee, amount1, any_widths, full };
constexpr const char* names[]
  = {"amount0", "next_price", "fee_growth", "less_fee", "amount1", "any_widths", "full"};

shape shape_of(int64_t which) {
  std::mt19937_64 luck(7);
  const auto width = [&luck](unsigned from, unsigned to) {
    return from + static_cast<unsigned>(luck() % (to - from + 1));
  };
  shape made;
  for (int i = 0; i < 1000; ++i) {
    const u256 liquidity = random_bits(luck, width(50, 64));
    const u256 price = random_bits(luck, width(80, 110));
    const u256 amount = random_bits(luck, width(30, 60));
    u256 a, b, d;
    if (which == amount0) // (L << 96) * dP / P
      a = liquidity << 96, b = random_bits(luck, width(50, 70)), d = price;
    else if (which == next_price) // (L << 96) * P / ((L << 96) + amount * P)
      a = liquidity << 96, b = price, d = a + amount * price;
    else if (which == fee_growth) // fee * 2^128 / L
      a = random_bits(luck, width(20, 50)), b = u256{1} << 128, d = liquidity;
    else if (which == less_fee) // amount * (1e6 - fee) / 1e6
      a = amount, b = 1'000'000U - 500U, d = 1'000'000U;
    else if (which == amount1) // L * dP / 2^96
      a = liquidity, b = random_bits(luck, width(50, 70)), d = u256{1} << 96;
    else if (which == full)
      a = random_bits(luck, 256), b = random_bits(luck, 255), d = random_bits(luck, 256);
    else // whose quotient fits
      a = random_bits(luck, width(1, 256)), b = random_bits(luck, width(1, 256)),
      d = random_bits(luck, std::min(256U, std::max(1U, a.bit_width() + b.bit_width() > 256
                                                          ? a.bit_width() + b.bit_width() - 255
                                                          : width(1, 256))));
    made.a.push_back(a);
    made.b.push_back(b);
    made.d.push_back(d);
  }
  return made;
}

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
    if (which == fee_growth) {
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
BENCHMARK(in_the_loop)->DenseRange(fee_growth, amount1);

void mul_div_boost(benchmark::State& state) {
  const auto numbers = shape_of(state.range(0));
  state.SetLabel(names[state.range(0)]);
  std::vector<boost_u512> a, b, d;
  for (size_t i = 0; i < 1000; ++i) {
    a.emplace_back(to_string(numbers.a[i]));
    b.emplace_back(to_string(numbers.b[i]));
    d.emplace_back(to_string(numbers.d[i]));
  }
  size_t i = 0;
  for (auto _ : state) {
    boost_u512 x = a[i] * b[i] / d[i];
    benchmark::DoNotOptimize(x);
    i = i == 999 ? 0 : i + 1;
  }
}
BENCHMARK(mul_div_boost)->DenseRange(amount0, full);

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
