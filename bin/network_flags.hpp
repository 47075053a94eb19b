/// The flags of `sluice node` that open it to others.
#pragma once

#include "rules/network_config.hpp"
#include "rules/result.hpp"

#include <CLI/CLI.hpp>

#include <string>
#include <vector>

namespace sluice::bin {

struct network_flags {
  network_settings network;       // what was said; an empty text leaves the file's word
  std::vector<std::string> allow; // HOTKEY or HOTKEY=UID
};

void add_network_flags(CLI::App& node, network_flags& flags);

/// What the flags say over what the file says; ec::bad_input for what cannot be.
result<nothing> apply(const network_flags& flags, network_settings& network);

/// The words that say the same again.
std::vector<std::string> words_of(const network_flags& flags);

} // namespace sluice::bin
