/// Recomputes what is stored from its stored inputs; nothing here has a mailbox.
#pragma once

#include "rules/liquidity/round_name.hpp"
#include "storage/data_dir.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace sluice {

/// How one audit ended. `difference` is empty when everything is the same; else the first that is
/// not: what, stored, recomputed.
struct audit_finding {
  std::string what; // the round, "scores of JOB", "weights"
  std::string difference;
  uint64_t checked = 0; // numbers compared
  SLUICE_FIELDS(what, difference, checked)
};

/// One round from its start, its events and its answers: market, outcomes, scores, ranking. The
/// fault is no_such_key when it is not stored, refused when it is not completed.
result<audit_finding> audit_round(const storage::data_dir& disk, const round_id& id);

/// The records of a job's miners from all of its rounds: nothing counted twice, nothing forgotten.
result<audit_finding> audit_scores(const storage::data_dir& disk, const job_id& job);

/// Every published epoch against the dev chain's own blocks: sent once, held as sent.
result<audit_finding> audit_weights(const storage::data_dir& disk);

/// All completed rounds, all scores, all weights, in that order.
result<std::vector<audit_finding>> audit_everything(const storage::data_dir& disk);

} // namespace sluice
