/// `sluice miner` with caf://, without its flags: the same desk as at the door, over the fleet.
#pragma once

#include "actors/run_node.hpp"
#include "rules/network_config.hpp"
#include "tools/miner/miner_desk.hpp"

#include <string>

namespace sluice {

struct fleet_miner_options {
  std::string where;      // HOST:PORT of the node's fleet
  fleet_settings network; // certificates, or insecure
  std::string hotkey;     // file
  tools::miner_desk_config desk;
};

/// Until SIGINT or SIGTERM, or (`desk.once`) until it is over.
run_result run_fleet_miner(fleet_miner_options options);

} // namespace sluice
