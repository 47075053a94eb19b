#include "actors/sports/run.hpp"

#include "actors/base/thrown_fault.hpp"
#include "actors/sports/backend.hpp"
#include "actors/sports/game_feed.hpp"
#include "actors/sports/intake.hpp"
#include "actors/sports/periodic_work.hpp"
#include "actors/sports/scoring.hpp"
#include "actors/sports/service_stats.hpp"
#include "actors/sports/sports.hpp"
#include "actors/sports/survey.hpp"
#include "net/keys/session_key.hpp"
#include "net/sports/routes.hpp"
#include "rules/sports/league.hpp"
#include "rules/sports/node_settings.hpp"
#include "storage/sports/steps.hpp"

#include <atomic>
#include <mutex>
#include <optional>
#include <utility>

namespace sluice {

namespace {

/// The connections of now, for the thread of the intake.
class shared_sports_connections {
public:
  void set(std::shared_ptr<net::sports_connections> x) {
    const std::scoped_lock lock{mutex_};
    connections_ = std::move(x);
  }
  std::shared_ptr<net::sports_connections> get() const {
    const std::scoped_lock lock{mutex_};
    return connections_;
  }

private:
  mutable std::mutex mutex_;
  std::shared_ptr<net::sports_connections> connections_;
};

class sports_run final : public mechanism_run {
public:
  explicit sports_run(const mechanism_context& context) : context_(context) {
    moment_->store(start_us());
  }

  ~sports_run() override {
    if (const auto x = connections_->get())
      x->stop();
  }

  std::vector<mechanism_child> children() override {
    std::vector<mechanism_child> all{
      {"sports_intake",
       [this](caf::actor_system& system) { return as_child(intake_ = intake(system)); }},
      {"sports_scoring",
       [this](caf::actor_system& system) { return as_child(scoring_ = scoring(system)); }},
      {"sports_survey",
       [this](caf::actor_system& system) { return as_child(survey_ = survey(system)); }},
    };
    if (!settings().feed.url.empty())
      all.push_back(
        {"game_feed", [this](caf::actor_system& system) { return as_child(feed(system)); }});
    if (!stepped())
      all.push_back({"sports_periodic",
                     [this](caf::actor_system& system) { return as_child(periodic(system)); }});
    if (!stepped() && context_.tasks)
      all.push_back({"sports_stats", [this](caf::actor_system& system) {
                       return as_child(service_stats(system));
                     }});
    all.push_back({std::string{sports_name}, [this](caf::actor_system& system) {
                     return as_child(sports_ = sports(system));
                   }});
    return all;
  }

  mechanism_actor actor() const override { return sports_; }

  void add_routes(net::http_router& out) override {
    auto signer = net::sports_signer_of_file(settings().transport.key_file);
    if (!signer)
      throw thrown_fault("sports: transport.key_file: ", signer.error());
    net::sports_connections_terms terms;
    terms.unix_us = real_clock();
    terms.transport = settings().transport;
    terms.signer = *std::move(signer);
    auto connections = std::make_shared<net::sports_connections>(std::move(terms));
    const auto freshness_us = static_cast<int64_t>(settings().transport.freshness_s) * 1'000'000;
    net::add_sports_routes(
      out, connections,
      make_sports_backend({context_.disk, intake_, seen_, real_clock(), freshness_us, stepped()}));
    connections_->set(std::move(connections));
  }

private:
  template <class Handle>
  static caf::actor as_child(const Handle& x) {
    return caf::actor_cast<caf::actor>(x);
  }

  const sports_node_settings& settings() const { return *find_sports(context_.config); }
  bool stepped() const { return settings().world.has_value(); }

  event_manager_actor events() const {
    return context_.events ? context_.events() : event_manager_actor{};
  }
  task_manager_actor tasks() const {
    return context_.tasks ? context_.tasks() : task_manager_actor{};
  }

  /// The last step's moment, or the beginning of the world.
  int64_t start_us() const {
    if (!stepped())
      return 0;
    const auto last = storage::tables::sports_steps.last(*context_.disk);
    if (!last)
      throw thrown_fault(last.error());
    return *last ? (*last)->second.time_us : sports_moment_us(*settings().world, 0);
  }

  /// The node's; a world stands still between its steps.
  std::function<int64_t()> clock() const {
    if (!stepped() && context_.unix_ms)
      return [ms = context_.unix_ms] { return static_cast<int64_t>(ms()) * 1000; };
    return [moment = moment_] { return moment->load(); };
  }

  /// Of messages of miners outside, who do not live in the world.
  std::function<int64_t()> real_clock() const {
    if (context_.unix_ms)
      return [ms = context_.unix_ms] { return static_cast<int64_t>(ms()) * 1000; };
    return clock();
  }

  sports_intake_actor intake(caf::actor_system& system) const {
    sports_intake_config config;
    config.rules = settings().rules;
    config.stepped = stepped();
    config.has_feed = !settings().feed.url.empty() && settings().rules.odds_stale_s > 0;
    config.now_us = clock();
    config.freshness_s = settings().transport.freshness_s;
    const auto on_games = [connections = connections_](std::span<const sports_game> games) {
      if (const auto now = connections->get())
        now->publish(games);
    };
    return spawn_sports_intake(
      system, std::move(config),
      {context_.disk, context_.storage_writer(), context_.chain(), seen_, events(), on_games});
  }

  sports_scoring_actor scoring(caf::actor_system& system) const {
    return spawn_sports_scoring(
      system, settings().rules,
      {context_.disk, context_.storage_writer(), context_.chain(), intake_, seen_, events()});
  }

  sports_survey_actor survey(caf::actor_system& system) const {
    return spawn_sports_survey(system, {stepped(), settings().rules.daily_limit},
                               {context_.roster(), intake_});
  }

  game_feed_actor feed(caf::actor_system& system) const {
    game_feed_config config;
    config.feed = settings().feed;
    config.unix_ms = [now = clock()] { return static_cast<uint64_t>(now() / 1000); };
    config.chance = [] { return net::fresh_number(); };
    return spawn_game_feed(system, std::move(config),
                           {caf::actor_cast<sports_games_actor>(intake_), tasks()});
  }

  task_owner_actor periodic(caf::actor_system& system) const {
    sports_periodic_config config;
    config.rules = settings().rules;
    config.step_s = settings().step_s;
    config.block_seconds = context_.config.chain.block_seconds;
    config.now_us = clock();
    return spawn_sports_periodic(system, std::move(config), {intake_, scoring_, survey_, tasks()});
  }

  task_owner_actor service_stats(caf::actor_system& system) const {
    service_stats_config config;
    config.own = context_.config.validator;
    config.now_us = clock();
    config.block_seconds = context_.config.chain.block_seconds;
    config.connections
      = [connections = connections_]() -> std::optional<net::sports_connection_counts> {
      const auto now = connections->get();
      return now ? std::optional{now->counts()} : std::nullopt;
    };
    return spawn_service_stats(
      system, std::move(config),
      {context_.disk, context_.storage_writer(), context_.chain(), tasks(), events()});
  }

  mechanism_actor sports(caf::actor_system& system) const {
    sports_config config;
    config.settings = settings();
    config.own = context_.config.validator;
    config.now_us = clock();
    config.on_moment = [moment = moment_](int64_t now_us) { moment->store(now_us); };
    if (stepped())
      config.world_games = [world = *settings().world](uint64_t step) {
        return league_updates(world, sports_moment_us(world, step));
      };
    config.block_seconds = context_.config.chain.block_seconds;
    config.pace_s = context_.config.chain_blocks_per_step * context_.config.chain.block_seconds;
    config.speed = context_.speed;
    return spawn_sports(system, std::move(config),
                        {context_.disk, context_.storage_writer(), context_.chain(), intake_,
                         scoring_, survey_, events(), tasks()});
  }

  mechanism_context context_;
  std::shared_ptr<std::atomic<int64_t>> moment_ = std::make_shared<std::atomic<int64_t>>(0);
  std::shared_ptr<sports_public_view> seen_ = std::make_shared<sports_public_view>();
  std::shared_ptr<shared_sports_connections> connections_
    = std::make_shared<shared_sports_connections>();
  sports_intake_actor intake_;
  sports_scoring_actor scoring_;
  sports_survey_actor survey_;
  mechanism_actor sports_;
};

} // namespace

std::unique_ptr<mechanism_run> make_sports_run(const mechanism_context& context) {
  return std::make_unique<sports_run>(context);
}

} // namespace sluice
