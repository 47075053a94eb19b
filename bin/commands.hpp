/// Every subcommand adds itself to the command line and leaves its exit code.
#pragma once

#include "tools/exit_code.hpp"
#include "tools/print.hpp"

#include <CLI/CLI.hpp>

namespace sluice::bin {

using tools::answer_is_no;
using tools::bug;
using tools::complain;
using tools::done;
using tools::environment;
using tools::exit_code;
using tools::letters;
using tools::print_shown;
using tools::usage;
using tools::write_answer;
using tools::write_data;
using tools::write_shown;

void add_node(CLI::App& app, int& code);
void add_replay(CLI::App& app, int& code);
void add_audit(CLI::App& app, int& code);
void add_config(CLI::App& app, int& code);
void add_shell(CLI::App& app, int& code);
void add_keys(CLI::App& app, int& code);
void add_api_key(CLI::App& app, int& code);
void add_db(CLI::App& app, int& code);
void add_miner(CLI::App& app, int& code);
void add_keys_tls(CLI::App& keys, int& code);

} // namespace sluice::bin
