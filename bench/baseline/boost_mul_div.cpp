/// What Boost.Multiprecision takes for the same divisions, compiled as anybody would: -O3.
#include "../mul_div_shapes.hpp"

#include <benchmark/benchmark.h>
#include <boost/multiprecision/cpp_int.hpp>

namespace sluice {
namespace {

using namespace bench;

using boost_u512 = boost::multiprecision::number<boost::multiprecision::cpp_int_backend<
  512, 512, boost::multiprecision::unsigned_magnitude, boost::multiprecision::unchecked, void>>;

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

} // namespace
} // namespace sluice
