/// The jobs of `sluice node --dev`, from its flags.
#pragma once

#include "rules/liquidity/config.hpp"
#include "rules/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sluice::tools {

/// One --feed: "market", "events=FILE" or "bars=FILE[,FILE...]".
result<feed_config> parse_feed(const std::string& text);

/// What configs/dev.toml states, with its seeds drawn from `seed` (without one: as written) and,
/// when there are feeds, its jobs replaced: one job per feed, two when there is a single feed.
/// Recordings are read for what a job has to know: length of a round, fee, tick spacing, price.
/// Every vault starts with the same worth, so that revenue adds up. `config.seed` is still the one
/// that was written. `seed`: any number of 64 bits. Faults: ec::unreachable for a file that cannot
/// be read, else ec::bad_input.
result<nothing> make_dev_jobs(node_config& config, std::optional<uint64_t> seed,
                              const std::vector<std::string>& feeds);

} // namespace sluice::tools
