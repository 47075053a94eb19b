/// From what miners answered to what a buyer is delivered.
#pragma once

#include "rules/ids.hpp"
#include "rules/leads/lead.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace sluice {

/// Who handed in the lead of this e-mail address (lower case) first; "" when the pool has none.
using known_source = std::function<std::string(const std::string& ident)>;

/// The leads of one miner as the node records them: curated by this miner, whatever they state;
/// sourced by whoever the pool has as the first, else by whom they state, else by this miner;
/// made now (`now_us`: microseconds since 1970). Leads beyond leads_limits are left out.
std::vector<lead> attributed(std::vector<lead> of_miner, const hotkey& miner, int64_t now_us,
                             const known_source& source);

} // namespace sluice
