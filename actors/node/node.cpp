#include "actors/node/node.hpp"

#include "actors/admin/admin.hpp"
#include "actors/admin/shell_port.hpp"
#include "actors/admin/views/commands_of.hpp"
#include "actors/api/api.hpp"
#include "actors/base/default_handlers.hpp"
#include "actors/base/log.hpp"
#include "actors/base/supervisor.hpp"
#include "actors/base/thrown_fault.hpp"
#include "actors/chain/chain_reader.hpp"
#include "actors/chain/chain_writer.hpp"
#include "actors/chain/dev_chain.hpp"
#include "actors/conductor.hpp"
#include "actors/events/event_manager.hpp"
#include "actors/fleet/admin_entry.hpp"
#include "actors/fleet/fleet.hpp"
#include "actors/fleet/miner_entry.hpp"
#include "actors/mechanisms.hpp"
#include "actors/metrics/metrics.hpp"
#include "actors/miner_gateway/miner_gateway.hpp"
#include "actors/periodic/task_manager.hpp"
#include "actors/roster.hpp"
#include "actors/storage_care.hpp"
#include "actors/storage_writer.hpp"
#include "actors/weights.hpp"
#include "net/http/descriptors.hpp"
#include "net/keys/session_key.hpp"

#include <caf/actor_system.hpp>
#include <caf/send.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <algorithm>
#include <map>
#include <memory>

namespace sluice {

namespace {

/// Real time between two looks at the data folder, where nobody commits.
constexpr caf::timespan look_at_folder_every = std::chrono::seconds(1);

class node_state {
public:
  static inline const char* name = "node";

  explicit node_state(observed_plain_pointer<node_actor> self)
    : self_(self), children_(self, {.how = strategy_of_restart::rest_for_one}) {}

  void setup(node_settings settings, node_links links) {
    settings_ = std::move(settings);
    links_ = std::move(links);
    mechanisms_of_miners_ = miners_of(settings_.mechanisms);
    steps_before_ = done_on_disk();
    children_.settle_first = [this] { return caf::actor_cast<caf::actor>(storage_writer_); };
    if (links_.root)
      root_ = links_.root;
    root_->taken(self_->observed().stats, self_->address());
    raise_observers();
    raise_ground();
    raise_chain();
    raise_work();
    raise_mechanisms();
    raise_time();
    if (links_.gateway)
      raise_gateway();
    raise_care();
    if (settings_.shell)
      raise_admin();
    if (settings_.fleet && !settings_.config.network.fleet.listen.empty())
      raise_fleet();
    if (links_.metrics)
      raise_metrics();
    if (links_.api)
      raise_api();
  }

  /// Those that are not there have nothing to read anew.
  void reload() {
    for (const auto& x : {caf::actor_cast<caf::actor>(gateway_), api_})
      if (x)
        caf::anon_send(x, atom::reload_v);
  }

private:
  caf::actor_system& system() { return self_->system(); }

  /// The order is the architecture: rest_for_one hands fresh handles to everyone further down.
  template <class Handle, class F>
  void child(std::string name, Handle& handle, F spawn) {
    children_.add({std::move(name), restart_rule::permanent, [&handle, spawn] {
                     handle = spawn();
                     return caf::actor_cast<caf::actor>(handle);
                   }});
  }

  /// The first to start and the last to end: everybody may publish, and nobody waits for them.
  void raise_observers() {
    child("event_manager", events_,
          [this] { return spawn_event_manager(system(), {.unix_ms = links_.unix_ms}); });
    child("task_manager", tasks_, [this] {
      return spawn_task_manager(system(), {links_.unix_ms, [] { return net::fresh_number(); }},
                                events_);
    });
  }

  void raise_ground() {
    child("reporter", reporter_, [this] { return links_.reporter(system()); });
    child("storage_writer", storage_writer_, [this] {
      return spawn_storage_writer(
        system(), {links_.disk, settings_.own_threads,
                   settings_.own_threads ? look_at_folder_every : caf::timespan{0}});
    });
  }

  uint64_t done_on_disk() const {
    const auto done = steps_done(*links_.disk, settings_.mechanisms, &settings_.config);
    if (!done)
      throw thrown_fault(done.error());
    return *done;
  }

  std::map<std::string, mechanism_actor> handles_of_mechanisms() const {
    std::map<std::string, mechanism_actor> all;
    for (const auto& [name, run] : runs_)
      all[name] = run->actor();
    return all;
  }

  void raise_chain() {
    const auto& config = settings_.config;
    child("dev_chain", backend_, [this, &config] {
      return spawn_dev_chain(system(), genesis_of(config), {links_.disk, storage_writer_},
                             config.network.miner_gateway.allow);
    });
    child("chain_reader", reader_, [this, &config] {
      return spawn_chain_reader(system(), {config.validator, config.chain_blocks_per_step},
                                {backend_});
    });
    child("chain_writer", writer_, [this, &config] {
      return spawn_chain_writer(system(), {config.validator},
                                {links_.disk, storage_writer_, backend_});
    });
  }

  void raise_work() {
    const auto& config = settings_.config;
    child("roster", roster_, [this, &config] {
      return spawn_roster(
        system(),
        {local_miners_of(settings_.mechanisms, config.miners),
         known_outside(genesis_of(config).neurons, config.network.miner_gateway.allow)},
        {links_.disk, storage_writer_});
    });
  }

  /// Those of the configuration, then who asks them all.
  void raise_mechanisms() {
    const auto& config = settings_.config;
    const mechanism_context context{config,
                                    settings_.speed,
                                    links_.disk,
                                    [this] { return storage_writer_actor{storage_writer_}; },
                                    [this] { return roster_actor{roster_}; },
                                    [this] { return reporter_; },
                                    [this] { return reader_; },
                                    links_.unix_ms,
                                    [this] { return events_; },
                                    [this] { return tasks_; }};
    for (const auto* module : settings_.mechanisms) {
      const std::string name{module->name()};
      if (!config.mechanisms.contains(name))
        continue;
      auto& run = runs_[name] = module->make_run(context);
      for (auto& x : run->children())
        children_.add({x.name, restart_rule::permanent,
                       [this, spawn = std::move(x.spawn)] { return spawn(system()); }});
    }
    child("mechanisms", mechanisms_, [this] {
      return spawn_mechanisms(system(), {},
                              {links_.disk, storage_writer_, handles_of_mechanisms()});
    });
    child("weights", weights_, [this, &config] {
      return spawn_weights(system(), config.weights,
                           {links_.disk, storage_writer_, mechanisms_, reader_, writer_,
                            [disk = links_.disk, all = settings_.mechanisms,
                             own = std::make_shared<const node_config>(config)] {
                              return why_no_scores_of(all, *disk, *own);
                            }});
    });
  }

  void raise_time() {
    child("conductor", conductor_, [this] {
      const auto done = done_on_disk();
      conductor_config config{settings_.steps ? steps_before_ + settings_.steps : 0, steps_before_,
                              done, settings_.opening,
                              followers_of(settings_.mechanisms, settings_.config)};
      config.opening.steps_done = done;
      return spawn_conductor(system(), std::move(config),
                             {mechanisms_, reader_, weights_, reporter_, links_.owner});
    });
  }

  /// Started last: nobody holds its handle, so its failure restarts nobody else.
  void raise_gateway() {
    child("miner_gateway", gateway_, [this] {
      miner_gateway_config config;
      config.terms
        = gateway_terms_of(settings_.config.network.miner_gateway, net::raise_descriptors());
      config.terms.shake.node = settings_.config.validator.value;
      config.tls = links_.gateway_tls;
      config.unix_ms = links_.unix_ms;
      config.mechanisms = mechanisms_of_miners_;
      return spawn_miner_gateway(system(), std::move(config),
                                 {links_.disk, storage_writer_, roster_, links_.gateway});
    });
  }

  void raise_care() {
    child("storage_care", care_, [this] {
      return spawn_storage_care(
        system(),
        {settings_.config.storage, settings_.mechanisms, settings_.own_threads, links_.unix_ms},
        {links_.disk, storage_writer_});
    });
  }

  /// A miner may answer all questions that are open to it at once.
  guard_bounds fleet_bounds() const {
    guard_bounds bounds;
    bounds.frames = std::max(bounds.frames, 2 * mechanisms_of_miners_->questions_max);
    return bounds;
  }

  /// Last: who comes in may ask everybody, and nobody waits for it.
  void raise_fleet() {
    std::string engine;
    for (const auto* module : settings_.mechanisms)
      if (runs_.contains(std::string{module->name()}))
        engine += module->engine_digest();
    child("fleet", fleet_, [this, engine] {
      spawn_entry worker;
      spawn_entry other_node;
      for (const auto& [name, run] : runs_) {
        if (auto entry = run->worker_entry())
          worker = std::move(entry);
        if (auto entry = run->node_entry())
          other_node = std::move(entry);
      }
      const auto miner = [roster = roster_, known = mechanisms_of_miners_](
                           caf::actor_system& system, fleet_session session) {
        return spawn_miner_entry(system, std::move(session), roster, known);
      };
      spawn_entry operators;
      if (admin_)
        operators = [admin = admin_, commands = commands_of(settings_.mechanisms)](
                      caf::actor_system& system, fleet_session session) {
          return spawn_admin_entry(system, std::move(session), admin, commands);
        };
      return spawn_fleet(system(),
                         {.network = *settings_.fleet,
                          .listen = settings_.config.network.fleet.listen,
                          .engine = engine,
                          .bounds = fleet_bounds(),
                          .listening = {}},
                         {worker, miner, operators, other_node});
    });
  }

  /// Without the socket the node runs on; who wants to look in finds the reason in the log.
  void open_shell() {
    auto opened
      = shell_port::open(system(), links_.disk->path(),
                         [commands = commands_of(settings_.mechanisms)](std::string_view line) {
                           const auto call = admin::parse_command(commands, line);
                           return !call || call->what->effect == admin::command_effect::reads;
                         });
    if (opened)
      shell_.emplace(*std::move(opened));
    else
      spdlog::warn("no shell on this node: {}", opened.error().what);
  }

  /// Looks at everybody, so it comes after all of them and is restarted with each. The socket
  /// stays.
  void raise_admin() {
    open_shell();
    child("admin", admin_, [this] {
      auto admin = spawn_admin(
        system(),
        {settings_.config, settings_.version, shell_ ? shell_->path().string() : std::string{},
         settings_.own_threads, links_.unix_ms, settings_.mechanisms, settings_.files_below},
        {links_.disk, storage_writer_, handles_of_mechanisms(), conductor_, roster_, root_,
         links_.owner, reader_, events_, tasks_, backend_, weights_, care_});
      if (shell_)
        shell_->serve(admin);
      return admin;
    });
  }

  void raise_metrics() {
    child("metrics", metrics_, [this] {
      return spawn_metrics(system(), {settings_.version, settings_.mechanisms},
                           {links_.disk, root_, gateway_, reader_, links_.metrics});
    });
  }

  /// Behind the mechanisms, whose routes it serves: it comes back with them.
  void raise_api() {
    child("api", api_, [this] {
      std::vector<mechanism_run*> all;
      for (const auto& [name, run] : runs_)
        all.push_back(run.get());
      return spawn_api(system(), {links_.api, routes_of(all), settings_.config.network.api,
                                  links_.disk->path().string(), links_.unix_ms, settings_.version});
    });
  }

  observed_plain_pointer<node_actor> self_;
  std::shared_ptr<const miner_mechanisms> mechanisms_of_miners_; // what they may be asked
  std::shared_ptr<actor_slot> root_ = std::make_shared<actor_slot>("node");
  node_settings settings_;
  node_links links_;
  uint64_t steps_before_ = 0;
  event_manager_actor events_;
  task_manager_actor tasks_;
  reporter_actor reporter_;
  owned_storage_writer_actor storage_writer_;
  enrolling_chain_actor backend_;
  chain_reader_actor reader_;
  chain_writer_actor writer_;
  enrolling_roster_actor roster_;
  std::map<std::string, std::unique_ptr<mechanism_run>> runs_; // by the mechanism's name
  mechanisms_actor mechanisms_;
  publishing_actor weights_;
  conductor_actor conductor_;
  miner_gateway_actor gateway_;
  storage_care_actor care_;
  admin_actor admin_;
  caf::actor metrics_;
  caf::actor api_;
  fleet_actor fleet_;
  std::optional<shell_port> shell_;
  supervisor children_;
};

node_actor::behavior_type node_behavior(observed_pointer<node_actor, node_state> self,
                                        node_settings settings, node_links links) {
  install_default_handlers(self);
  auto& state = self->state;
  state.setup(std::move(settings), std::move(links));
  return {
    [](atom::start) {},
    [&state](atom::reload) { state.reload(); },
  };
}

} // namespace

node_actor spawn_node(caf::actor_system& system, node_settings settings, node_links links) {
  return system.spawn(node_behavior, std::move(settings), std::move(links));
}

result<uint64_t>
steps_done(const storage::data_dir& disk, mechanism_list mechanisms, const node_config* config) {
  std::optional<uint64_t> least;
  bool some_have_none = false;
  for (const auto* module : mechanisms) {
    auto done = module->steps_done(disk);
    if (!done)
      return done.error();
    if (*done)
      least = std::min(least.value_or(**done), **done);
    else
      some_have_none
        |= config != nullptr && config->mechanisms.contains(std::string{module->name()});
  }
  // Who has done none was cut off in the first step, or is new on a folder of later ones.
  if (least == 1U && some_have_none)
    return uint64_t{0};
  return least.value_or(0);
}

dev_chain genesis_of(const node_config& config) {
  dev_chain chain;
  chain.params = config.chain;
  chain.neurons = config.neurons;
  std::sort(chain.neurons.begin(), chain.neurons.end(),
            [](const neuron& a, const neuron& b) { return a.uid < b.uid; });
  return chain;
}

} // namespace sluice
