/// Runs a node in this process from its first word to its last.
#pragma once

#include "actors/mechanism_module.hpp"
#include "actors/reporter.hpp"
#include "rules/node_config.hpp"
#include "rules/result.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace sluice {

struct run_options {
  node_config config;
  mechanism_list mechanisms; // that the program has; those of the configuration are run
  std::string config_digest; // tells this configuration from others on the same folder
  std::string version;       // of the program
  std::filesystem::path data;
  bool adopt_config = false; // continue a folder under a changed configuration
  uint64_t laps = 0;         // 0: until every recording is over, or for ever
  double speed = 0;
  std::string title;
  std::vector<std::string> again; // the words of the command that continues this run
  reporter_config report;
};

/// How a run ended; `code` as in bin/commands.hpp.
struct run_result {
  int code = 0;
  std::string why;      // one sentence when code is not 0
  bool stopped = false; // by a signal
};

/// Checks the feeds before it touches the folder. Returns when the run is over, or within a second
/// after SIGINT or SIGTERM; a second signal ends the process at once.
run_result run_node(run_options options);

} // namespace sluice
