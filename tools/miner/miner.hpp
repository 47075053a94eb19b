/// What `sluice miner` does, without its flags: a miner that comes to a node's miner gateway.
#pragma once

#include "rules/door/back_off.hpp"
#include "rules/door/url.hpp"
#include "rules/result.hpp"
#include "tools/miner/miner_side.hpp"

#include <functional>
#include <memory>
#include <string>

namespace sluice::tools {

struct miner_options {
  door_url where;     // ws or wss
  std::string hotkey; // file
  std::string ca;     // PEM file; empty: the system's
  std::string software;
  std::unique_ptr<miner_side> side; // what it does with questions
  back_off_terms pause;
  std::function<uint64_t()> unix_ms;
  std::function<uint64_t()> chance;
};

/// Until SIGINT or SIGTERM, or (`once`) until it is over; answers the exit code: 0, or 1 when
/// it was refused. Fails when key or CA cannot be used; a node that cannot be reached is tried
/// again for ever.
result<int> run_miner(miner_options options);

} // namespace sluice::tools
