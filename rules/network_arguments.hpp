/// What a command line sets of the network, over what the configuration sets.
#pragma once

#include "rules/network_config.hpp"
#include "rules/result.hpp"

#include <string>
#include <vector>

namespace sluice {

/// The flags --miner-gateway, --allow, --fleet, --metrics, --api and those that belong to them.
struct network_arguments {
  network_settings network;       // an empty text leaves the file's value
  std::vector<std::string> allow; // HOTKEY or HOTKEY=UID
};

/// What the arguments set over what the file states; ec::bad_input or ec::refused for what cannot
/// be. Uids are 0 to limits::miners_max - 1.
result<nothing> apply(const network_arguments& given, network_settings& network);

/// The flags that give the same again.
std::vector<std::string> flags_of(const network_arguments& given);

} // namespace sluice
