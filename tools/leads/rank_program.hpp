/// Leads in the order that an operator's program gives them.
#pragma once

#include "rules/leads/lead.hpp"
#include "rules/result.hpp"
#include "tools/bounded_command.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::tools {

/// What the program reads: one JSON object {"num_leads", "business_desc", "leads": [...]}, the
/// leads in order of arrival, and a line feed. `num_leads`: from 1.
std::string
rank_input(std::span<const lead> by_arrival, size_t num_leads, std::string_view business_desc);

/// What it writes: a JSON list of places in `by_arrival`, from 0, best first, each once at most.
/// What it leaves out is left out; of leads with the same address or id the first counts; at most
/// `most`. ec::bad_input for anything else, with what was expected.
result<std::vector<lead>>
ranked_by(std::string_view output, std::span<const lead> by_arrival, size_t most);

/// Both, with the program between them. Blocks; faults of run_bounded and ranked_by.
result<std::vector<lead>>
rank_by_program(const std::vector<std::string>& command, std::span<const lead> by_arrival,
                size_t most, std::string_view business_desc, const command_bounds& bounds);

} // namespace sluice::tools
