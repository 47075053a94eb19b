// What comparing the plans of all miners costs per evaluation round, with a full window.
#include "rules/liquidity/clusters.hpp"
#include "tests/rules/liquidity/played_rounds.hpp"

#include <benchmark/benchmark.h>

#include <random>

namespace sluice {

namespace {

/// So many miners, whose plans are chosen from `plans` different ones, changed in one of three
/// questions; liquidity differs by less than 2 %.
test::played_round
round_of(uint64_t number, size_t miners, uint64_t plans, std::mt19937_64& random) {
  test::played_round round{{{{-10, 10}, 500}}, 450 * number};
  for (size_t i = 0; i < miners; ++i) {
    test::played x{"miner-" + std::to_string(i)};
    auto lower = static_cast<int32_t>(random() % plans);
    for (size_t q = 0; q < test::played_round::questions; ++q) {
      if (random() % 3 == 0)
        lower = static_cast<int32_t>(random() % plans);
      x.asked.push_back(q);
      x.held.push_back({{{-10 * lower - 10, 10}, 10'000 + random() % 100},
                        {{-10 * lower - 10, 20}, 10'000 + random() % 100}});
    }
    round.add(x);
  }
  return round;
}

/// Arguments: miners, different plans. A round comes and the oldest goes.
void a_round(benchmark::State& state) {
  std::mt19937_64 random{1};
  const auto miners = static_cast<size_t>(state.range(0));
  std::vector<test::played_round> rounds;
  for (uint64_t n = 1; n <= 8; ++n)
    rounds.push_back(round_of(n, miners, static_cast<uint64_t>(state.range(1)), random));
  plan_history history;
  for (size_t i = 0; i < activity_rounds; ++i)
    rounds[i % rounds.size()].book(history);
  size_t next = 0;
  for (auto _ : state)
    rounds[next++ % rounds.size()].book(history);
}
BENCHMARK(a_round)->Args({8, 4})->Args({256, 1})->Args({256, 16})->Args({256, 1024});

void the_clusters(benchmark::State& state) {
  std::mt19937_64 random{1};
  const auto miners = static_cast<size_t>(state.range(0));
  plan_history history;
  for (uint64_t n = 1; n <= activity_rounds; ++n)
    round_of(n, miners, static_cast<uint64_t>(state.range(1)), random).book(history);
  std::vector<cluster_member> members;
  for (size_t i = 0; i < miners; ++i)
    members.push_back({{static_cast<uint16_t>(i)}, {"miner-" + std::to_string(i)}, ""});
  for (auto _ : state)
    benchmark::DoNotOptimize(clusters_of(history, members));
}
BENCHMARK(the_clusters)->Args({8, 4})->Args({256, 1})->Args({256, 1024});

} // namespace

} // namespace sluice

BENCHMARK_MAIN();
