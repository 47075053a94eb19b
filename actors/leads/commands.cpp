#include "actors/leads/commands.hpp"

#include "actors/leads/explain.hpp"
#include "actors/leads/lead_import.hpp"
#include "actors/leads/share_basis.hpp"
#include "actors/leads/steps_done.hpp"
#include "io/leads/document.hpp"
#include "io/leads/export.hpp"
#include "io/text/output_file.hpp"
#include "rules/leads/name.hpp"
#include "rules/leads/share_lines.hpp"
#include "storage/leads/tables.hpp"
#include "tools/exit_code.hpp"
#include "tools/leads/explain_text.hpp"
#include "tools/print.hpp"
#include "tools/program.hpp"
#include "tools/progress_line.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <unistd.h>

namespace sluice {

namespace {

struct leads_flags {
  std::string data = "sluice-dev";
  std::string output;
  std::vector<std::string> files;
  std::string domains;
  bool strict = false;
  std::optional<uint64_t> days;
  std::string now;
  std::string policy;
  std::string hotkey;
  std::string what = "results";
  std::string format = "csv";
  std::string file = "-";
};

int leads_failed(const fault& why) {
  tools::print_shown(stderr, "sluice leads: %s\n", why.what.c_str());
  switch (why.code) {
  case ec::bad_input:
  case ec::invalid_argument:
  case ec::refused:
  case ec::no_such_key:
    return tools::usage;
  default:
    return tools::environment;
  }
}

bool wants_table(const leads_flags& flags) {
  return flags.output == "table" || (flags.output.empty() && ::isatty(STDOUT_FILENO) != 0);
}

int leads_answered(bool table, const std::string& text) {
  if (tools::write_answer(table, text))
    return tools::done;
  tools::print_shown(stderr, "sluice leads: the answer could not be written\n");
  return tools::environment;
}

result<storage::data_dir> open_to_look(const leads_flags& flags) {
  const std::array parts{leads_tables()};
  const auto layout = storage::schema_with(parts);
  return storage::data_dir::open(flags.data, {}, storage::open_mode::read_only,
                                 {.layout = &layout});
}

/// What the folder states, with what the flags change.
result<share_basis> basis_for(const storage::data_dir& disk, const leads_flags& flags) {
  auto basis = basis_of_shares(disk);
  if (!basis)
    return basis;
  if (flags.days)
    basis->settings.window_days = *flags.days;
  if (flags.policy == "ratio")
    basis->settings.policy = share_policy::ratio;
  else if (flags.policy == "raw")
    basis->settings.policy = share_policy::raw;
  else if (flags.policy == "v2")
    basis->settings.policy = share_policy::v2;
  if (flags.now == "now") {
    basis->time_us = static_cast<int64_t>(tools::unix_ms_now() * 1000);
  } else if (!flags.now.empty()) {
    const auto us = unix_us(flags.now);
    if (!us)
      return fault{ec::bad_input,
                   "--now " + flags.now + ": expected `now` or a time as 2026-01-31T12:00:00Z"};
    basis->time_us = *us;
  }
  return basis;
}

// ---- import -------------------------------------------------------------------------------------

std::string import_json(const lead_import_report& x) {
  views::json out{{"files", x.files}, {"records", x.records},   {"bad", x.bad},
                  {"added", x.added}, {"repeated", x.repeated}, {"settings", x.settings}};
  for (size_t i = 0; i < intake_verdicts; ++i)
    out["prospects"][std::string{name_of(static_cast<intake_verdict>(i))}]
      = x.prospects.by_verdict.at(i);
  return out.dump() + '\n';
}

std::string import_text(const lead_import_report& x) {
  auto text = std::to_string(x.files) + " files, " + std::to_string(x.records) + " records, "
              + std::to_string(x.bad) + " bad\n" + std::to_string(x.added)
              + " curation results added, " + std::to_string(x.repeated) + " were there already\n";
  for (size_t i = 0; i < intake_verdicts; ++i)
    if (const auto n = x.prospects.by_verdict.at(i); n > 0)
      text += std::to_string(n) + " prospects "
              + std::string{name_of(static_cast<intake_verdict>(i))} + '\n';
  return text;
}

int run_import(const leads_flags& flags) {
  tools::progress_line line(
    [](int percent) { return "importing, " + std::to_string(percent) + " %"; });
  lead_import what;
  what.folder = flags.data;
  what.files = flags.files;
  what.disposable_domains = flags.domains;
  what.version = tools::program_version();
  what.strict = flags.strict;
  what.now_ms = tools::unix_ms_now();
  what.progress = [&line](int percent) { line.show(percent); };
  what.bad_record = [](const std::string& reason) {
    tools::print_shown(stderr, "skipped: %s\n", reason.c_str());
  };
  const auto report = import_leads(what);
  if (!report)
    return leads_failed(report.error());
  const bool table = wants_table(flags);
  return leads_answered(table, table ? import_text(*report) : import_json(*report));
}

void add_import(CLI::App& leads, const std::shared_ptr<leads_flags>& flags, int& code) {
  auto* import = leads.add_subcommand("import", "Take files of lead records into a data folder");
  import
    ->add_option("FILE", flags->files,
                 "JSON lines of curation results and prospects, or what Firestore's REST interface "
                 "answers")
    ->required();
  import->add_option("--data", flags->data, "The data folder; made when it is not there")
    ->capture_default_str();
  import->add_option("--disposable-domains", flags->domains,
                     "Throw-away domains for the checks of prospects, one a line");
  import->add_flag("--strict", flags->strict, "Stop at the first record that cannot be read");
  import->add_option("--output", flags->output, "Default: table on a terminal, else json")
    ->check(CLI::IsMember({"table", "json"}));
  import->footer("Examples: sluice leads import results.jsonl --data leads-data\n"
                 "          sluice leads import 2026-01.json 2026-02.json --strict\n"
                 "The same file again changes nothing. Exit: 0, 2 a bad file, 3 the folder is in "
                 "use or cannot be written.");
  import->callback([flags, &code] { code = run_import(*flags);
});
} // namespace

// ---- shares -------------------------------------------------------------------------------------

int run_shares(const leads_flags& flags) {
  const auto disk = open_to_look(flags);
  if (!disk)
    return leads_failed(disk.error());
  const auto basis = basis_for(*disk, flags);
  if (!basis)
    return leads_failed(basis.error());
  const auto report = shares_on(*disk, *basis);
  if (!report)
    return leads_failed(report.error());
  const bool table = wants_table(flags);
  std::string text = table ? "" : io::shares_json(*report).dump() + '\n';
  if (table)
    for (const auto& row : summary_lines(*report))
      text += row + '\n';
  if (const auto outside = report->counts.out_of_window;
      table && report->status == share_status::no_data && outside > 0)
    text += std::to_string(outside) + " leads are outside of the window " + iso_text(basis->time_us)
            + " less " + std::to_string(basis->settings.window_days)
            + " days; another end: --now TIME, another length: --days N\n";
  const auto code = leads_answered(table, text);
  const bool none = code == tools::done && report->status == share_status::no_data;
  return none ? static_cast<int>(tools::answer_is_no) : code;
}

void add_basis_options(CLI::App& command, const std::shared_ptr<leads_flags>& flags) {
  command.add_option("--data", flags->data, "A data folder; its node may be running")
    ->capture_default_str();
  command.add_option("--days", flags->days, "Length of the window; default: of the last publish")
    ->check(CLI::Range(uint64_t{1}, uint64_t{3650}));
  command
    .add_option("--now", flags->now,
                "End of the window: `now` or a time; default: of the last step or import")
    ->type_name("TIME");
  command.add_option("--policy", flags->policy, "Default: of the last publish, else ratio")
    ->check(CLI::IsMember({"ratio", "raw", "v2"}));
  command.add_option("--output", flags->output, "Default: table on a terminal, else json")
    ->check(CLI::IsMember({"table", "json"}));
}

void add_shares(CLI::App& leads, const std::shared_ptr<leads_flags>& flags, int& code) {
  auto* shares = leads.add_subcommand("shares", "Every miner's share of the last days");
  add_basis_options(*shares, flags);
  shares->footer("Examples: sluice leads shares --data leads-data\n"
                 "          sluice leads shares --days 7 --now 2026-01-31T00:00:00Z --output json\n"
                 "Exit: 0, 1 nobody has a share (no_data), 2 a flag, 3 no such folder.");
  shares->callback([flags, &code] { code = run_shares(*flags); });
}

// ---- explain ------------------------------------------------------------------------------------

int run_explain(const leads_flags& flags) {
  const auto disk = open_to_look(flags);
  if (!disk)
    return leads_failed(disk.error());
  const auto basis = basis_for(*disk, flags);
  if (!basis)
    return leads_failed(basis.error());
  const auto found = explain_leads(*disk, *basis, flags.hotkey);
  if (!found)
    return leads_failed(found.error());
  const auto document = views::text_of(*found);
  constexpr size_t columns = 120;
  const bool table = wants_table(flags);
  return leads_answered(
    table, table ? tools::lead_explain_text(document, {columns, ::isatty(STDOUT_FILENO) != 0,
                                                       tools::letters() == report::charset::ascii})
                 : document + '\n');
}

void add_explain(CLI::App& leads, const std::shared_ptr<leads_flags>& flags, int& code) {
  auto* explain
    = leads.add_subcommand("explain", "One miner's share, back to the leads it comes from");
  explain->add_option("HOTKEY", flags->hotkey, "As a lead names it")->required();
  add_basis_options(*explain, flags);
  explain->footer("Example: sluice leads explain lead-curator --data sluice-dev\n"
                  "Exit: 0, 2 no lead names this hotkey, 3 no such folder.");
  explain->callback([flags, &code] { code = run_explain(*flags); });
}

// ---- export -------------------------------------------------------------------------------------

/// Calls `write` with the rows of what was asked for, until it fails.
result<nothing> write_export(const storage::data_dir& disk, const leads_flags& flags,
                             const std::function<result<nothing>(const std::string&)>& write) {
  const bool csv = flags.format == "csv";
  if (flags.what == "shares") {
    const auto basis = basis_for(disk, flags);
    if (!basis)
      return basis.error();
    const auto report = shares_on(disk, *basis);
    if (!report)
      return report.error();
    return write(csv ? io::shares_csv(*report) : io::shares_json(*report).dump() + '\n');
  }
  if (csv)
    if (auto head = write(io::leads_csv_head()); !head)
      return head;
  result<nothing> written{nothing{}};
  auto read = storage::tables::lead_results.for_each(disk, [&](const lead_result_key&,
                                                               const stored_result& x) {
    written
      = write(csv ? io::leads_csv(x.document) : io::curation_result_json(x.document).dump() + '\n');
    return static_cast<bool>(written);
  });
  return read ? written : read;
}

int run_export(const leads_flags& flags) {
  const auto disk = open_to_look(flags);
  if (!disk)
    return leads_failed(disk.error());
  auto file = io::output_file::open(flags.file);
  if (!file)
    return leads_failed(file.error());
  auto written
    = write_export(*disk, flags, [&](const std::string& text) { return file->write(text); });
  if (written)
    written = file->commit();
  return written ? static_cast<int>(tools::done) : leads_failed(written.error());
}

void add_export(CLI::App& leads, const std::shared_ptr<leads_flags>& flags, int& code) {
  auto* all = leads.add_subcommand("export", "Curation results or shares for other programs");
  add_basis_options(*all, flags);
  all->add_option("--what", flags->what, "results: what was imported and delivered; or shares")
    ->check(CLI::IsMember({"results", "shares"}))
    ->capture_default_str();
  all->add_option("--format", flags->format, "csv, or json (results: a line each)")
    ->check(CLI::IsMember({"csv", "json"}))
    ->capture_default_str();
  all->add_option("--file", flags->file, "Where to; - is the standard output")
    ->capture_default_str();
  all->footer("Examples: sluice leads export --data leads-data --file leads.csv\n"
              "          sluice leads export --what shares --format json\n"
              "What was exported as json can be imported again.");
  all->callback([flags, &code] { code = run_export(*flags); });
}

} // namespace sluice

void add_leads_commands(CLI::App& app, int& exit_code) {
  auto flags = std::make_shared<leads_flags>();
  auto* leads
    = app.add_subcommand(std::string{leads_name}, "Leads: import, shares, explain, export");
  leads->require_subcommand(1);
  add_import(*leads, flags, exit_code);
  add_shares(*leads, flags, exit_code);
  add_explain(*leads, flags, exit_code);
  add_export(*leads, flags, exit_code);
}

} // namespace sluice
