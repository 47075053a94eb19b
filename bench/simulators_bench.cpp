/// Plans over one and over two simulators: what a second core brings.
#include "actors/liquidity/work/simulators.hpp"
#include "plans_workload.hpp"

#include <benchmark/benchmark.h>
#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>

namespace sluice {
namespace {

void simulators(benchmark::State& state, pool_model model) {
  caf::actor_system_config config;
  config.set("scheduler.policy", caf::atom("sharing"));
  config.set("scheduler.max-threads", static_cast<size_t>(state.range(0)));
  caf::actor_system system{config};
  const auto pool = spawn_simulators(system, static_cast<uint32_t>(state.range(0)));
  const auto& [market, plans] = bench::setting_of(4096, false);
  simulation work{std::make_shared<const window>(market), plans, model, 10};
  {
    caf::scoped_actor self{system};
    for (auto _ : state)
      self->request(pool, caf::infinite, work)
        .receive([](const simulation_result& done) { benchmark::DoNotOptimize(&done); },
                 [&](const caf::error&) { state.SkipWithError("a simulator failed"); });
    self->send_exit(pool, caf::exit_reason::user_shutdown);
  }
  state.SetItemsProcessed(4096 * 5000 * static_cast<int64_t>(state.iterations()));
}
BENCHMARK_CAPTURE(simulators, replayed, pool_model::replayed)
  ->Arg(1)
  ->Arg(2)
  ->UseRealTime()
  ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(simulators, observed, pool_model::observed)
  ->Arg(1)
  ->Arg(2)
  ->UseRealTime()
  ->Unit(benchmark::kMillisecond);

} // namespace
} // namespace sluice

BENCHMARK_MAIN();
