#include "actors/liquidity/work/run_worker.hpp"

#include "actors/base/quiet_config.hpp"
#include "actors/fleet/link.hpp"
#include "actors/liquidity/work/engine_digest.hpp"
#include "actors/liquidity/work/worker.hpp"
#include "io/signals.hpp"
#include "messages/all.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <thread>
#include <unistd.h>

namespace sluice {

namespace {

using namespace std::chrono_literals;

run_result worker_failed(const fault& why) {
  const bool usage = why.code == ec::bad_input || why.code == ec::refused;
  return {usage ? 2 : 3, why.what, false};
}

struct worker_system_config : quiet_config {
  worker_system_config(const fleet_network& network, size_t cores)
    : quiet_config(cores + 1) { // one receives while the others calculate
    add_all_messages(*this);
    add_liquidity_messages(*this);
    set("scheduler.max-throughput", size_t{100});
    load_network(*this, network);
  }
};

std::string name_of(const worker_options& options, const fleet_network& network) {
  if (!options.name.empty())
    return options.name;
  if (network.identity)
    return network.identity->name();
  std::array<char, 48> host{};
  ::gethostname(host.data(), host.size() - 1);
  const std::string name = std::string{host.data()} + "-" + std::to_string(::getpid());
  return is_fleet_name(name) ? name : "worker-" + std::to_string(::getpid());
}

class worker_run {
public:
  worker_run(const worker_options& options, fleet_network network)
    : options_(options), network_(std::move(network)),
      cores_(options.cores != 0 ? options.cores
                                : std::max(1u, std::thread::hardware_concurrency())) {}

  run_result play() {
    worker_system_config config{network_, cores_};
    caf::actor_system system{config};
    caf::scoped_actor self{system};
    const auto me = caf::actor_cast<caf::actor>(self);
    std::atomic<int> signals{0};
    const io::signal_watch on_signal{[&](int) {
      if (++signals > 1)
        _exit(130);
      caf::anon_send(me, atom::due_v);
    }};
    const auto worker = spawn_worker(system, config_of(me));
    self->monitor(worker);
    run_result end;
    bool down = false;
    self->receive([&](atom::due) { end.stopped = true; },
                  [&](const link_down& lost) {
                    end = {3, lost.why, false};
                  },
                  [&](const caf::down_msg& gone) {
                    end = {70, sentence(gone.reason), false};
                    down = true;
                  });
    caf::anon_send_exit(worker, caf::exit_reason::user_shutdown);
    if (!down)
      self->receive(
        [](const caf::down_msg&) {},
        caf::after(900ms) >>
          [&] {
            std::_Exit(end.stopped ? 0 : end.code); // a simulator is busy: nothing of it is needed
          });
    return end;
  }

private:
  worker_config config_of(const caf::actor& me) {
    worker_config config;
    config.cores = cores_;
    link_config link{.network = network_, .where = options_.where, .who = {}, .sign = {}};
    link.who.role = fleet_role::worker;
    link.who.name = name_of(options_, network_);
    link.who.engine = engine_digest();
    link.who.cores = cores_;
    config.connection_changed
      = [this, me, name = link.who.name](bool in, const std::string& what, bool refused) {
          print(in ? "worker " + name + ": in at " + options_.where + " (" + what + "), "
                       + std::to_string(cores_) + (cores_ == 1 ? " core" : " cores")
                   : "worker " + name + ": " + what + (options_.once ? "" : "; trying again"));
          if (!in && options_.once)
            caf::anon_send(me, link_down{what, refused});
        };
    config.link = [link](caf::actor_system& system, caf::actor owner) {
      return spawn_link(system, link, std::move(owner));
    };
    return config;
  }

  /// The same text again and again is printed once.
  void print(const std::string& line) {
    if (line != last_ && options_.print)
      options_.print(line);
    last_ = line;
  }

  const worker_options& options_;
  fleet_network network_;
  uint32_t cores_;
  std::string last_;
};

} // namespace

run_result run_worker(worker_options options) {
  auto network = fleet_network_of(options.network, options.where);
  if (!network)
    return worker_failed(network.error());
  if (!options.name.empty() && !is_fleet_name(options.name))
    return worker_failed({ec::bad_input, "--name: expected 1 to 64 of letters, digits, '.', '_' "
                                         "and '-', got "
                                           + options.name.substr(0, 64)});
  if (network->identity && network->identity->role() != fleet_role::worker)
    return worker_failed({ec::bad_input, options.network.certificate + ": the certificate is of a "
                                           + std::string{to_string(network->identity->role())}
                                           + ": expected one of a worker; make one: sluice keys "
                                             "tls new DIR --name NAME --role worker"});
  return worker_run{options, *std::move(network)}.play();
}

} // namespace sluice
