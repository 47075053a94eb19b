/// From the flags of `sluice node --dev` to a configuration.
#pragma once

#include "rules/node_config.hpp"
#include "rules/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sluice::tools {

/// One --feed: "market", "events=FILE" or "bars=FILE[,FILE...]".
result<feed_config> parse_feed(const std::string& text);

/// The embedded dev configuration with its seeds drawn from `seed` (without one: as written) and,
/// when there are feeds, its jobs replaced: one job per feed, two when there is a single feed.
/// Recordings are read for what a job has to know: length of a round, fee, tick spacing, price.
/// Every vault starts with the same worth, so that revenue adds up.
result<node_config> dev_config(std::optional<uint64_t> seed, const std::vector<feed_config>& feeds);

} // namespace sluice::tools
