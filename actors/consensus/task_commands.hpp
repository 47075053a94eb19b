/// `sluice tasks`: looks at the task board of a data folder, and commands the node on it.
#pragma once

namespace CLI {
class App;
}

namespace sluice {

/// `exit_code` becomes that of the command that was run and must outlive the parsing.
void add_task_commands(CLI::App& app, int& exit_code);

} // namespace sluice
