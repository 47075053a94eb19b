/// What `sluice miner` does, without its flags: a miner that comes to a node's miner gateway.
#pragma once

#include "rules/miner_gateway/back_off.hpp"
#include "rules/miner_gateway/url.hpp"
#include "rules/result.hpp"
#include "tools/miner/miner_side.hpp"

#include <functional>
#include <memory>
#include <string>

namespace sluice::tools {

/// `unix_ms`: milliseconds since 1970-01-01 UTC; `chance`: any number, another one each time;
/// `pause`: in milliseconds (rules/miner_gateway/back_off.hpp). Not checked.
struct miner_options {
  gateway_url where;  // ws or wss
  std::string hotkey; // file
  std::string ca;     // PEM file; empty: the system's
  std::string software;
  std::string mechanism;            // that it plays; stated to the node
  std::unique_ptr<miner_side> side; // what it does with questions
  back_off_terms pause;
  std::function<uint64_t()> unix_ms;
  std::function<uint64_t()> chance;
};

/// Until SIGINT or SIGTERM, or (`once`) until it is over; answers the exit code: 0, or 1 when
/// it was refused. Fails when key or CA cannot be used; a node that cannot be reached is tried
/// again for ever. Faults: ec::unreachable, ec::refused or ec::bad_input, as read_key_file and
/// net::gateway_client::make.
result<int> run_miner(miner_options options);

} // namespace sluice::tools
