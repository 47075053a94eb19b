/// Recomputes what is stored of rounds from its stored inputs; nothing here has a mailbox.
#pragma once

#include "rules/audit_finding.hpp"
#include "rules/liquidity/round_name.hpp"
#include "storage/data_dir.hpp"

#include <vector>

namespace sluice {

/// One round from its start, its events and its answers: market, outcomes, scores, ranking. The
/// fault is no_such_key when it is not stored, refused when it is not completed. `checked` of the
/// finding counts compared numbers.
result<audit_finding> audit_round(const storage::data_dir& disk, const round_id& id);

/// The records of a job's miners from all of its rounds: nothing counted twice, nothing forgotten.
result<audit_finding> audit_scores(const storage::data_dir& disk, const job_id& job);

/// All completed rounds, then all scores.
result<std::vector<audit_finding>> audit_jobs(const storage::data_dir& disk);

} // namespace sluice
