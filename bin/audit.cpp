#include "actors/audit.hpp"
#include "bin/commands.hpp"
#include "tools/audit_text.hpp"

#include <memory>
#include <string>

namespace sluice::bin {

namespace {

struct audit_flags {
  std::string data;
  std::string output;
};

int audit(const audit_flags& flags) {
  const auto layout = schema_of(all_mechanisms());
  auto disk
    = storage::data_dir::open(flags.data, {}, storage::open_mode::read_only, {.layout = &layout});
  if (!disk)
    return tools::cannot_audit(disk.error());
  auto found = audit_everything(*disk, all_mechanisms());
  return found ? tools::show_findings(*found, flags.output, false)
               : tools::cannot_audit(found.error());
}

} // namespace

void add_audit(CLI::App& app, int& code) {
  auto* audits = app.add_subcommand("audit", "Recompute what is stored from its stored inputs");
  audits->require_subcommand(1);
  auto flags = std::make_shared<audit_flags>();
  auto* all = audits->add_subcommand(
    "all", "Every completed round, every miner's record, every published epoch");
  all->add_option("--data", flags->data, "the node's data folder; it may be running")->required();
  all->add_option("--output", flags->output, "table (default) or json")
    ->check(CLI::IsMember({"table", "json"}));
  all->footer("Example: sluice audit all --data sluice-dev");
  all->callback([flags, &code] { code = audit(*flags); });
}

} // namespace sluice::bin
