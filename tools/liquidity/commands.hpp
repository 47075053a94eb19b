/// The commands of `sluice` about plans and recordings.
#pragma once

namespace CLI {
class App;
}

namespace sluice::tools {

/// `code` becomes the exit code of the command that was run. It is from 0 to 255 and must outlive
/// the parsing. Errors of a run are exit codes.
void add_score(CLI::App& app, int& code);
/// As add_score.
void add_backtest(CLI::App& app, int& code);

} // namespace sluice::tools
