/// One line of what a miner on a machine of its own shows, for people and for programs.
#pragma once

#include <nlohmann/json.hpp>

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace sluice::tools {

/// `name` is a literal.
struct miner_event {
  miner_event(std::string_view name, std::string text);

  std::string_view name;
  std::string text; // for people; may hold what a node sent
  nlohmann::ordered_json object;
};

/// With its line end: JSON, or the time of day, name and text without control characters.
/// `unix_ms`: milliseconds since 1970-01-01 UTC; empty: no time is shown. Errors: none.
std::string line_of(const miner_event& x, bool json, const std::function<uint64_t()>& unix_ms);

} // namespace sluice::tools
