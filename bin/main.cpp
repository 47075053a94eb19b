#include "actors/mechanism_module.hpp"
#include "bin/commands.hpp"
#include "bin/log.hpp"
#include "io/process_limits.hpp"
#include "io/signals.hpp"
#include "rules/nearest.hpp"
#include "tools/queued_output.hpp"

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <new>
#include <sstream>
#include <string>
#include <string_view>
#include <system_error>
#include <unistd.h>
#include <vector>

namespace {

constexpr const char* no_thread
  = "no more threads can be made; see ulimit -u, docker --pids-limit, "
    "TasksMax";

/// What the system refuses is no bug.
int complain_of(const std::exception& why) {
  using namespace sluice::bin;
  if (dynamic_cast<const std::bad_alloc*>(&why) != nullptr)
    print_shown(stderr, "sluice: there is not enough memory\n");
  else if (dynamic_cast<const std::system_error*>(&why) != nullptr)
    print_shown(stderr, "sluice: the system refuses: %s\n", why.what());
  else {
    print_shown(stderr, "sluice: a bug: %s\n", why.what());
    return bug;
  }
  return environment;
}

/// Where an exception has no handler, or a thread could not be made while others run: with a
/// sentence and exit code 3 when the system refuses something, else as a bug ends.
[[noreturn]] void end_of_exceptions() {
  constexpr std::chrono::milliseconds last_patience{100};
  int code = sluice::bin::bug;
  if (const auto thrown = std::current_exception()) {
    try {
      std::rethrow_exception(thrown);
    } catch (const std::exception& e) {
      code = complain_of(e);
    } catch (...) {
    }
  } else if (!sluice::io::can_make_thread()) {
    sluice::bin::print_shown(stderr, "sluice: %s\n", no_thread);
    code = sluice::bin::environment;
  }
  sluice::tools::drain_output(last_patience);
  if (code == sluice::bin::environment)
    ::_exit(code);
  std::abort();
}

/// An answer that nobody gets is none.
int end_with(int code) {
  const auto why = sluice::tools::why_answer_is_lost();
  if (!why || (code != sluice::bin::done && code != sluice::bin::answer_is_no))
    return code;
  sluice::bin::print_shown(stderr, "sluice: %s\n", why->c_str());
  return sluice::bin::environment;
}

/// The option of this command that was meant by the first "--x" in a complaint; "" when none is
/// near.
std::string option_meant(const CLI::App& command, const std::string& complaint) {
  const auto from = complaint.find(" --");
  if (from == std::string::npos)
    return {};
  const auto start = from + 3;
  const auto typed = complaint.substr(start, complaint.find_first_of(" =", start) - start);
  std::vector<std::string_view> known;
  for (const auto* option : command.get_options())
    for (const auto& name : option->get_lnames())
      known.emplace_back(name);
  const auto near = sluice::nearest(typed, known);
  return near ? "--" + std::string{*near} : std::string{};
}

/// One line: what is wrong, and what was meant or where the help is.
std::string complaint(const CLI::App* app, const CLI::Error& why) {
  std::string name = "sluice";
  const auto* at = app;
  while (!at->get_subcommands().empty()) {
    at = at->get_subcommands().front();
    name += ' ' + at->get_name();
  }
  const std::string what = why.what();
  const bool unknown = why.get_exit_code() == static_cast<int>(CLI::ExitCodes::ExtrasError);
  if (const auto meant = option_meant(*at, what); unknown && !meant.empty())
    return name + ": " + what + "; did you mean " + meant + "?\n";
  return name + ": " + what + "; see " + name + " --help\n";
}

/// Complains when the first argument is no command; true when there is nothing to complain about.
bool knows_command(const CLI::App& app, int argc, char** argv) {
  if (argc < 2 || argv[1][0] == '-')
    return true;
  std::vector<std::string> names;
  for (const auto* command : app.get_subcommands({}))
    names.push_back(command->get_name());
  const std::string argument = argv[1];
  if (std::find(names.begin(), names.end(), argument) != names.end())
    return true;
  const std::vector<std::string_view> known(names.begin(), names.end());
  std::string all;
  for (const auto& name : names)
    all += (all.empty() ? "" : ", ") + name;
  const auto near = sluice::nearest(argument, known);
  sluice::bin::print_shown(
    stderr, "sluice: expected a command (%s), got %s%s\n", all.c_str(), argument.c_str(),
    near ? ("; did you mean " + std::string{*near} + "?").c_str() : "; see sluice --help");
  return false;
}

/// SLUICE_DATA names the node's folder for every command that has --data, as it does for `node`;
/// a miner's folder is another one.
void take_data_folder(CLI::App& app) {
  for (auto* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    if (command->get_name() == "miner")
      continue;
    if (auto* data = command->get_option_no_throw("--data"); data && data->get_envname().empty())
      data->envname("SLUICE_DATA");
    take_data_folder(*command);
  }
}

/// Help, version or complaint, and CLI11's exit code.
int leave(const CLI::App& app, const CLI::ParseError& why) {
  std::ostringstream out;
  std::ostringstream err;
  const int code = app.exit(why, out, err);
  sluice::bin::write_shown(stdout, out.str());
  sluice::bin::write_shown(stderr, err.str());
  return code;
}

} // namespace

int main(int argc, char** argv) {
  using namespace sluice;
  io::open_standard_streams();
  io::end_first_process_by_signals();
  std::set_terminate(end_of_exceptions);
  tools::take_locale();
  bin::log_to(stdout, "");
  std::signal(SIGXFSZ, SIG_IGN); // a full quota is an answer of write(), not the end
  std::signal(SIGPIPE, SIG_IGN); // and so is a reader that has left
  int code = bin::done;
  CLI::App app{"Sluice: a node for Bittensor subnets.", "sluice"};
  app.set_version_flag("--version", std::string{"sluice "} + SLUICE_VERSION);
  app.require_subcommand(1);
  app.failure_message(complaint);
  app.footer(
    "Examples:\n"
    "  sluice node --dev                         a whole subnet on this machine\n"
    "  sluice replay --check corpus.jsonl        the engine against recorded answers\n"
    "  sluice score --events pool.jsonl --plan plan.json\n"
    "  sluice backtest --events 2023-08-1*.csv --report out.html\n"
    "  sluice audit round JOB/evaluation/7 --data DIR\n"
    "  sluice shell --exec \"tree; weights\"      look into a running node\n"
    "  sluice db backup --data DIR --to /backups beside a running node\n"
    "  sluice keys new miner.key                 who a miner is\n"
    "  sluice api-key new --data DIR --role client   a key of the HTTP API\n"
    "  sluice miner --connect ws://127.0.0.1:8700 --hotkey miner.key\n"
    "\nExit codes: 0 done, 1 the answer is no, 2 usage or input, 3 environment, 70 a bug.");
  bin::add_node(app, code);
  bin::add_replay(app, code);
  bin::add_audit(app, code);
  for (const auto* mechanism : all_mechanisms())
    mechanism->add_commands(app, code);
  bin::add_config(app, code);
  bin::add_shell(app, code);
  bin::add_keys(app, code);
  bin::add_api_key(app, code);
  bin::add_db(app, code);
  bin::add_miner(app, code);
  take_data_folder(app);
  if (argc < 2) {
    bin::write_shown(stderr, app.help());
    return bin::usage;
  }
  if (!knows_command(app, argc, argv))
    return bin::usage;
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return end_with(e.get_exit_code() == 0 ? leave(app, e) : (leave(app, e), bin::usage));
  } catch (const std::exception& e) {
    return complain_of(e);
  }
  return end_with(code);
}
