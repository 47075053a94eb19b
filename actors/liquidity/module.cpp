#include "actors/liquidity/module.hpp"

#include "actors/liquidity/admin_commands.hpp"
#include "actors/liquidity/audit.hpp"
#include "actors/liquidity/commands.hpp"
#include "actors/liquidity/job_changes.hpp"
#include "actors/liquidity/liquidity.hpp"
#include "actors/liquidity/metrics.hpp"
#include "actors/liquidity/miner.hpp"
#include "actors/liquidity/report/jobs_report.hpp"
#include "actors/liquidity/steps_done.hpp"
#include "actors/liquidity/views/views.hpp"
#include "actors/liquidity/why_no_scores.hpp"
#include "actors/liquidity/work/engine_digest.hpp"
#include "actors/liquidity/work/simulators.hpp"
#include "actors/liquidity/work/worker_entry.hpp"
#include "io/liquidity/block_source.hpp"
#include "io/liquidity/section.hpp"
#include "net/liquidity/miner_bodies.hpp"
#include "rules/limits.hpp"
#include "storage/liquidity/retention.hpp"
#include "storage/liquidity/tables.hpp"
#include "tools/liquidity/dev_world.hpp"
#include "tools/liquidity/liquidity_miner.hpp"

namespace sluice {

namespace {

class liquidity_run final : public mechanism_run {
public:
  explicit liquidity_run(const mechanism_context& context) : context_(context) {}

  std::vector<mechanism_child> children() override {
    return {{"simulators",
             [this](caf::actor_system& system) {
               simulators_ = spawn_simulators(system, settings().simulators);
               return caf::actor_cast<caf::actor>(simulators_);
             }},
            {std::string{liquidity_name}, [this](caf::actor_system& system) {
               liquidity_ = spawn_liquidity(
                 system, {settings(), context_.speed, context_.config.weights.burn_uid},
                 {context_.disk, context_.storage_writer(), context_.roster(), simulators_,
                  context_.reporter()});
               return caf::actor_cast<caf::actor>(liquidity_);
             }}};
  }

  mechanism_actor actor() const override { return liquidity_; }

  spawn_entry worker_entry() const override {
    return [pool = simulators_](caf::actor_system& system, fleet_session session) {
      return fleet_entry_actor{spawn_worker_entry(system, std::move(session), pool)};
    };
  }

private:
  const liquidity_settings& settings() const { return *find_liquidity(context_.config); }

  mechanism_context context_;
  simulator_pool_actor simulators_;
  liquidity_actor liquidity_;
};

class module final : public mechanism_module {
public:
  std::string_view name() const override { return liquidity_name; }

  // ---- configuration ----------------------------------------------------------------------------

  io::mechanism_section section() const override { return io::liquidity_section(); }

  result<nothing> make_dev_world(node_config& config, const dev_request& request) const override {
    return tools::make_dev_jobs(config, request.seed, request.feeds);
  }

  // ---- messages and storage ---------------------------------------------------------------------

  void add_messages(caf::actor_system_config& config) const override {
    add_liquidity_messages(config);
  }

  storage::schema_part schema() const override { return storage::liquidity_schema(); }

  result<storage::retention_portion>
  retention(const storage::data_dir& disk, const storage_settings& settings,
            uint64_t now_ms) const override {
    return storage::plan_round_retention(disk, settings, now_ms);
  }

  // ---- a run ------------------------------------------------------------------------------------

  result<std::vector<std::string>> open_sources(const node_config& config) const override {
    std::vector<std::string> titles;
    for (const auto& job : find_liquidity(config)->jobs) {
      if (!job.active)
        continue;
      auto opened = io::open_feed(job);
      if (!opened)
        return opened.error();
      titles.push_back(job.id.value + ": " + opened->title);
    }
    return titles;
  }

  bool endless(const node_config& config) const override {
    const auto& jobs = find_liquidity(config)->jobs;
    return std::any_of(jobs.begin(), jobs.end(), [](const job_config& x) {
      return x.active && x.feed.kind == feed_kind::market;
    });
  }

  result<nothing>
  judge_changes(const storage::data_dir& disk, const mechanism_settings*,
                const mechanism_settings& is, std::vector<io::config_change>& all) const override {
    return judge_job_changes(disk, is.find<liquidity_settings>()->jobs, all);
  }

  result<std::optional<uint64_t>> steps_done(const storage::data_dir& disk) const override {
    return jobs_steps_done(disk);
  }

  std::string
  why_no_scores(const storage::data_dir& disk, const node_config& config) const override {
    return sluice::why_no_scores(disk, *find_liquidity(config));
  }

  std::string engine_digest() const override { return sluice::engine_digest(); }

  std::unique_ptr<mechanism_run> make_run(const mechanism_context& context) const override {
    return std::make_unique<liquidity_run>(context);
  }

  // ---- miners -----------------------------------------------------------------------------------

  /// Evaluation and live round of every job may have a question open at the same time.
  std::optional<miner_part> miners() const override {
    return miner_part{net::liquidity_codec(), true, 2 * limits::jobs_max};
  }

  std::vector<local_miner>
  local_miners(const std::vector<local_miner_config>& miners) const override {
    return sluice::local_miners(miners);
  }

  result<std::unique_ptr<tools::miner_side>>
  make_miner(const tools::miner_side_config& config) const override {
    auto what = parse_strategy(config.strategy);
    if (!what)
      return what.error();
    return std::unique_ptr<tools::miner_side>{
      std::make_unique<tools::liquidity_miner>(tools::liquidity_miner_config{
        *std::move(what), config.json, config.once, config.write, config.unix_ms})};
  }

  // ---- for people -------------------------------------------------------------------------------

  std::unique_ptr<report::mechanism_report> make_report() const override {
    return std::make_unique<report::jobs_report>();
  }

  void add_commands(CLI::App& app, int& exit_code) const override {
    add_liquidity_commands(app, exit_code);
  }

  std::span<const admin::command> admin_commands() const override {
    return liquidity_admin_commands();
  }

  result<std::string> view(const storage::data_dir& disk, const admin::call& call) const override {
    return views::of_jobs(disk, call);
  }

  result<std::vector<audit_finding>>
  audit(const storage::data_dir& disk, const audit_scope& scope) const override {
    return audit_jobs(disk, scope);
  }

  void add_metrics(metric_list& out, const storage::data_dir& disk) const override {
    add_job_metrics(out, disk);
  }

  std::string_view part_label() const override { return "job"; }
};

} // namespace

const mechanism_module& liquidity_module() {
  static const module made;
  return made;
}

} // namespace sluice
