#include "actors/admin/folder_link.hpp"
#include "actors/admin/views/commands_of.hpp"
#include "actors/fleet/fleet_admin_link.hpp"
#include "bin/commands.hpp"
#include "tools/fleet_flags.hpp"
#include "tools/shell/prompt_reader.hpp"
#include "tools/shell/screen.hpp"
#include "tools/shell/session.hpp"

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <unistd.h>

namespace sluice::bin {

namespace {

struct shell_flags {
  std::string data = "sluice-dev";
  std::string connect;
  fleet_settings fleet;
  std::optional<std::string> exec;
  std::string output;
  bool yes = false;
};

void write_to(std::FILE* file, std::string_view text) {
  write_shown(file, text);
  std::fflush(file);
}

/// Anything but yes, an interruption too, is no.
bool confirm(const std::string& question) {
  write_to(stdout, question);
  const tools::interruptions until;
  std::string answer;
  char c = 0;
  while (::read(STDIN_FILENO, &c, 1) == 1 && c != '\n')
    answer += c;
  if (c != '\n')
    write_to(stdout, "\n");
  return answer == "y" || answer == "Y" || answer == "yes";
}

tools::session_settings settings_of(const shell_flags& flags, bool interactive) {
  const bool shown = ::isatty(STDOUT_FILENO) != 0;
  tools::session_settings how;
  how.json = flags.output == "json" || (flags.output.empty() && !shown);
  how.yes = flags.yes;
  how.color = shown && !std::getenv("NO_COLOR");
  how.terminal = interactive && shown;
  how.width = [] { return tools::size_of_terminal().columns; };
  how.letters = letters();
  how.out = [json = how.json](std::string_view text) { write_answer(!json, text); };
  how.error = [](std::string_view text) { write_to(stderr, text); };
  how.confirm = confirm;
  return how;
}

/// Signals end what is being waited for, not the shell.
bool run_line(tools::shell_session& session, const std::string& line) {
  const tools::interruptions until;
  return session.run(line);
}

void run_session(tools::shell_session& session, const admin::catalogue& commands, bool color) {
  tools::prompt_reader reader{{tools::history_path(), color, letters(),
                               [&](std::string_view line) { return session.complete(line); },
                               [&](std::string_view line) { return admin::hint(commands, line); }}};
  while (!session.over()) {
    const auto line = reader.read(session.prompt());
    if (!line) {
      write_to(stdout, "\n");
      return;
    }
    run_line(session, *line);
  }
}

/// Commands from a pipe, a line each.
bool obey(tools::shell_session& session) {
  bool good = true;
  for (std::string line; !session.over() && std::getline(std::cin, line);)
    good = run_line(session, line) && good;
  return good;
}

/// A node far away, or the folder of one here.
result<std::unique_ptr<net::shell_link>>
link_of(const shell_flags& flags, const net::shell_client::settings& waits,
        report::charset letters) {
  if (flags.connect.empty())
    return std::unique_ptr<net::shell_link>{
      std::make_unique<folder_link>(flags.data, all_mechanisms(), waits, letters)};
  auto far = fleet_admin_link::open(flags.connect, flags.fleet);
  if (!far)
    return far.error();
  return std::unique_ptr<net::shell_link>{*std::move(far)};
}

int run(const shell_flags& flags) {
  std::signal(SIGPIPE, SIG_IGN);
  const bool interactive = ::isatty(STDIN_FILENO) != 0;
  const auto how = settings_of(flags, interactive);
  net::shell_client::settings waits;
  waits.interrupted = tools::take_interruption;
  auto opened = link_of(flags, waits, how.letters);
  if (!opened)
    return complain(opened.error());
  auto& link = **opened;
  const auto commands = commands_of(all_mechanisms());
  tools::shell_session session{link, commands, how};
  if (flags.exec)
    return run_line(session, *flags.exec) ? done : answer_is_no;
  if (!interactive)
    return obey(session) ? done : answer_is_no;
  if (how.terminal)
    write_to(stdout, "Sluice " SLUICE_VERSION ", " + link.place()
                       + ": help lists the commands, TAB completes them, Ctrl-D leaves.\n");
  run_session(session, commands, how.color);
  return done;
}

} // namespace

void add_shell(CLI::App& app, int& code) {
  auto flags = std::make_shared<shell_flags>();
  auto* shell = app.add_subcommand("shell", "Look into a running node, and command it");
  shell->add_option("--data", flags->data, "the node's data folder; it need not be running")
    ->capture_default_str();
  shell->add_option("--connect", flags->connect, "a node's --fleet, with an operator's certificate")
    ->type_name("HOST:PORT");
  tools::add_fleet_flags(*shell, flags->fleet);
  shell->add_option("--exec", flags->exec, "commands instead of a prompt, parted by ;");
  shell
    ->add_option("--output", flags->output,
                 "table or json (default: table on a terminal, json otherwise)")
    ->check(CLI::IsMember({"table", "json"}));
  shell->add_flag("--yes", flags->yes, "do not ask before a command that destroys");
  shell->footer(
    "Examples:\n"
    "  sluice shell                                  a prompt on ./sluice-dev\n"
    "  sluice shell --data DIR --exec \"tree; weights\"\n"
    "  sluice shell --connect 10.0.0.5:4600 --ca ca.pem --certificate me.pem --key me.key\n"
    "  sluice shell --exec 'explain weth-usdc/evaluation/7 3' --output table\n"
    "  printf 'miner ban 3 floods us\\n' | sluice shell --yes\n"
    "Exit: 0 done, 1 a command failed, 2 usage.");
  shell->callback([flags, &code] { code = run(*flags); });
}

} // namespace sluice::bin
