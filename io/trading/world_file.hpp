/// Reads a world file: metagraph snapshots, registered coldkeys, tracking starts, settings.
///
/// JSON lines {"kind": "settings"|"metagraph"|"registered"|"tracking", ...} as
/// mechanisms-large/README.md of the vectors states them.
#pragma once

#include "rules/result.hpp"
#include "rules/trading/config.hpp"
#include "rules/trading/world.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace sluice::io {

/// Bounds of a world file.
inline constexpr size_t world_snapshots_max = 100'000;
inline constexpr size_t world_neurons_max = 65'536;       // of a snapshot
inline constexpr size_t world_registered_max = 1'000'000; // coldkeys over all netuids
inline constexpr size_t world_line_bytes_max = size_t{32} << 20;

struct world_file {
  trading_world world;
  std::optional<int64_t> now_us;      // of the settings record
  std::optional<tao_mapping> mapping; // of the settings record
};

/// `blacklist` of the world is that of the settings record. Faults: bad_input with line, column
/// and what was expected; unreachable. Snapshots must come by rising block.
result<world_file> read_world_file(const std::string& path);

} // namespace sluice::io
