/// Runs a node in this process from its start to its end.
#pragma once

#include "actors/base/run_result.hpp"
#include "actors/mechanism_module.hpp"
#include "actors/reporter.hpp"
#include "rules/config/node_config.hpp"
#include "rules/result.hpp"

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace sluice {

/// `speed`: from 0, finite; seconds of block time per second of real time, 0: as fast as the steps
/// can take it. The number of steps is of this run, from 0. Not checked here: the command line was.
struct run_options {
  node_config config;
  mechanism_list mechanisms; // that the program has; those of the configuration are run
  std::string config_digest; // distinguishes this configuration from others on the same folder
  std::string version;       // of the program
  std::filesystem::path data;
  bool adopt_config = false; // continue a folder under a changed configuration
  std::string files_below{}; // the configuration's folder: where files that orders name may be
  uint64_t steps = 0;        // 0: until every recording is over, or for ever
  double speed = 0;
  std::string title;
  std::vector<std::string> again; // the arguments of the command that continues this run
  /// Called with sentences for the operator before the run begins; empty: nobody reads them.
  std::function<void(const std::string&)> say{};
  reporter_config report;
  /// SIGHUP, before the node reads its files anew; called in a thread of its own. Empty: SIGHUP is
  /// what it is by default, the end.
  std::function<void()> hang_up{};
};

/// Checks the feeds before it touches the folder. Returns when the run is over, or within a second
/// after SIGINT or SIGTERM; a second signal ends the process at once.
run_result run_node(run_options options);

} // namespace sluice
