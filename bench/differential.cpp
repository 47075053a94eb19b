/// Millions of random swaps, the engine against its straight form: differential [SWAPS] [SEED].
#include "../tests/support/random_swaps.hpp"

#include <chrono>
#include <cstdio>
#include <cstdlib>

int main(int argc, char** argv) {
  using namespace sluice;
  const uint64_t swaps = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 10'000'000;
  uint64_t seed = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1;
  test::hunt_count count;
  std::printf("first seed %llu\n", static_cast<unsigned long long>(seed));
  while (count.swaps < swaps) {
    if (const auto why = test::swap_hunt(seed).play(1000, count); !why.empty()) {
      std::printf("seed %llu: %s\n", static_cast<unsigned long long>(seed), why.c_str());
      return 1;
    }
    ++seed;
  }
  std::printf(
    "%llu swaps in %llu steps over %llu ticks, %llu reverts, %llu pools: 0 differ\n",
    static_cast<unsigned long long>(count.swaps), static_cast<unsigned long long>(count.steps),
    static_cast<unsigned long long>(count.crossed), static_cast<unsigned long long>(count.reverts),
    static_cast<unsigned long long>(count.pools));
  return 0;
}
