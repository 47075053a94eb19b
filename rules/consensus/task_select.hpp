/// Which miners get which task: by availability, specialisation and load, in an order that does not
/// depend on chance.
#pragma once

#include "rules/consensus/task.hpp"

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

namespace sluice {

/// A miner that may be given tasks, and its availability as a function of its load:
/// max(least, min(1, slope * (1 - load / capacity) + base)). The first formula of
/// facts/mechanisms C3.7 has slope = performance, base = 0.2 * confidence, least = 0.1; the second
/// has slope = 0.3 and all other parts in base. Loads and capacities are tasks, from 0. Not
/// checked.
struct task_candidate {
  miner_uid uid;
  hotkey key;
  double slope = 0.5;
  double base = 0;
  double least = 0.1;
  double load = 0;
  double capacity = 5;
  std::set<std::string> specialization; // task types by name; empty: everything
  double stake = 0;                     // TAO; for the ranking
  SLUICE_FIELDS(uid, key, slope, base, least, load, capacity, specialization, stake)
  bool operator==(const task_candidate&) const = default;
};

/// With its load of now, 0 to 1, to 12 decimals; 0 without capacity.
double availability_of(const task_candidate& x);

/// How many miners a task gets: max(1, min(required, those with load < capacity)). Counts.
size_t wanted_miners(uint64_t required, const std::vector<task_candidate>& all);

/// A miner as one selection sees it. Availability is 0 to 1, to 12 decimals.
struct task_choice {
  miner_uid uid;
  double availability = 0;
  double load = 0;
  double capacity = 5;
  std::set<std::string> specialization; // task types by name; empty: everything
};

/// Indices of the chosen ones, the best first, at most `count`: of those with load < capacity whose
/// specialisation has the type, or of all where there is none such; by availability, then the lower
/// load / capacity, then the lower uid (facts/mechanisms C3.8, vectors/mechanisms-large rule 7).
std::vector<size_t>
select_miners(const std::vector<task_choice>& all, std::string_view type, size_t count);

/// Chooses for one task and adds 1 to the load of each chosen one. `avoid`: uids that are taken
/// only when there is nobody else. Indices into `all`, the best first; empty, and no load added,
/// where there are fewer than `least` (from 1).
std::vector<size_t>
assign_miners(std::vector<task_candidate>& all, std::string_view type, uint64_t required,
              uint64_t least, const std::set<miner_uid>& avoid);

} // namespace sluice
