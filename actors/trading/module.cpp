#include "actors/trading/module.hpp"

#include "actors/trading/admin_commands.hpp"
#include "actors/trading/answers.hpp"
#include "actors/trading/audit.hpp"
#include "actors/trading/commands.hpp"
#include "actors/trading/file_source.hpp"
#include "actors/trading/indexer_source.hpp"
#include "actors/trading/metrics.hpp"
#include "actors/trading/report.hpp"
#include "actors/trading/sources.hpp"
#include "actors/trading/trading.hpp"
#include "actors/trading/views.hpp"
#include "io/trading/section.hpp"
#include "io/trading/world_file.hpp"
#include "rules/trading/name.hpp"
#include "rules/trading/run_time.hpp"
#include "storage/trading/tables.hpp"
#include "tools/trading/dev_world.hpp"

#include <fstream>
#include <random>

namespace sluice {

namespace {

const trading_settings* find_trading(const node_config& config) {
  const auto at = config.mechanisms.find(std::string{trading_name});
  return at == config.mechanisms.end() ? nullptr : at->second.find<trading_settings>();
}

/// Makes the actors of feeds; each with a number that no earlier one had.
class source_maker {
public:
  source_maker(std::function<uint64_t()> unix_ms, uint64_t seed)
    : unix_ms_(std::move(unix_ms)), chance_(seed) {}

  trading_source_actor spawn(caf::actor_system& system, const trading_feed& feed) {
    const auto incarnation = ++incarnations_;
    if (feed.kind == trading_feed_kind::file)
      return spawn_file_source(system,
                               {.feed = feed, .unix_ms = unix_ms_, .incarnation = incarnation});
    return spawn_indexer_source(
      system,
      {.feed = feed,
       .unix_ms = unix_ms_,
       .chance = [drawn = std::make_shared<std::mt19937_64>(chance_())] { return (*drawn)(); },
       .incarnation = incarnation});
  }

private:
  std::function<uint64_t()> unix_ms_;
  std::mt19937_64 chance_; // seeds the jitter of pauses
  uint64_t incarnations_ = 0;
};

class trading_run final : public mechanism_run {
public:
  explicit trading_run(const mechanism_context& context)
    : context_(context), maker_(std::make_shared<source_maker>(
                           context.unix_ms ? context.unix_ms : no_clock, context.config.seed)) {}

  std::vector<mechanism_child> children() override {
    return {{"trading_sources",
             [this](caf::actor_system& system) {
               sources_ = spawn_trading_sources(
                 system,
                 {asked_feeds(), [maker = maker_](caf::actor_system& in, const trading_feed& feed) {
                    return maker->spawn(in, feed);
                  }});
               return caf::actor_cast<caf::actor>(sources_);
             }},
            {std::string{trading_name}, [this](caf::actor_system& system) {
               const auto& config = context_.config;
               trading_ = spawn_trading(
                 system, {settings(), config.chain_blocks_per_step, config.chain.block_seconds},
                 {context_.disk, context_.storage_writer(), context_.chain(), sources_,
                  context_.unix_ms ? context_.unix_ms : no_clock});
               return caf::actor_cast<caf::actor>(trading_);
             }}};
  }

  mechanism_actor actor() const override { return trading_; }

private:
  static uint64_t no_clock() { return 0; } // tests in steps have none

  const trading_settings& settings() const { return *find_trading(context_.config); }

  /// A generated world is no feed that is asked.
  std::vector<trading_feed> asked_feeds() const {
    std::vector<trading_feed> all;
    for (const auto& feed : settings().feeds)
      if (feed.kind != trading_feed_kind::world)
        all.push_back(feed);
    return all;
  }

  mechanism_context context_;
  std::shared_ptr<source_maker> maker_;
  trading_sources_actor sources_;
  trading_actor trading_;
};

result<std::string> title_of_feed(const trading_settings& settings, const trading_feed& feed) {
  switch (feed.kind) {
  case trading_feed_kind::world:
    return feed.name + ": generated traders, seed " + std::to_string(settings.world_seed);
  case trading_feed_kind::file:
    if (!std::ifstream{feed.path} && settings.now_us)
      return fault{ec::unreachable, "trading feed " + feed.name + ": " + feed.path
                                      + " cannot be read; a recording must be there at the start"};
    return feed.name + ": " + feed.path;
  case trading_feed_kind::taostats:
  case trading_feed_kind::taoapp:
    if (!std::ifstream{feed.key_file})
      return fault{ec::unreachable, "trading feed " + feed.name + ": the key file " + feed.key_file
                                      + " cannot be read"};
    break;
  }
  return feed.name + ": " + feed.url;
}

class trading_mechanism final : public mechanism_module {
public:
  std::string_view name() const override { return trading_name; }

  // ---- configuration ----------------------------------------------------------------------------

  io::mechanism_section section() const override { return io::trading_section(); }

  result<nothing> make_dev_world(node_config& config, const dev_request& request) const override {
    if (request.seed && *request.seed != config.seed)
      tools::seed_dev_world(
        config.mechanisms.at(std::string{trading_name}).edit<trading_settings>(), *request.seed);
    return nothing{};
  }

  result<nothing> add_neurons(node_config& config) const override {
    return tools::add_trading_neurons(config);
  }

  // ---- messages and storage ---------------------------------------------------------------------

  void add_messages(caf::actor_system_config& config) const override {
    add_trading_messages(config);
  }

  storage::schema_part schema() const override { return storage::trading_schema(); }

  // ---- a run ------------------------------------------------------------------------------------

  result<std::vector<std::string>> open_sources(const node_config& config) const override {
    const auto& settings = *find_trading(config);
    if (!settings.world_file.empty())
      if (auto world = io::read_world_file(settings.world_file); !world)
        return world.error();
    std::vector<std::string> titles;
    for (const auto& feed : settings.feeds) {
      auto title = title_of_feed(settings, feed);
      if (!title)
        return title.error();
      titles.push_back(*std::move(title));
    }
    return titles;
  }

  bool endless(const node_config& config) const override {
    return is_endless(*find_trading(config));
  }

  bool follows(const node_config& config) const override {
    return tools::has_dev_world(*find_trading(config));
  }

  /// The last step that was played.
  result<std::optional<uint64_t>> steps_done(const storage::data_dir& disk) const override {
    const auto last = storage::tables::trading_steps.last(disk);
    if (!last)
      return last.error();
    return *last ? std::optional{(*last)->first} : std::nullopt;
  }

  std::unique_ptr<mechanism_run> make_run(const mechanism_context& context) const override {
    return std::make_unique<trading_run>(context);
  }

  std::string why_no_scores(const storage::data_dir& disk, const node_config&) const override {
    return why_no_trading_scores(disk);
  }

  // ---- for people -------------------------------------------------------------------------------

  std::unique_ptr<report::mechanism_report> make_report() const override {
    return make_trading_report();
  }

  void add_commands(CLI::App& app, int& exit_code) const override {
    add_trading_commands(app, exit_code);
  }

  std::span<const admin::command> admin_commands() const override {
    return trading_admin_commands();
  }

  result<std::string> view(const storage::data_dir& disk, const admin::call& call) const override {
    return views::of_trading(disk, call);
  }

  result<std::vector<audit_finding>>
  audit(const storage::data_dir& disk, const audit_scope&) const override {
    return audit_trading(disk);
  }

  void add_metrics(metric_list& out, const storage::data_dir& disk) const override {
    add_trading_metrics(out, disk);
  }
};

} // namespace

const mechanism_module& trading_module() {
  static const trading_mechanism made;
  return made;
}

} // namespace sluice
