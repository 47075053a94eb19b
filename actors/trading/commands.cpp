#include "actors/trading/commands.hpp"

#include "actors/trading/command_flags.hpp"
#include "actors/trading/views.hpp"
#include "io/text/bar.hpp"
#include "io/text/output_file.hpp"
#include "tools/exit_code.hpp"
#include "tools/print.hpp"
#include "tools/program.hpp"
#include "tools/progress_line.hpp"
#include "tools/trading/explain_text.hpp"
#include "tools/trading/ledger.hpp"

#include <CLI/CLI.hpp>

#include <cstdio>
#include <memory>

namespace sluice {

namespace {

using tools::ledger_folder;
using views::json;

constexpr const char* trading_exits
  = "Exit: 0 done, 1 the answer is no, 2 usage or input, 3 environment.";

int failed_trading(const fault& why) {
  tools::print_shown(stderr, "sluice trading: %s\n", why.what.c_str());
  switch (why.code) {
  case ec::bad_input:
  case ec::invalid_argument:
  case ec::no_such_key:
  case ec::refused:
    return tools::usage;
  default:
    return tools::environment;
  }
}

result<ledger_folder> open_ledger(const trading_flags& flags, bool write) {
  return ledger_folder::open(
    {.path = flags.data, .write = write, .version = tools::program_version()});
}

int show_answer(const trading_flags& flags, const char* command, const result<json>& answer) {
  return answer ? show_trading(flags, command, *answer) : failed_trading(answer.error());
}

// ---- what writes --------------------------------------------------------------------------------

json rejected_json(const io::event_file_counts& x) {
  json out = json::object();
  for (size_t i = 1; i < row_rejections; ++i)
    if (x.rejected[i] != 0)
      out[std::string{name_of(static_cast<row_rejection>(i))}] = x.rejected[i];
  return out;
}

int import_rows(const import_flags& flags) {
  auto options = import_options_of(flags);
  if (!options)
    return failed_trading(options.error());
  options->clock_us = tools::clock_us();
  auto folder = open_ledger(flags.common, true);
  if (!folder)
    return failed_trading(folder.error());
  std::optional<tools::progress_line> line{
    std::in_place, [](int percent) { return "import " + std::to_string(percent) + " %"; }};
  const auto report = folder->import(*options, [&line](int percent) { line->show(percent); });
  line.reset();
  if (!report)
    return failed_trading(report.error());
  for (const auto* whys : {&report->rows.why, &report->pool_rows.why})
    for (const auto& why : *whys)
      tools::print_shown(stderr, "skipped: %s\n", why.c_str());
  const json out{{"files", report->files},
                 {"rows", report->rows.rows},
                 {"added", report->plan.added},
                 {"duplicates", report->plan.duplicates},
                 {"archived", report->plan.archived},
                 {"rejected", report->rows.rejected_rows()},
                 {"pools", report->pools},
                 {"rejected_pools", report->pool_rows.rejected_rows()},
                 {"rejected_because", rejected_json(report->rows)},
                 {"books", report->plan.books}};
  return show_trading(flags.common, "trading import", out);
}

int rebuild(const trading_flags& flags) {
  auto folder = open_ledger(flags, true);
  if (!folder)
    return failed_trading(folder.error());
  const auto before = folder->check();
  if (!before)
    return failed_trading(before.error());
  const auto counts = folder->rebuild();
  if (!counts)
    return failed_trading(counts.error());
  const auto after = folder->check();
  if (!after)
    return failed_trading(after.error());
  for (const auto& x : after->faults)
    tools::print_shown(stderr, "still wrong: %s\n", x.c_str());
  const json out{{"books", counts->books},
                 {"changed", counts->changed},
                 {"errors_before", before->errors},
                 {"errors", after->errors},
                 {"tables_verified", after->tables_verified},
                 {"miners_recovered", after->miners_recovered},
                 {"positions_verified", after->positions_verified},
                 {"trades_verified", after->trades_verified},
                 {"events_verified", after->events_verified}};
  const int code = show_trading(flags, "trading rebuild", out);
  return code != tools::done ? code : after->errors == 0 ? tools::done : tools::answer_is_no;
}

// ---- what reads ---------------------------------------------------------------------------------

int report(const trading_flags& flags, const std::string& who) {
  const auto folder = open_ledger(flags, false);
  if (!folder)
    return failed_trading(folder.error());
  return show_answer(flags, who.empty() ? "trading" : "trading performance",
                     who.empty() ? views::trading_overview(folder->disk())
                                 : views::trading_performance(folder->disk(), who));
}

int trades(const query_flags& flags) {
  const auto folder = open_ledger(flags.common, false);
  if (!folder)
    return failed_trading(folder.error());
  const auto filter = filter_of_flags(flags, folder->disk());
  if (!filter)
    return failed_trading(filter.error());
  return show_answer(flags.common, "trading trades",
                     views::trading_trades(folder->disk(), *filter, flags.limit));
}

int positions(const query_flags& flags) {
  const auto folder = open_ledger(flags.common, false);
  if (!folder)
    return failed_trading(folder.error());
  const auto filter = filter_of_flags(flags, folder->disk());
  if (!filter)
    return failed_trading(filter.error());
  return show_answer(flags.common, "trading positions",
                     views::trading_positions(folder->disk(), *filter, flags.limit));
}

int pools(const trading_flags& flags) {
  const auto folder = open_ledger(flags, false);
  if (!folder)
    return failed_trading(folder.error());
  return show_answer(flags, "trading pools", views::trading_pools(folder->disk()));
}

int explain_trader(const trading_flags& flags, const std::string& who) {
  const auto folder = open_ledger(flags, false);
  if (!folder)
    return failed_trading(folder.error());
  return show_answer(flags, "trading explain", views::trading_explained(folder->disk(), who));
}

int export_rows(const query_flags& flags, const std::string& to) {
  const auto folder = open_ledger(flags.common, false);
  if (!folder)
    return failed_trading(folder.error());
  const auto filter = filter_of_flags(flags, folder->disk());
  if (!filter)
    return failed_trading(filter.error());
  if (to.empty()) {
    const auto written = tools::export_events(folder->disk(), *filter, [](std::string_view line) {
      return tools::write_data(stdout, line);
    });
    if (!written || std::fflush(stdout) != 0)
      return failed_trading(written ? fault{ec::unreachable, "the answer could not be written"}
                                    : written.error());
    return tools::done;
  }
  auto file = io::output_file::open(to);
  if (!file)
    return failed_trading(file.error());
  std::optional<fault> bad;
  const auto written = tools::export_events(folder->disk(), *filter, [&](std::string_view line) {
    if (auto done = file->write(line); !done)
      bad = done.error();
    return !bad;
  });
  if (bad || !written)
    return failed_trading(bad ? *bad : written.error());
  if (auto done = file->commit(); !done)
    return failed_trading(done.error());
  tools::print_shown(stderr, "%s: %s events\n", to.c_str(), std::to_string(*written).c_str());
  return tools::done;
}

// ---- flags --------------------------------------------------------------------------------------

void add_import(CLI::App& app, int& code) {
  auto flags = std::make_shared<import_flags>();
  auto* command = app.add_subcommand("import", "Take stakes and unstakes from JSON lines files");
  add_import_flags(*command, *flags);
  command->footer(
    "Rows may be of our own form, of taostats or of tao.app, also mixed; what is there already\n"
    "changes nothing. A row that is no event is skipped, shown and counted.\n"
    "\nExamples:\n"
    "  sluice trading import stakes.jsonl --world world.jsonl --data ledger\n"
    "  sluice trading import --pools pools.jsonl --data ledger\n"
    "  sluice trading import taostats.jsonl taoapp.jsonl --data ledger --output json\n"
    "  sluice trading import rows.jsonl --data ledger --strict --now 2025-08-20T00:00:00Z\n\n"
    + std::string{trading_exits});
  command->callback([flags, &code] { code = import_rows(*flags); });
}

void add_reports(CLI::App& app, int& code) {
  auto flags = std::make_shared<trading_flags>();
  auto who = std::make_shared<std::string>();
  auto* shown = app.add_subcommand("report", "How every trader does, or one of them");
  shown->add_option("UID", *who, "A uid or a hotkey; without it all");
  add_common_flags(*shown, *flags);
  shown->footer("Examples:\n  sluice trading report --data sluice-dev\n"
                "  sluice trading report 20 --data sluice-dev --output json\n\n"
                + std::string{trading_exits});
  shown->callback([flags, who, &code] { code = report(*flags, *who); });

  auto* explained
    = app.add_subcommand("explain", "Every number of a trader's weight, back to its stakes");
  explained->add_option("UID", *who, "A uid or a hotkey")->required();
  add_common_flags(*explained, *flags);
  explained->footer("Example: sluice trading explain 20 --data sluice-dev\n\n"
                    + std::string{trading_exits});
  explained->callback([flags, who, &code] { code = explain_trader(*flags, *who); });

  auto* known = app.add_subcommand("pools", "Reserves and prices of the subnets' pools");
  add_common_flags(*known, *flags);
  known->footer("What `sluice trading import --pools` took last; no score depends on it.\n"
                "Example: sluice trading pools --data ledger\n\n"
                + std::string{trading_exits});
  known->callback([flags, &code] { code = pools(*flags); });

  auto* again = app.add_subcommand("rebuild", "Calculate the whole ledger anew from its events");
  add_common_flags(*again, *flags);
  again->footer("Writes what differs; afterwards everything is checked.\n"
                "Example: sluice trading rebuild --data sluice-dev\n\n"
                + std::string{trading_exits});
  again->callback([flags, &code] { code = rebuild(*flags); });
}

void add_queries(CLI::App& app, int& code) {
  auto flags = std::make_shared<query_flags>();
  auto* sold = app.add_subcommand("trades", "Unstakes that closed something");
  add_query_flags(*sold, *flags, false);
  sold->footer("Times are those of the unstake.\n"
               "\nExamples:\n"
               "  sluice trading trades --data sluice-dev --uid 20 --netuid 3\n"
               "  sluice trading trades --data sluice-dev --from 2025-08-01 --to 2025-08-20\n\n"
               + std::string{trading_exits});
  sold->callback([flags, &code] { code = trades(*flags); });

  auto* held = app.add_subcommand("positions", "Stakes and what became of them");
  add_query_flags(*held, *flags, true);
  held->footer("Times are those of the stake; statistics are over everything that matches.\n"
               "\nExamples:\n"
               "  sluice trading positions --data sluice-dev --uid 20 --status open\n"
               "  sluice trading positions --data sluice-dev --netuid 3 --output json\n\n"
               + std::string{trading_exits});
  held->callback([flags, &code] { code = positions(*flags); });

  auto to = std::make_shared<std::string>();
  auto* out = app.add_subcommand("export", "Stored stakes and unstakes as JSON lines");
  add_query_flags(*out, *flags, false);
  out->add_option("--to-file", *to, "Write to this file instead of standard output")
    ->type_name("FILE");
  out->footer("`sluice trading import` reads them back.\n"
              "\nExamples:\n"
              "  sluice trading export --data sluice-dev --to-file stakes.jsonl\n"
              "  sluice trading export --data sluice-dev --uid 20\n\n"
              + std::string{trading_exits});
  out->callback([flags, to, &code] { code = export_rows(*flags, *to); });
}

} // namespace

void add_trading_commands(CLI::App& app, int& exit_code) {
  auto* trading = app.add_subcommand("trading", "The ledger of trades: import, look, explain");
  trading->require_subcommand(1);
  trading->footer("--data is a node's folder, or one of its own; only import and rebuild write.");
  add_import(*trading, exit_code);
  add_reports(*trading, exit_code);
  add_queries(*trading, exit_code);
}

} // namespace sluice
