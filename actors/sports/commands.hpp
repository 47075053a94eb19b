/// The commands of `sluice sports`.
#pragma once

namespace CLI {
class App;
}

namespace sluice {

/// `exit_code` becomes that of the command that was run, 0 to 255, and must outlive the parsing.
/// Errors of a run are exit codes.
void add_sports_commands(CLI::App& app, int& exit_code);

} // namespace sluice
