#include "actors/consensus/module.hpp"

#include "actors/consensus/admin_commands.hpp"
#include "actors/consensus/audit.hpp"
#include "actors/consensus/commands.hpp"
#include "actors/consensus/local_workers.hpp"
#include "actors/consensus/metrics.hpp"
#include "actors/consensus/report/consensus_report.hpp"
#include "actors/consensus/report_messages.hpp"
#include "actors/consensus/run.hpp"
#include "actors/consensus/stored_book.hpp"
#include "actors/consensus/task_commands.hpp"
#include "actors/consensus/views.hpp"
#include "io/consensus/section.hpp"
#include "messages/consensus/intake.hpp"
#include "net/consensus/task_bodies.hpp"
#include "rules/consensus/node_settings.hpp"
#include "rules/consensus/task.hpp"
#include "tools/consensus/consensus_miner.hpp"
#include "tools/consensus/dev_world.hpp"

namespace sluice {

namespace {

class consensus_mechanism final : public mechanism_module {
public:
  std::string_view name() const override { return consensus_name; }

  // ---- configuration ----------------------------------------------------------------------------

  io::mechanism_section section() const override { return io::consensus_section(); }

  result<nothing> make_dev_world(node_config& config, const dev_request& request) const override {
    auto& settings
      = config.mechanisms.at(std::string{consensus_name}).edit<consensus_node_settings>();
    if (settings.world && request.seed)
      settings.world->seed = *request.seed;
    return tools::make_dev_consensus(config, request.seed);
  }

  result<nothing> add_neurons(node_config& config) const override {
    return tools::add_consensus_neurons(config);
  }

  // ---- messages and storage ---------------------------------------------------------------------

  void add_messages(caf::actor_system_config& config) const override {
    add_consensus_messages(config);
    add_report_messages(config);
  }

  storage::schema_part schema() const override { return all_consensus_tables(); }

  // ---- a run ------------------------------------------------------------------------------------

  bool follows(const node_config& config) const override {
    return find_consensus(config)->world.has_value();
  }

  result<std::optional<uint64_t>> steps_done(const storage::data_dir& disk) const override {
    return consensus_steps_done(disk);
  }

  std::string
  why_no_scores(const storage::data_dir& disk, const node_config& config) const override {
    return why_no_consensus_scores(disk, find_consensus(config)->rules);
  }

  std::unique_ptr<mechanism_run> make_run(const mechanism_context& context) const override {
    return make_consensus_run(context);
  }

  // ---- miners -----------------------------------------------------------------------------------

  std::optional<miner_part> miners() const override {
    return miner_part{net::task_codec(), false, task_limits::questions_max};
  }

  std::vector<local_miner>
  local_miners(const std::vector<local_miner_config>& miners) const override {
    return local_task_workers(miners);
  }

  result<std::unique_ptr<tools::miner_side>>
  make_miner(const tools::miner_side_config& config) const override {
    return tools::make_consensus_miner(config);
  }

  // ---- for people -------------------------------------------------------------------------------

  std::unique_ptr<report::mechanism_report> make_report() const override {
    return std::make_unique<report::consensus_report>();
  }

  void add_commands(CLI::App& app, int& exit_code) const override {
    add_consensus_commands(app, exit_code);
    add_task_commands(app, exit_code);
  }

  std::span<const admin::command> admin_commands() const override {
    return consensus_admin_commands();
  }

  result<std::string> view(const storage::data_dir& disk, const admin::call& call) const override {
    return consensus_view(disk, call);
  }

  result<std::vector<audit_finding>>
  audit(const storage::data_dir& disk, const audit_scope&) const override {
    return audit_consensus(disk);
  }

  void add_metrics(metric_list& out, const storage::data_dir& disk) const override {
    add_consensus_metrics(out, disk);
  }
};

} // namespace

const mechanism_module& consensus_module() {
  static const consensus_mechanism made;
  return made;
}

} // namespace sluice
