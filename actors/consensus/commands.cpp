#include "actors/consensus/commands.hpp"

#include "actors/consensus/explain.hpp"
#include "actors/consensus/report_check.hpp"
#include "actors/consensus/views.hpp"
#include "rules/consensus/name.hpp"
#include "tools/consensus/explain_text.hpp"
#include "tools/consensus/report_file.hpp"
#include "tools/consensus/send_report.hpp"
#include "tools/exit_code.hpp"
#include "tools/print.hpp"
#include "tools/program.hpp"
#include "tools/shell/render.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <unistd.h>

namespace sluice {

namespace {

struct consensus_flags {
  std::string data = "sluice-dev";
  std::string output;
  std::string miner;
  std::string file;
  std::string policy = "confidence";
  tools::report_sending sending;
  std::optional<uint64_t> epoch;
};

constexpr size_t consensus_columns = 120;

int consensus_failed(const fault& why) {
  tools::print_shown(stderr, "sluice consensus: %s\n", why.what.c_str());
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

bool consensus_wants_table(const consensus_flags& flags) {
  return flags.output == "table" || (flags.output.empty() && ::isatty(STDOUT_FILENO) != 0);
}

bool on_a_terminal() {
  return ::isatty(STDOUT_FILENO) != 0;
}

bool in_ascii() {
  return tools::letters() == report::charset::ascii;
}

int consensus_answered(bool table, const std::string& text) {
  if (tools::write_answer(table, text))
    return tools::done;
  tools::print_shown(stderr, "sluice consensus: the answer could not be written\n");
  return tools::environment;
}

/// A document as the flags want it; `draw` makes the text for a terminal.
template <class Draw>
int consensus_shown(const consensus_flags& flags, const views::json& document, Draw draw) {
  const auto text = views::text_of(document);
  const bool table = consensus_wants_table(flags);
  return consensus_answered(table, table ? draw(text) : text + '\n');
}

/// Opens the folder to look, reads the book, makes the document, shows it.
template <class Make, class Draw>
int show_of_book(const consensus_flags& flags, Make make, Draw draw) {
  const std::array parts{all_consensus_tables()};
  const auto layout = storage::schema_with(parts);
  const auto disk
    = storage::data_dir::open(flags.data, {}, storage::open_mode::read_only, {.layout = &layout});
  if (!disk)
    return consensus_failed(disk.error());
  const auto stored = read_stored_book(*disk);
  if (!stored)
    return consensus_failed(stored.error());
  const result<views::json> document = make(*disk, *stored);
  return document ? consensus_shown(flags, *document, draw) : consensus_failed(document.error());
}

std::string drawn_list(const char* command, const std::string& text) {
  return tools::render(command, text, {consensus_columns, on_a_terminal(), tools::letters(), {}});
}

void add_look_options(CLI::App& command, const std::shared_ptr<consensus_flags>& flags) {
  command.add_option("--data", flags->data, "A data folder; its node may be running")
    ->capture_default_str();
  command.add_option("--output", flags->output, "Default: table on a terminal, else json")
    ->check(CLI::IsMember({"table", "json"}));
}

// ---- show, miners, validators, conflicts --------------------------------------------------------

int run_show(const consensus_flags& flags) {
  return show_of_book(
    flags,
    [&](const storage::data_dir&, const stored_book& x) {
      return explain_consensus(x.book, flags.miner, x.status.now_ms);
    },
    [](const std::string& text) {
      return tools::consensus_explain_text(text, {consensus_columns, on_a_terminal(), in_ascii()});
    });
}

int run_miners(const consensus_flags& flags) {
  return show_of_book(
    flags,
    [](const storage::data_dir&, const stored_book& x) {
      return result<views::json>{consensus_miners(x)};
    },
    [](const std::string& text) { return drawn_list("consensus miners", text); });
}

int run_validators(const consensus_flags& flags) {
  return show_of_book(
    flags,
    [](const storage::data_dir&, const stored_book& x) {
      return result<views::json>{consensus_validators(x)};
    },
    [](const std::string& text) { return drawn_list("consensus validators", text); });
}

int run_conflicts(const consensus_flags& flags) {
  return show_of_book(
    flags,
    [](const storage::data_dir& disk, const stored_book& x) {
      return consensus_conflicts(disk, x);
    },
    [](const std::string& text) { return drawn_list("consensus conflicts", text); });
}

void add_looks(CLI::App& all, const std::shared_ptr<consensus_flags>& flags, int& code) {
  auto* show = all.add_subcommand("show", "One miner's record, back to the reports it is made of");
  show->add_option("MINER", flags->miner, "Its uid, or its hotkey")->required();
  add_look_options(*show, flags);
  show->footer("Examples: sluice consensus show 50 --data sluice-dev\n"
               "          sluice consensus show 5F3sa2TJ... --output json\n"
               "Exit: 0, 2 nobody reports that miner, 3 no such folder.");
  show->callback([flags, &code] { code = run_show(*flags); });
  auto* miners = all.add_subcommand("miners", "Every miner that is reported, and its state");
  add_look_options(*miners, flags);
  miners->callback([flags, &code] { code = run_miners(*flags); });
  auto* validators = all.add_subcommand("validators", "Who reports, and how well it agrees");
  add_look_options(*validators, flags);
  validators->callback([flags, &code] { code = run_validators(*flags); });
  auto* conflicts
    = all.add_subcommand("conflicts", "Fields in conflict, and validators that contradict "
                                      "themselves");
  add_look_options(*conflicts, flags);
  conflicts->callback([flags, &code] { code = run_conflicts(*flags); });
}

// ---- report -------------------------------------------------------------------------------------

int send_checked(const consensus_flags& flags, const std::vector<checked_report>& reports) {
  if (reports.size() != 1)
    return consensus_failed(
      {ec::bad_input, "--to sends one report; this file has " + std::to_string(reports.size())});
  auto how = flags.sending;
  how.unix_ms = tools::unix_ms_now();
  constexpr uint64_t epoch_ms = 60'000;
  how.epoch = flags.epoch.value_or(reports.front().epoch > 0 ? reports.front().epoch
                                                             : how.unix_ms / epoch_ms);
  if (how.validator_uid == 0)
    how.validator_uid = reports.front().validator_uid;
  const auto answer = tools::send_report(how, reports.front().statuses);
  if (!answer)
    return consensus_failed(answer.error());
  tools::print_shown(stderr, "%s answered with status %u\n", how.url.c_str(), answer->status);
  const auto code = consensus_answered(false, answer->body + '\n');
  constexpr unsigned good = 200;
  return code != tools::done || answer->status == good ? code
                                                       : static_cast<int>(tools::answer_is_no);
}

int run_report(const consensus_flags& flags) {
  const auto text = tools::read_report_file(flags.file);
  if (!text)
    return consensus_failed(text.error());
  const auto reports = read_checked_reports(*text, flags.file);
  if (!reports)
    return consensus_failed(reports.error());
  consensus_settings settings;
  if (flags.policy == "byzantine")
    settings.policy = consensus_policy::byzantine;
  const auto document = check_reports(*reports, tools::unix_ms_now(), settings);
  if (!document)
    return consensus_failed(document.error());
  if (!flags.sending.url.empty())
    return send_checked(flags, *reports);
  const bool table = consensus_wants_table(flags);
  return consensus_answered(
    table, table ? checked_reports_text(*document, consensus_columns, on_a_terminal(), in_ascii())
                 : views::text_of(*document) + '\n');
}

void add_report(CLI::App& all, const std::shared_ptr<consensus_flags>& flags, int& code) {
  auto* report = all.add_subcommand(
    "report", "Check a file of miner statuses, merge it, explain the result; or send it");
  report
    ->add_option("FILE", flags->file,
                 "A list of statuses, a report {validator_uid, epoch, miner_statuses}, or a list "
                 "of reports, as JSON; - is the standard input")
    ->required();
  report->add_option("--policy", flags->policy, "By which it is merged")
    ->check(CLI::IsMember({"confidence", "byzantine"}))
    ->capture_default_str();
  report->add_option("--to", flags->sending.url, "Send it to this proxy, http://HOST:PORT");
  report->add_option("--validator", flags->sending.validator_uid,
                     "Whose report it is; else as the "
                     "file states");
  report->add_option("--epoch", flags->epoch,
                     "Its number; else as the file states, else minutes "
                     "since 1970");
  auto* hotkey = report->add_option("--hotkey", flags->sending.hotkey_file,
                                    "Sign it with this key file (sluice keys new)");
  report
    ->add_option("--api-key", flags->sending.key_file,
                 "Send the API key in this file (sluice api-key new)")
    ->excludes(hotkey);
  report->add_option("--ca", flags->sending.ca_file, "PEM file of the proxy's CA");
  report->add_option("--output", flags->output, "Default: table on a terminal, else json")
    ->check(CLI::IsMember({"table", "json"}));
  report->footer(
    "Examples: sluice consensus report statuses.json\n"
    "          sluice consensus report reports.json --policy byzantine --output json\n"
    "          sluice consensus report statuses.json --to http://127.0.0.1:8500 --validator 13 "
    "--hotkey validator.key\n"
    "Exit: 0, 1 the proxy did not take it, 2 the file or a flag, 3 a key file or the proxy cannot "
    "be reached.");
  report->callback([flags, &code] { code = run_report(*flags); });
}

} // namespace

void add_consensus_commands(CLI::App& app, int& exit_code) {
  auto flags = std::make_shared<consensus_flags>();
  auto* all = app.add_subcommand(std::string{consensus_name},
                                 "Consensus about miners: show, miners, validators, conflicts, "
                                 "report");
  all->require_subcommand(1);
  add_looks(*all, flags, exit_code);
  add_report(*all, flags, exit_code);
}

} // namespace sluice
