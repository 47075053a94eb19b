#include "actors/sports/commands.hpp"

#include "actors/sports/admin_commands.hpp"
#include "actors/sports/explain.hpp"
#include "actors/sports/folder.hpp"
#include "actors/sports/stats.hpp"
#include "actors/sports/views.hpp"
#include "rules/sports/moment.hpp"
#include "rules/sports/name.hpp"
#include "storage/sports/tables.hpp"
#include "tools/exit_code.hpp"
#include "tools/print.hpp"
#include "tools/program.hpp"
#include "tools/progress_line.hpp"
#include "tools/shell/render.hpp"
#include "tools/sports/explain_text.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <unistd.h>
#include <vector>

namespace sluice {

namespace {

struct sports_flags {
  std::string data = "sluice-dev";
  std::string output;
  std::vector<std::string> files;
  std::string now;
  std::string miner;
  bool strict = false;
  size_t last = sports_rows_shown;
};

constexpr size_t sports_columns_wide = 120;

int sports_failed(const fault& why) {
  tools::print_shown(stderr, "sluice sports: %s\n", why.what.c_str());
  switch (why.code) {
  case ec::bad_input:
  case ec::invalid_argument:
  case ec::out_of_range:
  case ec::refused:
  case ec::no_such_key:
    return tools::usage;
  default:
    return tools::environment;
  }
}

bool sports_wants_table(const sports_flags& flags) {
  return flags.output == "table" || (flags.output.empty() && ::isatty(STDOUT_FILENO) != 0);
}

int sports_answered(bool table, const std::string& text) {
  if (tools::write_answer(table, text))
    return tools::done;
  tools::print_shown(stderr, "sluice sports: the answer could not be written\n");
  return tools::environment;
}

void add_output_flag(CLI::App& command, const std::shared_ptr<sports_flags>& flags) {
  command.add_option("--output", flags->output, "Default: table on a terminal, else json")
    ->check(CLI::IsMember({"table", "json"}));
}

void add_now_flag(CLI::App& command, const std::shared_ptr<sports_flags>& flags) {
  command
    .add_option("--now", flags->now,
                "The moment: `now` or a time; default: the newest that the folder states")
    ->type_name("TIME");
}

result<std::optional<int64_t>> sports_now_of(const sports_flags& flags) {
  if (flags.now.empty())
    return std::optional<int64_t>{};
  if (flags.now == "now")
    return std::optional{tools::clock_us()};
  const auto read = read_sports_moment(flags.now);
  if (!read)
    return fault{ec::bad_input,
                 "--now " + flags.now + ": expected `now` or a time as 2026-01-31T12:00:00Z"};
  return std::optional{read->us};
}

result<sports_folder> folder_from(const sports_flags& flags) {
  const auto now = sports_now_of(flags);
  if (!now)
    return now.error();
  return sports_folder{flags.data, tools::program_version(), *now};
}

// ---- import -------------------------------------------------------------------------------------

std::string sports_import_json(const sports_import_report& x) {
  views::json out{{"files", x.files},
                  {"games", x.games},
                  {"predictions", x.predictions},
                  {"bad", x.bad},
                  {"confirmed_again", x.confirmed_again},
                  {"answers", views::json::object()}};
  for (size_t i = 0; i < x.answers.size(); ++i)
    if (x.answers.at(i) > 0)
      out["answers"][std::string{prediction_code_names.at(i)}] = x.answers.at(i);
  return out.dump() + '\n';
}

std::string sports_import_text(const sports_import_report& x) {
  auto text = std::to_string(x.files) + " files, " + std::to_string(x.games) + " records of games, "
              + std::to_string(x.predictions) + " predictions, " + std::to_string(x.bad)
              + " bad records\n";
  for (size_t i = 0; i < x.answers.size(); ++i)
    if (x.answers.at(i) > 0)
      text
        += std::to_string(x.answers.at(i)) + ' ' + std::string{prediction_code_names.at(i)} + '\n';
  if (x.confirmed_again > 0)
    text += std::to_string(x.confirmed_again) + " of the duplicates are identical\n";
  return text;
}

int run_sports_import(const sports_flags& flags) {
  tools::progress_line line(
    [](int percent) { return "importing, " + std::to_string(percent) + " %"; });
  auto at = folder_from(flags);
  if (!at)
    return sports_failed(at.error());
  sports_import what;
  what.at = *std::move(at);
  if (!what.at.now_us)
    what.at.now_us = tools::clock_us();
  what.files = flags.files;
  what.strict = flags.strict;
  what.progress = [&line](int percent) { line.show(percent); };
  what.bad_record = [](const std::string& reason) {
    tools::print_shown(stderr, "skipped: %s\n", reason.c_str());
  };
  const auto report = import_sports(what);
  if (!report)
    return sports_failed(report.error());
  const bool table = sports_wants_table(flags);
  return sports_answered(table, table ? sports_import_text(*report) : sports_import_json(*report));
}

void add_sports_import(CLI::App& all, const std::shared_ptr<sports_flags>& flags, int& code) {
  auto* import
    = all.add_subcommand("import", "Take files of games and predictions into a data folder");
  import
    ->add_option("FILE", flags->files,
                 "JSON lines: rows of the game feed, or objects of kind game or prediction")
    ->required();
  import->add_option("--data", flags->data, "The data folder; made when it is not there")
    ->capture_default_str();
  import
    ->add_option("--now", flags->now,
                 "When games were seen that state no moment: `now` (default) or a time")
    ->type_name("TIME");
  import->add_flag("--strict", flags->strict, "Stop at the first record that cannot be read");
  add_output_flag(*import, flags);
  import->footer("Examples: sluice sports import games.jsonl picks.jsonl --data sports-data\n"
                 "          sluice sports import case.jsonl --data sports-data --strict\n"
                 "The same file again changes nothing but counts. Exit: 0, 2 a bad file or flag, 3 "
                 "the folder is in use or cannot be written.");
  import->callback([flags, &code] { code = run_sports_import(*flags);
});
} // namespace

// ---- settle, score ------------------------------------------------------------------------------

int run_sports_settle(const sports_flags& flags) {
  const auto at = folder_from(flags);
  if (!at)
    return sports_failed(at.error());
  const auto made = settle_sports_folder(*at);
  if (!made)
    return sports_failed(made.error());
  const bool table = sports_wants_table(flags);
  if (table)
    return sports_answered(true, std::to_string(made->won) + " won, " + std::to_string(made->lost)
                                   + " lost, " + std::to_string(made->voided) + " void\n");
  const views::json out{{"won", made->won}, {"lost", made->lost}, {"void", made->voided}};
  return sports_answered(false, out.dump() + '\n');
}

std::string drawn_sports(const char* command, const std::string& text) {
  const admin::command* found = nullptr;
  for (const auto& x : sports_admin_commands())
    if (x.name == command)
      found = &x;
  return tools::render(command, text,
                       {sports_columns_wide, ::isatty(STDOUT_FILENO) != 0, tools::letters(),
                        found ? found->columns : std::span<const admin::column_look>{}});
}

/// Opens the folder to look, makes the document, shows it.
template <class Make, class Draw>
int show_of_sports(const sports_flags& flags, Make make, Draw draw) {
  const std::array parts{storage::sports_schema()};
  const auto layout = storage::schema_with(parts);
  const auto disk
    = storage::data_dir::open(flags.data, {}, storage::open_mode::read_only, {.layout = &layout});
  if (!disk)
    return sports_failed(disk.error());
  const result<views::json> document = make(*disk);
  if (!document)
    return sports_failed(document.error());
  const auto text = views::text_of(*document);
  const bool table = sports_wants_table(flags);
  return sports_answered(table, table ? draw(text) : text + '\n');
}

int run_sports_score(const sports_flags& flags) {
  const auto at = folder_from(flags);
  if (!at)
    return sports_failed(at.error());
  const auto made = score_sports_folder(*at);
  if (!made)
    return sports_failed(made.error());
  return show_of_sports(
    flags, [](const storage::data_dir& disk) { return sports_tiers_view(disk); },
    [](const std::string& text) { return drawn_sports("sports tiers", text); });
}

void add_sports_work(CLI::App& all, const std::shared_ptr<sports_flags>& flags, int& code) {
  auto* settle = all.add_subcommand("settle", "Settle what is due in a folder that no node has");
  settle->add_option("--data", flags->data, "The data folder")->capture_default_str();
  add_now_flag(*settle, flags);
  add_output_flag(*settle, flags);
  settle->footer("Examples: sluice sports settle --data sports-data\n"
                 "          sluice sports settle --data sports-data --now 2026-01-31T00:00:00Z\n"
                 "Twice is as once. Of a running node: sluice shell --exec \"sports settle\".\n"
                 "Exit: 0, 2 a flag, 3 the folder is not there or in use.");
  settle->callback([flags, &code] { code = run_sports_settle(*flags); });
  auto* score
    = all.add_subcommand("score", "Settle what is due, then compute days, tiers, weights");
  score->add_option("--data", flags->data, "The data folder")->capture_default_str();
  add_now_flag(*score, flags);
  add_output_flag(*score, flags);
  score->footer("Examples: sluice sports score --data sports-data\n"
                "          sluice sports score --data sports-data --now now --output json\n"
                "Answers where every miner stands. Of a running node: sluice shell --exec \"sports "
                "score\".\n"
                "Exit: 0, 2 a flag or nothing is stored, 3 the folder is not there or in use.");
  score->callback([flags, &code] { code = run_sports_score(*flags); });
}

// ---- looking ------------------------------------------------------------------------------------

void add_look_flags(CLI::App& command, const std::shared_ptr<sports_flags>& flags) {
  command.add_option("--data", flags->data, "A data folder; its node may be running")
    ->capture_default_str();
  add_output_flag(command, flags);
}

int run_sports_explain(const sports_flags& flags) {
  return show_of_sports(
    flags, [&](const storage::data_dir& disk) { return explain_sports(disk, flags.miner); },
    [](const std::string& text) {
      return tools::sports_explain_text(text, {sports_columns_wide, ::isatty(STDOUT_FILENO) != 0,
                                               tools::letters() == report::charset::ascii});
    });
}

void add_sports_explain(CLI::App& all, const std::shared_ptr<sports_flags>& flags, int& code) {
  auto* explain
    = all.add_subcommand("explain", "One miner's weight, back to tiers, days and predictions");
  explain->add_option("MINER", flags->miner, "Its uid, or its hotkey")->required();
  add_look_flags(*explain, flags);
  explain->footer("Examples: sluice sports explain 60 --data sluice-dev\n"
                  "          sluice sports explain 5F3sa2TJ... --output json\n"
                  "Exit: 0, 2 the last scoring names no such miner, 3 no such folder.");
  explain->callback([flags, &code] { code = run_sports_explain(*flags); });
}

using sports_view_function = result<views::json> (*)(const storage::data_dir&, size_t);

/// A command that shows one list.
void add_sports_list(CLI::App& all, const std::shared_ptr<sports_flags>& flags, int& code,
                     const char* name, const char* help, sports_view_function view, bool counted) {
  auto* command = all.add_subcommand(name, help);
  add_look_flags(*command, flags);
  constexpr size_t last_max = 20'000;
  if (counted)
    command->add_option("--last", flags->last, "How many, at most")
      ->check(CLI::Range(size_t{1}, last_max))
      ->capture_default_str();
  const std::string whole = std::string{"sports "} + name;
  command->footer("Examples: sluice " + whole + " --data sluice-dev\n          sluice " + whole
                  + " --output json" + (counted ? " --last 5" : "")
                  + "\nExit: 0, 2 a flag, 3 no such folder.");
  command->callback([flags, &code, view, whole] {
    code = show_of_sports(
      *flags, [&](const storage::data_dir& disk) { return view(disk, flags->last); },
      [&](const std::string& text) { return drawn_sports(whole.c_str(), text); });
  });
}

} // namespace sluice

void add_sports_commands(CLI::App& app, int& exit_code) {
  auto flags = std::make_shared<sports_flags>();
  auto* all = app.add_subcommand(std::string{sports_name},
                                 "Sports predictions: import, settle, score, explain, tiers, "
                                 "games, weights-history, stats");
  all->require_subcommand(1);
  add_sports_import(*all, flags, exit_code);
  add_sports_work(*all, flags, exit_code);
  add_sports_explain(*all, flags, exit_code);
  add_sports_list(
    *all, flags, exit_code, "tiers", "Every miner of the last scoring, by weight",
    [](const storage::data_dir& disk, size_t) { return sports_tiers_view(disk); }, false);
  add_sports_list(
    *all, flags, exit_code, "games", "Games, open ones by their start, then those that ended",
    [](const storage::data_dir& disk, size_t max) { return sports_games_view(disk, max); }, true);
  add_sports_list(
    *all, flags, exit_code, "weights-history", "The last attempts to set weights, newest first",
    [](const storage::data_dir& disk, size_t max) { return sports_weights_view(disk, max); }, true);
  add_sports_list(
    *all, flags, exit_code, "stats", "What each service of the mechanism counted",
    [](const storage::data_dir& disk, size_t) { return sports_stats(disk); }, false);
}

} // namespace sluice
