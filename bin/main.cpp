#include "bin/commands.hpp"

#include <csignal>
#include <cstdio>
#include <exception>
#include <string>

namespace {

/// One line: what is wrong, and where the help is.
std::string complaint(const CLI::App* app, const CLI::Error& why) {
  std::string name = "sluice";
  for (const auto* at = app; !at->get_subcommands().empty();) {
    at = at->get_subcommands().front();
    name += ' ' + at->get_name();
  }
  return name + ": " + why.what() + "; see " + name + " --help\n";
}

} // namespace

int main(int argc, char** argv) {
  using namespace sluice;
  std::signal(SIGXFSZ, SIG_IGN); // a full quota is an answer of write(), not the end
  int code = bin::done;
  CLI::App app{"Sluice: a subnet node for liquidity management.", "sluice"};
  app.set_version_flag("--version", std::string{"sluice "} + SLUICE_VERSION);
  app.require_subcommand(1);
  app.failure_message(complaint);
  app.footer(
    "Examples:\n"
    "  sluice node --dev                         a whole subnet on this machine\n"
    "  sluice replay --check corpus.jsonl        the engine against recorded answers\n"
    "  sluice score --events pool.jsonl --plan plan.json\n"
    "  sluice audit round JOB/evaluation/7 --data DIR\n"
    "\nExit codes: 0 done, 1 the answer is no, 2 usage or input, 3 environment, 70 a bug.");
  bin::add_node(app, code);
  bin::add_replay(app, code);
  bin::add_score(app, code);
  bin::add_audit(app, code);
  bin::add_config(app, code);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return e.get_exit_code() == 0 ? app.exit(e) : (app.exit(e), bin::usage);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "sluice: a bug: %s\n", e.what());
    return bin::bug;
  }
  return code;
}
