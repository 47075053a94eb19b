#include "actors/sports/module.hpp"

#include "actors/sports/admin_commands.hpp"
#include "actors/sports/commands.hpp"
#include "actors/sports/local_miners.hpp"
#include "actors/sports/metrics.hpp"
#include "actors/sports/miner/run_sports_miner.hpp"
#include "actors/sports/publishing.hpp"
#include "actors/sports/report/sports_report.hpp"
#include "actors/sports/run.hpp"
#include "actors/sports/views.hpp"
#include "io/sports/section.hpp"
#include "messages/sports/feed.hpp"
#include "messages/sports/intake.hpp"
#include "net/sports/bodies.hpp"
#include "rules/sports/node_settings.hpp"
#include "storage/sports/audit.hpp"
#include "storage/sports/tables.hpp"
#include "tools/sports/dev_world.hpp"
#include "tools/sports/sports_miner.hpp"

namespace sluice {

namespace {

class sports_mechanism final : public mechanism_module {
public:
  std::string_view name() const override { return sports_name; }

  // ---- configuration ----------------------------------------------------------------------------

  io::mechanism_section section() const override { return io::sports_section(); }

  result<nothing> make_dev_world(node_config& config, const dev_request& request) const override {
    auto& settings = config.mechanisms.at(std::string{sports_name}).edit<sports_node_settings>();
    if (settings.world && request.seed)
      settings.world->seed = *request.seed;
    return tools::make_dev_sports(config, request.seed);
  }

  // ---- messages and storage ---------------------------------------------------------------------

  void add_messages(caf::actor_system_config& config) const override {
    add_sports_messages(config);
    add_sports_feed_messages(config);
  }

  storage::schema_part schema() const override { return storage::sports_schema(); }

  // ---- a run ------------------------------------------------------------------------------------

  bool follows(const node_config& config) const override {
    return find_sports(config)->world.has_value();
  }

  result<std::optional<uint64_t>> steps_done(const storage::data_dir& disk) const override {
    return sports_steps_done(disk);
  }

  std::string why_no_scores(const storage::data_dir& disk, const node_config&) const override {
    return why_no_sports_scores(disk);
  }

  std::unique_ptr<mechanism_run> make_run(const mechanism_context& context) const override {
    return make_sports_run(context);
  }

  // ---- miners -----------------------------------------------------------------------------------

  std::optional<miner_part> miners() const override {
    return miner_part{net::sports_codec(), false, 1};
  }

  std::vector<local_miner>
  local_miners(const std::vector<local_miner_config>& miners) const override {
    return local_league_miners(miners);
  }

  result<std::unique_ptr<tools::miner_side>>
  make_miner(const tools::miner_side_config& config) const override {
    return tools::make_sports_miner(config);
  }

  std::optional<run_result> run_own_miner(const own_miner_request& request) const override {
    return run_sports_miner(request);
  }

  std::string_view own_miner_strategy() const override { return "odds"; }

  // ---- for people -------------------------------------------------------------------------------

  std::unique_ptr<report::mechanism_report> make_report() const override {
    return std::make_unique<report::sports_report>();
  }

  void add_commands(CLI::App& app, int& exit_code) const override {
    add_sports_commands(app, exit_code);
  }

  std::span<const admin::command> admin_commands() const override {
    return sports_admin_commands();
  }

  result<std::string> view(const storage::data_dir& disk, const admin::call& call) const override {
    return sports_view(disk, call);
  }

  result<std::vector<audit_finding>>
  audit(const storage::data_dir& disk, const audit_scope&) const override {
    return storage::audit_sports(disk);
  }

  void add_metrics(metric_list& out, const storage::data_dir& disk) const override {
    add_sports_metrics(out, disk);
  }
};

} // namespace

const mechanism_module& sports_module() {
  static const sports_mechanism made;
  return made;
}

} // namespace sluice
