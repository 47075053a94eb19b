/// A miner that is more than a strategy: what it is started with.
#pragma once

#include "io/config/setting_override.hpp"
#include "rules/miner_gateway/url.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sluice {

/// `unix_ms`: milliseconds since 1970-01-01 UTC, any thread; `write`: one line, any thread.
struct own_miner_request {
  std::vector<gateway_url> connect; // at least one, but for `stats`
  std::string hotkey;               // file
  std::string ca;                   // PEM file; empty: the system's
  std::string data;                 // folder
  std::string strategy;
  std::string software;
  std::optional<uint16_t> uid; // where validators do not state it
  bool json = false;
  bool stats = false;                           // show what the last run wrote, and end
  std::vector<io::setting_override> settings{}; // keys as the mechanism's miner has them
  std::function<uint64_t()> unix_ms;
  std::function<void(std::string_view)> write;
};

} // namespace sluice
