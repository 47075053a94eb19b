/// `sluice miner` with caf://, without its flags: the same as over WebSocket, over the fleet.
#pragma once

#include "actors/base/run_result.hpp"
#include "rules/network_config.hpp"
#include "tools/miner/miner_side.hpp"

#include <memory>
#include <string>

namespace sluice {

struct fleet_miner_options {
  std::string where;      // HOST:PORT of the node's fleet
  fleet_settings network; // certificates, or insecure
  std::string hotkey;     // file
  std::string mechanism;  // that it plays; stated to the node
  std::unique_ptr<tools::miner_side> side;
};

/// Until SIGINT or SIGTERM, or (`once`) until it is over.
run_result run_fleet_miner(fleet_miner_options options);

} // namespace sluice
