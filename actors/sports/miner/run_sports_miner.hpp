/// A miner of sports as a process: its database, its actors, and how it ends.
#pragma once

#include "actors/base/run_result.hpp"
#include "actors/own_miner.hpp"

namespace sluice {

/// Until SIGINT or SIGTERM. Exit codes: 0; 2 for flags, keys or a strategy that cannot be used; 3
/// when the data folder cannot be used. With `stats`: prints what the last run of the folder wrote.
run_result run_sports_miner(const own_miner_request& request);

} // namespace sluice
