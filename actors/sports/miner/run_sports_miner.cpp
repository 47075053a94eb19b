#include "actors/sports/miner/run_sports_miner.hpp"

#include "actors/base/quiet_config.hpp"
#include "actors/events/event_manager.hpp"
#include "actors/periodic/task_manager.hpp"
#include "actors/sports/miner/database.hpp"
#include "actors/sports/miner/figures.hpp"
#include "actors/sports/miner/messenger.hpp"
#include "actors/sports/miner/predictor.hpp"
#include "io/signals.hpp"
#include "io/sports/miner_settings.hpp"
#include "messages/all.hpp"
#include "messages/sports/intake.hpp"
#include "net/keys/session_key.hpp"
#include "rules/sports/miner_strategy.hpp"
#include "tools/miner/miner_event.hpp"

#include <caf/actor_system.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>

#include <atomic>
#include <chrono>
#include <fstream>
#include <mutex>
#include <random>
#include <unistd.h>
#include <utility>

namespace sluice {

namespace {

constexpr size_t results_learnt = 20'000; // the newest, of all sports
constexpr std::chrono::seconds last_figures_patience{2};

struct sports_miner_config final : quiet_config {
  sports_miner_config() : quiet_config(2) {
    add_all_messages(*this);
    add_sports_messages(*this);
    add_sports_miner_messages(*this);
  }
};

run_result miner_end(const fault& why) {
  const bool of_the_user = why.code == ec::bad_input || why.code == ec::refused;
  return {of_the_user ? 2 : 3, why.what, false};
}

std::filesystem::path figures_file(const std::string& data) {
  return std::filesystem::path{data} / "stats.json";
}

run_result show_figures(const own_miner_request& request) {
  const auto path = figures_file(request.data);
  std::ifstream file{path};
  std::string line;
  if (!file || !std::getline(file, line))
    return {3, path.string() + ": no miner has written figures there yet; --data names its folder",
            false};
  if (request.json) {
    request.write(line);
    return {0, {}, false};
  }
  const auto object = nlohmann::ordered_json::parse(line, nullptr, false);
  if (!object.is_object())
    return {3, path.string() + ": these are no figures of a miner", false};
  request.write(object.dump(2));
  return {0, {}, false};
}

/// A validator is silent after five heartbeats of ours without a word.
miner_link_terms link_terms_of(const sports_miner_settings& x) {
  constexpr uint64_t ms_per_s = 1000;
  constexpr uint64_t heartbeats = 5;
  miner_link_terms out;
  out.connect_ms = x.connect_timeout_s * ms_per_s;
  out.heartbeat_ms = x.heartbeat_s * ms_per_s;
  out.silence_ms = heartbeats * out.heartbeat_ms;
  return out;
}

/// Numbers for whoever asks, from any thread.
std::function<uint64_t()> shared_chance() {
  struct source {
    std::mutex mutex;
    std::mt19937_64 engine{net::fresh_number()};
  };
  return [made = std::make_shared<source>()] {
    const std::scoped_lock lock{made->mutex};
    return made->engine();
  };
}

class sports_miner {
public:
  sports_miner(const own_miner_request& request, storage::miner_store store,
               std::shared_ptr<net::sports_writer> writer, sports_predictor_config predictor,
               sports_miner_settings settings)
    : request_(request), settings_(settings),
      store_(std::make_shared<storage::miner_store>(std::move(store))), writer_(std::move(writer)),
      predictor_config_(std::move(predictor)) {}

  run_result play() {
    auto memory = store_->recall();
    if (!memory)
      return miner_end(memory.error());
    auto results = store_->results_of("", results_learnt);
    if (!results)
      return miner_end(results.error());
    show_opening();
    sports_miner_config config;
    caf::actor_system system{config};
    caf::scoped_actor self{system};
    start(system, std::make_shared<const miner_memory>(*std::move(memory)),
          std::make_shared<const std::vector<sports_game>>(*std::move(results)));
    self->monitor(database_);
    self->monitor(predictor_);
    self->monitor(messenger_);
    std::atomic<int> signals{0};
    const auto me = caf::actor_cast<caf::actor>(self);
    const io::signal_watch on_signal{[&](int) {
      if (++signals > 1)
        _exit(130);
      caf::anon_send(me, atom::due_v);
    }};
    run_result end;
    self->receive([&](atom::due) { end.stopped = true; },
                  [&](const caf::down_msg& down) {
                    end = {3, "a service of the miner ended: " + sentence(down.reason), false};
                  });
    stop(self);
    return end;
  }

private:
  void show(std::string_view text) const {
    tools::miner_event x{"miner", std::string{text}};
    x.object["text"] = text;
    request_.write(tools::line_of(x, request_.json, request_.unix_ms));
  }

  void show_opening() const {
    const auto& opening = store_->opening();
    if (opening.restored)
      show("the database was damaged (" + opening.damage
           + "); the newest good backup is in its place");
    if (opening.migrated_from)
      show("the database is of version " + std::to_string(*opening.migrated_from)
           + "; it was backed up and migrated");
    for (const auto& x : opening.bad_backups)
      show(x);
  }

  void start(caf::actor_system& system, std::shared_ptr<const miner_memory> memory,
             std::shared_ptr<const std::vector<sports_game>> results) {
    const auto clock = request_.unix_ms;
    events_ = spawn_event_manager(system, {clock});
    tasks_ = spawn_task_manager(system, {clock, shared_chance()}, events_);
    database_ = spawn_sports_database(system, {clock}, store_, tasks_);
    auto predictor = std::move(predictor_config_);
    predictor.unix_ms = clock;
    predictor.chance = shared_chance();
    predictor.show = [this](std::string_view x) { show(x); };
    predictor.interval_s = settings_.predictions_s;
    predictor.wager_least = settings_.wager_min;
    if (request_.uid)
      predictor.uid = miner_uid{*request_.uid};
    predictor_ = spawn_sports_predictor(system, std::move(predictor),
                                        {database_, [this] { return messenger_; }, tasks_, events_},
                                        memory, results);
    sports_messenger_config messenger;
    messenger.validators = request_.connect;
    messenger.ca = request_.ca;
    messenger.link = link_terms_of(settings_);
    messenger.games_interval_s = settings_.games_s;
    messenger.unix_ms = clock;
    messenger.chance = shared_chance();
    messenger.show = [this](std::string_view x) { show(x); };
    messenger_ = spawn_sports_messenger(system, std::move(messenger),
                                        {database_, [this] { return predictor_; }, tasks_, events_},
                                        writer_, memory);
    figures_ = spawn_sports_figures(
      system, {figures_file(request_.data).string(), settings_.stats_s, clock, clock()},
      {database_, [this] { return predictor_; }, [this] { return messenger_; }, tasks_, events_});
  }

  /// The figures once more, then connections, services, tasks, events.
  void stop(caf::scoped_actor& self) {
    self->request(figures_, last_figures_patience, run_task{"stats", 0, 1})
      .receive([](atom::done) {}, [](const caf::error&) {});
    const auto end = [&self](const auto& x) {
      self->send_exit(x, caf::exit_reason::user_shutdown);
      self->wait_for(x);
    };
    end(figures_);
    end(messenger_);
    end(predictor_);
    end(database_);
    end(tasks_);
    end(events_);
  }

  const own_miner_request& request_;
  const sports_miner_settings settings_;
  std::shared_ptr<storage::miner_store> store_;
  std::shared_ptr<net::sports_writer> writer_;
  sports_predictor_config predictor_config_;
  event_manager_actor events_;
  task_manager_actor tasks_;
  sports_database_actor database_;
  sports_predictor_actor predictor_;
  sports_messenger_actor messenger_;
  task_owner_actor figures_;
};

} // namespace

run_result run_sports_miner(const own_miner_request& request) {
  if (request.stats)
    return show_figures(request);
  auto strategy = parse_sports_strategy(request.strategy);
  if (!strategy)
    return miner_end({strategy.error().code, "--strategy: " + strategy.error().what});
  sports_predictor_config predictor;
  const auto settings = io::read_sports_miner_settings(request.settings);
  if (!settings)
    return miner_end(settings.error());
  predictor.model = std::move(strategy->model);
  predictor.command = std::move(strategy->command);
  auto signer = net::sports_signer_of_file(request.hotkey);
  if (!signer)
    return miner_end(signer.error());
  storage::backed_options options;
  options.now_s = static_cast<int64_t>(request.unix_ms() / 1000);
  auto store = storage::miner_store::open(request.data, options);
  if (!store)
    return miner_end(store.error());
  return sports_miner{request, *std::move(store),
                      std::make_shared<net::sports_writer>(*std::move(signer)),
                      std::move(predictor), *settings}
    .play();
}

} // namespace sluice
