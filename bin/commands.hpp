/// Every subcommand adds itself to the command line and leaves its exit code.
#pragma once

#include "bin/print.hpp"
#include "rules/result.hpp"

#include <CLI/CLI.hpp>

namespace sluice::bin {

/// Exit codes, the same everywhere.
enum exit_code : int {
  done = 0,
  answer_is_no = 1, // a check failed
  usage = 2,        // flags, configuration, input files
  environment = 3,  // file, port, disk, peer
  bug = 70,
};

/// Says what is wrong with flags, configuration or a folder, and what to exit with.
inline int complain(const fault& why) {
  print_shown(stderr, "sluice: %s\n", why.what.c_str());
  return why.code == ec::unreachable ? environment : usage;
}

void add_node(CLI::App& app, int& code);
void add_replay(CLI::App& app, int& code);
void add_score(CLI::App& app, int& code);
void add_backtest(CLI::App& app, int& code);
void add_audit(CLI::App& app, int& code);
void add_config(CLI::App& app, int& code);
void add_shell(CLI::App& app, int& code);
void add_keys(CLI::App& app, int& code);
void add_miner(CLI::App& app, int& code);
void add_worker(CLI::App& app, int& code);
void add_keys_tls(CLI::App& keys, int& code);

} // namespace sluice::bin
