/// What a command line says about the network, over what the configuration says.
#pragma once

#include "rules/network_config.hpp"
#include "rules/result.hpp"

#include <string>
#include <vector>

namespace sluice {

/// The flags --door, --allow, --fleet, --metrics and those that belong to them.
struct network_words {
  network_settings network;       // an empty text leaves the file's word
  std::vector<std::string> allow; // HOTKEY or HOTKEY=UID
};

/// What the words say over what the file says; ec::bad_input or ec::refused for what cannot be.
result<nothing> apply(const network_words& said, network_settings& network);

/// The flags that say the same again.
std::vector<std::string> flags_of(const network_words& said);

} // namespace sluice
