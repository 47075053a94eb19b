/// Every subcommand adds itself to the command line and leaves its exit code.
#pragma once

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

void add_node(CLI::App& app, int& code);
void add_replay(CLI::App& app, int& code);
void add_score(CLI::App& app, int& code);
void add_backtest(CLI::App& app, int& code);
void add_audit(CLI::App& app, int& code);
void add_config(CLI::App& app, int& code);

} // namespace sluice::bin
