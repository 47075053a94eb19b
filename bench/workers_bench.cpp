/// A competition at home, and with a worker of one core beside it: what the second core brings over
/// CAF, and what bringing it the market costs. Node and worker have an actor system and sockets of
/// their own each, on loopback, in one process.
#include "actors/fleet/fleet.hpp"
#include "actors/fleet/link.hpp"
#include "actors/liquidity/work/engine_digest.hpp"
#include "actors/liquidity/work/simulators.hpp"
#include "actors/liquidity/work/worker.hpp"
#include "actors/liquidity/work/worker_entry.hpp"
#include "actors/mechanism_module.hpp"
#include "plans_workload.hpp"

#include <benchmark/benchmark.h>
#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>

#include <future>

namespace sluice {
namespace {

/// Threads for `calculating` actors at the same time, and one that listens.
struct bench_config : caf::actor_system_config {
  bench_config(const fleet_network& network, size_t calculating) {
    add_messages(*this, all_mechanisms());
    set("scheduler.policy", caf::atom("sharing"));
    set("scheduler.max-threads", calculating + 1);
    load_network(*this, network);
  }
};

/// A worker in an actor system of its own.
class bench_worker {
public:
  bench_worker(const fleet_network& network, const std::string& where)
    : config_(network, 1), system_(config_) {
    worker_config config;
    config.cores = 1;
    config.link = [network, where](caf::actor_system& system, caf::actor owner) {
      link_config link{.network = network, .where = where, .who = {}, .sign = {}};
      link.who.name = "bench";
      link.who.engine = engine_digest();
      link.who.cores = 1;
      return spawn_link(system, std::move(link), std::move(owner));
    };
    config.connection_changed = [this](bool in, const std::string&, bool) {
      if (in && !std::exchange(connected_, true))
        in_.set_value();
    };
    worker_ = spawn_worker(system_, std::move(config));
    in_.get_future().wait();
  }
  ~bench_worker() { caf::anon_send_exit(worker_, caf::exit_reason::user_shutdown); }

private:
  bench_config config_;
  caf::actor_system system_;
  std::promise<void> in_;
  bool connected_ = false;
  worker_actor worker_;
};

void workers(benchmark::State& state, pool_model model) {
  const fleet_network network;
  bench_config config{network, 1};
  caf::actor_system system{config};
  const auto pool = spawn_simulators(system, 1, {.patience_ms = 60'000});
  std::promise<uint16_t> port;
  const auto fleet
    = spawn_fleet(system,
                  {.network = network,
                   .listen = "127.0.0.1:0",
                   .engine = engine_digest(),
                   .listening = [&port](uint16_t x) { port.set_value(x); }},
                  {[pool](caf::actor_system& s, fleet_session session) {
                     return fleet_entry_actor{spawn_worker_entry(s, std::move(session), pool)};
                   },
                   {},
                   {}});
  const auto where = "127.0.0.1:" + std::to_string(port.get_future().get());
  std::unique_ptr<bench_worker> far;
  if (state.range(0) > 0)
    far = std::make_unique<bench_worker>(network, where);
  const auto& [market, plans] = bench::setting_of(4096, false);
  const simulation work{std::make_shared<const window>(market), plans, model, 10};
  {
    caf::scoped_actor self{system};
    const auto ask = [&] {
      self->request(pool, caf::infinite, work)
        .receive([](const simulation_result& done) { benchmark::DoNotOptimize(&done); },
                 [&](const caf::error&) { state.SkipWithError("a simulator failed"); });
    };
    ask(); // brings the market, and its first part is checked
    for (auto _ : state)
      ask();
    far = nullptr;
    self->send_exit(fleet, caf::exit_reason::user_shutdown);
    self->send_exit(pool, caf::exit_reason::user_shutdown);
  }
  state.SetItemsProcessed(4096 * 5000 * static_cast<int64_t>(state.iterations()));
}
BENCHMARK_CAPTURE(workers, replayed, pool_model::replayed)
  ->Arg(0)
  ->Arg(1)
  ->UseRealTime()
  ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(workers, observed, pool_model::observed)
  ->Arg(0)
  ->Arg(1)
  ->UseRealTime()
  ->Unit(benchmark::kMillisecond);

} // namespace
} // namespace sluice

BENCHMARK_MAIN();
