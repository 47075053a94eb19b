/// What counting costs: messages between plain actors and between observed ones, in turns.
#include "actors/observed/observed.hpp"

#include <benchmark/benchmark.h>
#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <random>
#include <vector>

namespace sluice {
namespace {

using begin_atom = caf::atom_constant<caf::atom("begin")>;
using over_atom = caf::atom_constant<caf::atom("over")>;
using adder_actor = caf::typed_actor<caf::reacts_to<int>, caf::replies_to<over_atom>::with<int>>;
using echo_actor = caf::typed_actor<caf::replies_to<int>::with<int>>;
using asker_actor = caf::typed_actor<caf::replies_to<begin_atom, int>::with<int>>;

template <class Handle, bool Observed>
struct pointer_of {
  using type = typename Handle::pointer;
};
template <class Handle>
struct pointer_of<Handle, true> {
  using type = observed_plain_pointer<Handle>;
};
template <class Handle, bool Observed>
using pointer_to = typename pointer_of<Handle, Observed>::type;

/// Adds up whatever comes.
template <bool Observed>
adder_actor::behavior_type adder(pointer_to<adder_actor, Observed>) {
  auto sum = std::make_shared<int>(0);
  return {[sum](int x) { *sum += x; }, [sum](over_atom) { return *sum; }};
}

template <bool Observed>
echo_actor::behavior_type echo(pointer_to<echo_actor, Observed>) {
  return {[](int x) { return x; }};
}

/// Floods an adder with so many messages from its own thread.
template <bool Observed>
asker_actor::behavior_type flooder(pointer_to<asker_actor, Observed> self, adder_actor whom) {
  return {[self, whom](begin_atom, int n) {
    for (int i = 0; i < n; ++i)
      self->send(whom, 1);
    return self->delegate(whom, over_atom::value);
  }};
}

/// Asks, waits for the answer, asks again.
template <bool Observed>
struct player {
  pointer_to<asker_actor, Observed> self{};
  echo_actor whom;
  int left = 0;
  caf::typed_response_promise<int> promise;

  void ask() {
    self->request(whom, caf::infinite, left).then([this](int) {
      if (--left > 0)
        ask();
      else
        promise.deliver(0);
    });
  }
};

template <bool Observed>
asker_actor::behavior_type pinger(pointer_to<asker_actor, Observed> self, echo_actor whom) {
  auto game = std::make_shared<player<Observed>>();
  game->self = self;
  game->whom = std::move(whom);
  return {[self, game](begin_atom, int n) {
    game->left = n;
    game->promise = self->template make_response_promise<int>();
    game->ask();
    return game->promise;
  }};
}

/// Asks everybody at once and waits for all, again and again.
template <bool Observed>
asker_actor::behavior_type
fan(pointer_to<asker_actor, Observed> self, std::vector<echo_actor> whom) {
  auto missing = std::make_shared<int>(0);
  auto promise = std::make_shared<caf::typed_response_promise<int>>();
  return {[=](begin_atom, int) {
    *promise = self->template make_response_promise<int>();
    *missing = static_cast<int>(whom.size());
    for (const auto& x : whom)
      self->request(x, caf::infinite, 1).then([=](int) {
        if (--*missing == 0)
          promise->deliver(0);
      });
    return *promise;
  }};
}

enum class shape { one_way, ping_pong, fan_out };

constexpr int messages_of(shape what) {
  return what == shape::one_way ? 100'000 : what == shape::ping_pong ? 30'000 : 20'000;
}

double cpu_seconds() {
  timespec x{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &x);
  return static_cast<double>(x.tv_sec) + static_cast<double>(x.tv_nsec) / 1e9;
}

/// Messages per second of processor time, once.
template <bool Observed>
double run(caf::actor_system& system, shape what) {
  caf::scoped_actor self{system};
  std::vector<caf::actor> all;
  // Where an actor lies in memory costs or saves some percent: every one lies somewhere else.
  static std::minstd_rand anywhere{7};
  std::vector<std::unique_ptr<char[]>> gaps;
  const auto keep = [&](const auto& x) {
    gaps.push_back(std::make_unique<char[]>(1 + anywhere() % 4096));
    all.push_back(caf::actor_cast<caf::actor>(x));
    return x;
  };
  gaps.push_back(std::make_unique<char[]>(1 + anywhere() % 4096));
  asker_actor asker;
  switch (what) {
  case shape::one_way:
    asker = keep(system.spawn(flooder<Observed>, keep(system.spawn(adder<Observed>))));
    break;
  case shape::ping_pong:
    asker = keep(system.spawn(pinger<Observed>, keep(system.spawn(echo<Observed>))));
    break;
  case shape::fan_out: {
    std::vector<echo_actor> whom;
    for (int i = 0; i < 2'000; ++i)
      whom.push_back(keep(system.spawn(echo<Observed>)));
    asker = keep(system.spawn(fan<Observed>, whom));
    break;
  }
  }
  const int n = messages_of(what);
  const int turns = what == shape::fan_out ? n / 2'000 : 1;
  const auto start = cpu_seconds();
  for (int i = 0; i < turns; ++i)
    self->request(asker, caf::infinite, begin_atom::value, n)
      .receive([](int) {}, [](const caf::error&) { std::abort(); });
  const auto took = cpu_seconds() - start;
  for (const auto& x : all)
    self->send_exit(x, caf::exit_reason::user_shutdown);
  self->await_all_other_actors_done();
  return n / took;
}

double median(std::vector<double> x) {
  std::nth_element(x.begin(), x.begin() + static_cast<long>(x.size() / 2), x.end());
  return x[x.size() / 2];
}

/// Plain and observed by turns, so that the machine's moods meet both.
void observed(benchmark::State& state, shape what) {
  caf::actor_system_config config;
  config.set("scheduler.policy", caf::atom("sharing"));
  config.set("scheduler.max-threads", static_cast<size_t>(state.range(0)));
  config.set("scheduler.max-throughput", size_t{100});
  caf::actor_system system{config};
  std::vector<double> plain, counted, ratio;
  for (auto _ : state) {
    const bool first = plain.size() % 2 == 0;
    double a = first ? run<false>(system, what) : 0;
    double b = run<true>(system, what);
    if (!first)
      a = run<false>(system, what);
    plain.push_back(a);
    counted.push_back(b);
    ratio.push_back(b / a);
  }
  state.counters["plain_per_s"] = median(plain);
  state.counters["observed_per_s"] = median(counted);
  state.counters["cost_percent"] = 100 * (1 - median(ratio));
}
BENCHMARK_CAPTURE(observed, one_way, shape::one_way)->Arg(1)->Arg(2)->Iterations(51)->UseRealTime();
BENCHMARK_CAPTURE(observed, ping_pong, shape::ping_pong)
  ->Arg(1)
  ->Arg(2)
  ->Iterations(51)
  ->UseRealTime();
BENCHMARK_CAPTURE(observed, fan_out, shape::fan_out)->Arg(1)->Arg(2)->Iterations(51)->UseRealTime();

} // namespace
} // namespace sluice

BENCHMARK_MAIN();
