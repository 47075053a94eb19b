#include "actors/liquidity/commands.hpp"

#include "actors/liquidity/audit.hpp"
#include "storage/liquidity/tables.hpp"
#include "tools/audit_text.hpp"
#include "tools/liquidity/commands.hpp"

#include <CLI/CLI.hpp>

#include <array>
#include <memory>
#include <string>

namespace sluice {

namespace {

struct audit_flags {
  std::string id;
  std::string data;
  std::string output;
};

int audit(const audit_flags& flags) {
  const auto id = parse_round_id(flags.id);
  if (!id)
    return tools::cannot_audit(id.error());
  const std::array parts{storage::liquidity_schema()};
  const auto layout = storage::schema_with(parts);
  auto disk
    = storage::data_dir::open(flags.data, {}, storage::open_mode::read_only, {.layout = &layout});
  if (!disk)
    return tools::cannot_audit(disk.error());
  auto found = audit_round(*disk, *id);
  return found ? tools::show_findings({*found}, flags.output, true)
               : tools::cannot_audit(found.error());
}

} // namespace

void add_liquidity_commands(CLI::App& app, int& exit_code) {
  tools::add_score(app, exit_code);
  tools::add_backtest(app, exit_code);
  add_worker(app, exit_code);
  add_audit_round(*app.get_subcommand("audit"), exit_code);
}

void add_audit_round(CLI::App& audits, int& exit_code) {
  auto flags = std::make_shared<audit_flags>();
  auto* round = audits.add_subcommand("round", "One round: prints `same` or the first difference");
  round->add_option("ID", flags->id, "JOB/evaluation/NUMBER or JOB/live/NUMBER")->required();
  round->add_option("--data", flags->data, "the node's data folder; it may be running")->required();
  round->add_option("--output", flags->output, "table (default) or json")
    ->check(CLI::IsMember({"table", "json"}));
  round->footer("Example: sluice audit round weth-usdc/evaluation/3 --data sluice-dev\n"
                "Exit: 0 same, 1 different, 2 no such completed round, 3 no such folder.");
  round->callback([flags, &exit_code] { exit_code = audit(*flags); });
  const auto all = audits.get_subcommand_ptr("all"); // help shows it last
  audits.remove_subcommand(all.get());
  audits.add_subcommand(all);
}

} // namespace sluice
