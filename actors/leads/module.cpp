#include "actors/leads/module.hpp"

#include "actors/leads/admin_commands.hpp"
#include "actors/leads/commands.hpp"
#include "actors/leads/local_miners.hpp"
#include "actors/leads/metrics.hpp"
#include "actors/leads/report/leads_report.hpp"
#include "actors/leads/run.hpp"
#include "actors/leads/steps_done.hpp"
#include "actors/leads/views.hpp"
#include "io/leads/disposable_domains.hpp"
#include "io/leads/section.hpp"
#include "messages/leads.hpp"
#include "net/leads/bodies.hpp"
#include "rules/leads/node_settings.hpp"
#include "storage/leads/recall.hpp"
#include "tools/leads/dev_world.hpp"
#include "tools/leads/leads_miner.hpp"

namespace sluice {

namespace {

class leads_mechanism final : public mechanism_module {
public:
  std::string_view name() const override { return leads_name; }

  // ---- configuration ----------------------------------------------------------------------------

  io::mechanism_section section() const override { return io::leads_section(); }

  result<nothing> make_dev_world(node_config& config, const dev_request& request) const override {
    auto& settings = config.mechanisms.at(std::string{leads_name}).edit<leads_node_settings>();
    if (settings.world && request.seed)
      settings.world->seed = *request.seed;
    return tools::make_dev_leads(config, request.seed);
  }

  // ---- messages and storage ---------------------------------------------------------------------

  void add_messages(caf::actor_system_config& config) const override { add_leads_messages(config); }

  storage::schema_part schema() const override { return leads_tables(); }

  // ---- a run ------------------------------------------------------------------------------------

  result<std::vector<std::string>> open_sources(const node_config& config) const override {
    const auto& file = find_leads(config)->rules.disposable_domains;
    const auto domains = io::read_disposable_domains(file);
    if (!domains)
      return domains.error();
    return std::vector<std::string>{std::to_string(domains->size()) + " throw-away domains"
                                    + (file.empty() ? "" : " of " + file)};
  }

  bool follows(const node_config& config) const override {
    return find_leads(config)->world.has_value();
  }

  result<std::optional<uint64_t>> steps_done(const storage::data_dir& disk) const override {
    return lead_steps_done(disk);
  }

  std::string
  why_no_scores(const storage::data_dir& disk, const node_config& config) const override {
    return why_no_lead_scores(disk, find_leads(config)->rules);
  }

  std::unique_ptr<mechanism_run> make_run(const mechanism_context& context) const override {
    return make_leads_run(context);
  }

  // ---- miners -----------------------------------------------------------------------------------

  /// As many requests may be under way.
  std::optional<miner_part> miners() const override {
    return miner_part{net::leads_codec(), false, lead_questions_max};
  }

  std::vector<local_miner>
  local_miners(const std::vector<local_miner_config>& miners) const override {
    return local_lead_miners(miners);
  }

  result<std::unique_ptr<tools::miner_side>>
  make_miner(const tools::miner_side_config& config) const override {
    return tools::make_leads_miner(config);
  }

  // ---- for people -------------------------------------------------------------------------------

  std::unique_ptr<report::mechanism_report> make_report() const override {
    return std::make_unique<report::leads_report>();
  }

  void add_commands(CLI::App& app, int& exit_code) const override {
    add_leads_commands(app, exit_code);
  }

  std::span<const admin::command> admin_commands() const override { return leads_admin_commands(); }

  result<std::string> view(const storage::data_dir& disk, const admin::call& call) const override {
    return leads_view(disk, call);
  }

  result<std::vector<audit_finding>>
  audit(const storage::data_dir& disk, const audit_scope&) const override {
    return storage::audit_leads(disk);
  }

  void add_metrics(metric_list& out, const storage::data_dir& disk) const override {
    add_lead_metrics(out, disk);
  }
};

} // namespace

const mechanism_module& leads_module() {
  static const leads_mechanism made;
  return made;
}

} // namespace sluice
