/// The subcommands of `sluice` that are about jobs, rounds and their miners.
#pragma once

namespace CLI {
class App;
}

namespace sluice {

/// All of them, to the commands of `sluice` (`app` has `audit` already). Who is run leaves its exit
/// code.
void add_liquidity_commands(CLI::App& app, int& exit_code);

void add_worker(CLI::App& app, int& exit_code);
/// `audit round ID`: to the subcommands of `audits`, before `all`.
void add_audit_round(CLI::App& audits, int& exit_code);

} // namespace sluice
