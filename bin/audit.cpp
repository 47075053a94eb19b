#include "actors/audit.hpp"

#include "bin/commands.hpp"
#include "tools/audit_progress.hpp"
#include "tools/audit_text.hpp"

#include <charconv>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace sluice::bin {

namespace {

struct audit_flags {
  std::string data;
  std::string output;
  audit_scope scope; // of rounds
};

/// CLI11 would take -1 and 10^20 for the highest number there is.
std::string round_number(const std::string& text) {
  uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool good = error == std::errc{} && end == text.data() + text.size();
  return good ? "" : "expected the number of a round, as 7 in JOB/evaluation/7, got " + text;
}

int audit(audit_flags flags) {
  if (flags.scope.from > flags.scope.to)
    return tools::cannot_audit({ec::bad_input, "--from " + std::to_string(flags.scope.from)
                                                 + " is after --to "
                                                 + std::to_string(flags.scope.to)});
  const auto layout = schema_of(all_mechanisms());
  auto disk
    = storage::data_dir::open(flags.data, {}, storage::open_mode::read_only, {.layout = &layout});
  if (!disk)
    return tools::cannot_audit(disk.error());
  std::optional<tools::audit_progress> progress{std::in_place};
  flags.scope.progress
    = [&progress](uint64_t done, uint64_t total) { progress->show(done, total); };
  auto found = audit_everything(*disk, all_mechanisms(), flags.scope);
  progress.reset(); // its line makes way
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
  all->add_option("--from", flags->scope.from, "first round: the NUMBER in JOB/evaluation/NUMBER")
    ->check(round_number);
  all->add_option("--to", flags->scope.to, "last round; records and epochs are audited in any case")
    ->check(round_number);
  all->footer("Examples: sluice audit all --data sluice-dev\n"
              "          sluice audit all --data sluice-dev --from 7900 --to 8000\n"
              "Exit: 0 all the same, 1 something differs, 2 no such rounds, 3 no such folder.");
  all->callback([flags, &code] { code = audit(*flags); });
}

} // namespace sluice::bin
