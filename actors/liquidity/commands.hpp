/// The subcommands of `sluice` that are about jobs, rounds and their miners.
#pragma once

namespace CLI {
class App;
}

namespace sluice {

/// All of them, to the commands of `sluice` (`app` has `audit` already). Who is run leaves its exit
/// code. It is from 0 to 255 and must outlive the parsing. Errors of a run are exit codes.
void add_liquidity_commands(CLI::App& app, int& exit_code);

/// As above.
void add_worker(CLI::App& app, int& exit_code);
/// `audit round ID`: to the subcommands of `audits`, before `all`. `exit_code` as above.
void add_audit_round(CLI::App& audits, int& exit_code);

} // namespace sluice
