/// Which miners get which task: by availability, specialisation and load, in an order that does not
/// depend on chance.
#pragma once

#include "rules/consensus/availability.hpp"
#include "rules/consensus/config.hpp"

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace sluice {

/// A miner as one selection sees it. Availability is 0 to 1, to 12 decimals; loads and capacities
/// are tasks.
struct task_choice {
  miner_uid uid;
  double availability = 0;
  double load = 0;
  double capacity = 5;
  std::vector<std::string> task_types; // ascending; none: every type
};

/// Indices of the chosen ones, the best first, at most `count`: of those with load < capacity whose
/// specialisation has the type, or of all of these where there is none such; by availability, then
/// the lower load / capacity, then the lower uid (facts/mechanisms C3.8, README of the cases,
/// consensus, rule 7).
std::vector<size_t>
select_miners(const std::vector<task_choice>& all, std::string_view type, size_t count);

/// How many miners a task gets: max(1, min(required, those with load < capacity)). Counts.
size_t wanted_miners(uint64_t required, const std::vector<available_miner>& all);

/// Chooses for one task and adds 1 to the load of each chosen one. `least`: from 1. `avoid`: uids
/// that are taken only when there is nobody else. Indices into `all`, the best first; empty, and no
/// load added, where there are fewer than `least`.
std::vector<size_t>
assign_miners(std::vector<available_miner>& all, std::string_view type, uint64_t required,
              uint64_t least, const std::set<miner_uid>& avoid, const consensus_settings& settings);

} // namespace sluice
