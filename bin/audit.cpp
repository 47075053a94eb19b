#include "actors/audit.hpp"

#include "bin/commands.hpp"

#include <nlohmann/json.hpp>

#include <cstdio>
#include <memory>
#include <string>

namespace sluice::bin {

namespace {

struct audit_flags {
  std::string id;
  std::string data;
  std::string output;
};

int cannot_audit(const fault& why) {
  print_shown(stderr, "sluice: %s\n", why.what.c_str());
  if (why.code == ec::refused || why.code == ec::no_such_key || why.code == ec::bad_input)
    return usage;
  return environment;
}

int tell(const std::vector<audit_finding>& found, const std::string& output, bool one) {
  uint64_t checked = 0, differ = 0;
  nlohmann::ordered_json rows = nlohmann::ordered_json::array();
  for (const auto& x : found) {
    checked += x.checked;
    differ += x.difference.empty() ? 0 : 1;
    const auto verdict = x.difference.empty() ? std::string{"same"} : x.difference;
    if (output == "json")
      rows.push_back({{"what", x.what},
                      {"same", x.difference.empty()},
                      {"difference", x.difference},
                      {"checked", x.checked}});
    else if (one)
      print_shown(stdout, "%s\n", verdict.c_str());
    else
      print_shown(stdout, "%s: %s\n", x.what.c_str(), verdict.c_str());
  }
  if (output == "json")
    write_data(stdout, (one ? rows.front() : rows).dump(2) + '\n');
  else if (!one)
    print_shown(stdout, "%zu audited, %llu differ; %llu numbers compared\n", found.size(),
                static_cast<unsigned long long>(differ), static_cast<unsigned long long>(checked));
  return differ == 0 ? done : answer_is_no;
}

int audit(const audit_flags& flags, bool everything) {
  round_id id;
  if (!everything) {
    auto parsed = parse_round_id(flags.id);
    if (!parsed)
      return cannot_audit(parsed.error());
    id = *std::move(parsed);
  }
  auto disk = storage::data_dir::open(flags.data, {}, storage::open_mode::read_only);
  if (!disk)
    return cannot_audit(disk.error());
  if (everything) {
    auto found = audit_everything(*disk);
    return found ? tell(*found, flags.output, false) : cannot_audit(found.error());
  }
  auto found = audit_round(*disk, id);
  return found ? tell({*found}, flags.output, true) : cannot_audit(found.error());
}

void add_common(CLI::App* app, audit_flags& flags) {
  app->add_option("--data", flags.data, "the node's data folder; it may be running")->required();
  app->add_option("--output", flags.output, "table (default) or json")
    ->check(CLI::IsMember({"table", "json"}));
}

} // namespace

void add_audit(CLI::App& app, int& code) {
  auto* audits = app.add_subcommand("audit", "Recompute what is stored from its stored inputs");
  audits->require_subcommand(1);
  auto flags = std::make_shared<audit_flags>();
  auto* round = audits->add_subcommand("round", "One round: prints `same` or the first difference");
  round->add_option("ID", flags->id, "JOB/evaluation/NUMBER or JOB/live/NUMBER")->required();
  add_common(round, *flags);
  round->footer("Example: sluice audit round weth-usdc/evaluation/3 --data sluice-dev\n"
                "Exit: 0 same, 1 different, 2 no such completed round, 3 no such folder.");
  round->callback([flags, &code] { code = audit(*flags, false); });
  auto* all = audits->add_subcommand(
    "all", "Every completed round, every miner's record, every published epoch");
  add_common(all, *flags);
  all->footer("Example: sluice audit all --data sluice-dev");
  all->callback([flags, &code] { code = audit(*flags, true); });
}

} // namespace sluice::bin
