/// A miner of leads on a machine of its own: answers from a file of its own leads.
#pragma once

#include "rules/leads/exchange.hpp"
#include "tools/miner/miner_side.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sluice::tools {

/// The leads of a JSON lines file, one object a line, in its order; blank lines are passed over.
/// ec::unreachable, or ec::bad_input with file, line and field: what is no lead, or more than
/// `lead_pool_max`.
result<std::vector<lead>> read_lead_pool(const std::string& path);

/// Most leads of one file.
inline constexpr size_t lead_pool_max = 100'000;

/// The best leads for a request: those that share most words with the description (of business,
/// industry, sub-industry, region, role), of equal ones the higher conversion score, then the
/// earlier in the file; at most `num_leads`, and at most one per address. `num_leads`: from 1.
std::vector<lead> pool_answer(const std::vector<lead>& pool, const lead_question& question);

/// For `sluice miner --mechanism leads --strategy pool:FILE`.
/// ec::bad_input: any other strategy; faults of read_lead_pool.
result<std::unique_ptr<miner_side>> make_leads_miner(const miner_side_config& config);

} // namespace sluice::tools
