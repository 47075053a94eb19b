/// The curated flow as the disk has it: continued where the last incarnation was.
#pragma once

#include "rules/leads/flow.hpp"
#include "rules/result.hpp"
#include "storage/data_dir.hpp"

#include <cstdint>

namespace sluice {

/// An attempt to publish. `number`: from 1; 0: none.
struct open_attempt {
  uint64_t number = 0;
  publish_trigger trigger = publish_trigger::start;
};

struct stored_flow_state {
  curation_flow flow;
  open_attempt attempt;   // that is open again
  flow_actions actions{}; // that make others agree with it: sourced leads wait again
};

/// With the attempt of the last step where nobody has seen its end yet. `now_ms`: milliseconds
/// since 1970-01-01 UTC. Faults: what the disk reports.
result<stored_flow_state>
stored_flow(const storage::data_dir& disk, const flow_terms& terms, uint64_t now_ms);

} // namespace sluice
