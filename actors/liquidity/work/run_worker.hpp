/// `sluice worker` without its flags.
#pragma once

#include "actors/base/run_result.hpp"
#include "rules/network_config.hpp"

#include <functional>
#include <string>

namespace sluice {

/// `cores`: simulators at the same time, from 0; a node refuses more than 1024.
struct worker_options {
  std::string where;      // HOST:PORT of the node's fleet
  fleet_settings network; // certificates, or insecure
  std::string name;       // empty: the certificate's, or host and process without one
  uint32_t cores = 0;     // 0: all
  bool once = false;      // ends when the connection is lost or cannot be made
  std::function<void(const std::string& line)> print;
};

/// Works until it is asked to stop (SIGINT, SIGTERM); a second signal ends the process at once.
run_result run_worker(worker_options options);

} // namespace sluice
