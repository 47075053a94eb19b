/// Recomputes what is stored of rounds from its stored inputs; nothing here has a mailbox.
#pragma once

#include "rules/audit_finding.hpp"
#include "rules/audit_scope.hpp"
#include "rules/liquidity/round_name.hpp"
#include "rules/liquidity/scoreboard.hpp"
#include "sim/evaluate/window.hpp"
#include "storage/data_dir.hpp"
#include "storage/liquidity/records.hpp"

#include <optional>
#include <vector>

namespace sluice {

/// One round from its start, its events and its answers: market, outcomes, scores, ranking. The
/// fault is no_such_key when it is not stored, refused when it is not completed. `checked` of the
/// finding counts compared numbers.
result<audit_finding> audit_round(const storage::data_dir& disk, const round_id& id);

/// The same of a round that is completed, in its market, among miners whose records before it are
/// `before`.
result<audit_finding>
audit_round_in(const storage::data_dir& disk, const round_id& id, const round_record& row,
               const window& market, const scoreboard& before);

/// States which rounds of a job are gone; none when none are.
std::optional<audit_finding> removal_finding(const job_id& id, const removed_rounds& removed);

/// The records of a job's miners from all of its rounds, or from those that retention has kept and
/// the records that it left: nothing counted twice, nothing forgotten.
result<audit_finding> audit_scores(const storage::data_dir& disk, const job_id& job);

/// All completed rounds of the scope, then all scores, then what retention has removed. In one
/// pass: its time is in proportion to the rounds. bad_input when the scope names rounds and none of
/// them is stored.
result<std::vector<audit_finding>>
audit_jobs(const storage::data_dir& disk, const audit_scope& scope = {});

} // namespace sluice
