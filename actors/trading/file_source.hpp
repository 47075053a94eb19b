/// A feed that reads a JSON lines file of stake events, as far as it goes and as it grows.
#pragma once

#include "messages/trading.hpp"
#include "rules/trading/config.hpp"

#include <cstddef>
#include <functional>

namespace sluice {

/// `feed`: of kind file. `unix_ms`: milliseconds since 1970-01-01 UTC. `incarnation`: any number
/// but 0 that no earlier actor of this feed had. Not checked.
struct file_source_config {
  trading_feed feed;
  std::function<uint64_t()> unix_ms;
  uint64_t incarnation = 1;
  size_t piece_events = 20'000; // events of a delivery, at most
};

/// Reads whole lines in bounded pieces, from the sync point on, one piece ahead of what is durable.
/// A file of another device or inode, with another beginning, or shorter than what was read of it
/// is read from its beginning again (events that are there already change nothing). A last line
/// without its end is read when the end has come; in stepped time (look_now) as it is. A file that
/// is not there is degraded health, and looked for again.
trading_source_actor spawn_file_source(caf::actor_system& system, file_source_config config);

} // namespace sluice
