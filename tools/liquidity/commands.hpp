/// The commands of `sluice` about plans and recordings.
#pragma once

namespace CLI {
class App;
}

namespace sluice::tools {

/// `code` becomes the exit code of the command that was run.
void add_score(CLI::App& app, int& code);
void add_backtest(CLI::App& app, int& code);

} // namespace sluice::tools
