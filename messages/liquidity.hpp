/// What a liquidity job, its feed, its rounds, simulators and executor send to each other.
#pragma once

#include "messages/fleet.hpp"
#include "messages/mechanism.hpp"
#include "messages/miner.hpp"
#include "rules/liquidity/job_order.hpp"
#include "rules/liquidity/liquidity_scores.hpp"
#include "sim/evaluate/window.hpp"
#include "storage/liquidity/records.hpp"

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/fwd.hpp>
#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

#include <memory>
#include <vector>

namespace sluice {

/// Plans to be played in one window. Stays in this process: the window is shared, not copied.
/// `positions_max`: positions that one rebalance may ask for, from 1 to limits::positions_max; one
/// that asks for more is refused in the plan's outcome. Any number of plans, none too. Not checked
/// here: the job's configuration was.
struct simulation {
  std::shared_ptr<const window> market;
  std::vector<plan> plans;
  pool_model model = pool_model::observed;
  uint32_t positions_max = 0;
  evaluation_options how{};
};

/// One outcome per plan, in order; a fault when the plan could not be played at all. As many as
/// there were plans; the fault codes are those of `evaluate` (sim/evaluate/window.hpp).
struct simulation_result {
  std::vector<result<plan_outcome>> outcomes;
};

/// SIMULATOR, and the pool of them: pure work, no state.
using simulator_actor = caf::typed_actor<
  // Plays the plans.
  caf::replies_to<simulation>::with<simulation_result>>;

/// What a feed delivered on its way to a block. `reached`: a block number of the feed, not below
/// any block in `blocks`; below the block that was asked for only when the recording is over.
/// Errors are the pool feed's, below.
struct feed_segment {
  std::vector<std::shared_ptr<const block_record>> blocks;
  uint64_t reached = 0; // the feed stands after this block
  bool ended = false;   // the recording is over
};

/// Where a feed stands: enough to continue there in another incarnation. `saved.block`,
/// `first_block` and `last_block` are numbers of the feed's blocks (with bars unix time / 60).
/// `price` is token1 per token0 in smallest units, Q64.96, and its tick; both mean nothing unless
/// `alive`. Errors are the pool feed's, below.
struct feed_state {
  checkpoint saved;
  pool_terms terms;
  price_point price;
  std::shared_ptr<const pool> snapshot; // null for bars
  bool alive = false;                   // is there a price yet?
  uint64_t first_block = 0;             // the first that a round should contain
  std::optional<uint64_t> last_block;   // of a recording
};

/// POOL FEED: one pool's blocks, in order, from wherever they come. Block numbers are the feed's. A
/// block that cannot be replayed is corrupt_data or bad_input, then and whenever it is asked again.
using pool_feed_actor = caf::typed_actor<
  // Replays up to and including this block; when time is paced, answers when it has come.
  caf::replies_to<atom::advance, uint64_t>::with<feed_segment>,
  // Where it stands: with the pool's bytes (a full checkpoint), or without.
  caf::replies_to<atom::saved, bool>::with<feed_state>,
  // Its own: what was waited for is due.
  caf::reacts_to<atom::due>>;

/// Job -> round: the market up to here, ask again. `opening`: before the first event. `block`: in
/// the round's range of blocks, not below that of the call before. Not checked here: the job keeps
/// it so.
struct checkpoint_call {
  uint64_t block = 0;
  bool opening = false;
  std::shared_ptr<const window> market; // from the round's start up to `block`
  /// Who is there now: who came back is asked by its new handle, who is new waits for the next
  /// round, who is not in it is asked no more and keeps its plan. Null: nobody came or went.
  std::shared_ptr<const std::vector<roster_entry>> miners{};
};

/// Round -> job: how it went; nothing of it is stored yet. `executions` and `executions_failed`
/// count rebalances of the vault, from 0; both are 0 in evaluation. `asked` counts questions that
/// were put to somebody. Scores and amounts as in rules/liquidity (scoreboard.hpp, plan.hpp). Not
/// checked here.
struct round_outcome {
  std::vector<miner_result> results; // by uid
  std::vector<prediction> predictions;
  std::vector<miner_uid> ranking;    // who was scored, best first
  std::optional<plan_outcome> vault; // live: what the vault has now
  uint32_t executions = 0;           // live: mined
  uint32_t executions_failed = 0;    // by the chain, not by the plan's own doing
  uint64_t asked = 0;
  std::optional<miner_uid> winner{}; // of the ranking; live: who played
};

/// ROUND: one competition among miners, or one turn of the winner.
using round_actor = caf::typed_actor<
  // Asks everybody still in; answers when every answer is in.
  caf::replies_to<checkpoint_call>::with<atom::done>,
  // Simulates and scores the whole window.
  caf::replies_to<atom::closing, std::shared_ptr<const window>>::with<round_outcome>>;

/// Round -> executor: bring the vault from what it holds to what is asked. `block`: a block of the
/// job's feed inside the round. `asked` has from 0 to `positions_max` entries, whose amounts are in
/// smallest units; the round has checked them (rules/liquidity/proposal.hpp). What cannot be
/// executed is a live_execution with status failed and its reason.
struct execution_order {
  round_id round;
  miner_uid miner;
  uint64_t block = 0;
  std::shared_ptr<const window> market; // up to `block`
  plan so_far;                          // what the vault did in this round
  std::vector<desired_position> asked;
  pool_model model = pool_model::observed;
  uint32_t positions_max = 0;
};

/// EXECUTOR: the only one who touches the vault. Intent durable, executed, durable, answered; asked
/// the same twice (a restarted round) it answers what was achieved the first time.
using executor_actor = caf::typed_actor<caf::replies_to<execution_order>::with<live_execution>>;

/// One job's share of a step. `completed` counts from 0, failed rounds too. Scores are of the range
/// that the job's score_terms allow; combined scores are averages of them. Not checked here.
struct job_report {
  job_id job;
  uint64_t completed = 0; // rounds so far
  bool ended = false;     // nothing will come any more
  bool failed = false;    // ... because it cannot go on; `note` states why
  std::string note;
  std::optional<round_record> evaluation;
  std::optional<round_record> live;
  std::vector<prediction> predictions; // of both rounds
  std::vector<std::pair<hotkey, miner_score>> scores;
  step_outcome outcome = step_outcome::played;
  SLUICE_FIELDS(job, completed, ended, failed, note, evaluation, live, predictions, scores, outcome)
};

/// JOB: owns one vault's feed and rounds. The number is from 1. Asked for a round that is completed
/// it answers from disk; errors are the disk's, or the feed's sentence.
using job_actor = caf::typed_actor<
  // Sees to it that this many rounds are completed; answers with the report of that round.
  caf::replies_to<atom::step, uint64_t>::with<job_report>,
  // The next round makes so many: it may be played already, but nothing of its end is stored or
  // counts before a step asks for it.
  caf::reacts_to<atom::advance, uint64_t>,
  // How its miners stand now.
  caf::replies_to<atom::standing>::with<job_standing>>;

/// What the jobs did in a step, by name; paused ones are not in it.
struct jobs_detail : step_detail {
  explicit jobs_detail(std::vector<job_report> all) : jobs(std::move(all)) {}
  std::vector<job_report> jobs;
};

/// LIQUIDITY: the mechanism that owns the jobs.
using liquidity_actor = mechanism_actor::extend<
  // An operator's command about a job: durable when it is answered, in force with the next step;
  // ec::refused when it cannot be.
  caf::replies_to<job_command>::with<atom::done>>;

/// Entry -> simulators: another one who calculates, far away. `handle` answers every question, with
/// an error when the worker is lost, and ends then. `cores`: 1 to 1024, as its hello was checked.
struct worker_came {
  std::string name;
  uint32_t cores = 1;
  simulator_actor handle;
};

/// Simulators -> themselves: that handle has ended. The number was given to it when it came, from 1
/// and never used again. One that is gone already changes nothing.
struct worker_gone {
  uint64_t id = 0; // its number in the ledger
  SLUICE_FIELDS(id)
};

/// How one worker does; for whoever looks. `cores` is from 1 to 1024; the others count batches of
/// plans since it came, from 0; `open` is at most twice the cores (work_bounds::batches_per_core).
/// Not checked here.
struct worker_row {
  std::string name;
  uint32_t cores = 0;
  uint64_t batches = 0; // answered
  uint64_t open = 0;    // on their way
  uint64_t checked = 0; // compared with our own results
  bool slow = false;    // kept somebody waiting: gets nothing until it answers
  SLUICE_FIELDS(name, cores, batches, open, checked, slow)
  bool operator==(const worker_row&) const = default;
};

/// SIMULATORS: the pool of those in this process and far away.
using simulator_pool_actor = caf::typed_actor<
  // Plays the plans, whoever does it.
  caf::replies_to<simulation>::with<simulation_result>,
  // Another one helps, and no more.
  caf::reacts_to<worker_came>, caf::reacts_to<worker_gone>,
  // Its own: somebody may have been waited for too long.
  caf::reacts_to<atom::due>,
  // The workers that are in.
  caf::replies_to<atom::roster>::with<std::vector<worker_row>>>;

/// WORKER: calculates for a node on another machine.
using worker_actor = caf::typed_actor<
  // From its link.
  caf::reacts_to<link_up>, caf::reacts_to<link_down>, caf::reacts_to<fleet_frame>,
  caf::reacts_to<fleet_offence>>;

/// Call once per configuration, before the actor system is made.
void add_liquidity_messages(caf::actor_system_config& config);

} // namespace sluice

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(sluice::worker_came)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(sluice::simulation)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(sluice::simulation_result)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(sluice::feed_segment)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(sluice::feed_state)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(sluice::checkpoint_call)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(sluice::round_outcome)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(sluice::execution_order)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(std::shared_ptr<const sluice::window>)

CAF_BEGIN_TYPE_ID_BLOCK(sluice_liquidity, 500)

  CAF_ADD_TYPE_ID(sluice_liquidity, (sluice::simulation))
  CAF_ADD_TYPE_ID(sluice_liquidity, (sluice::simulation_result))
  CAF_ADD_TYPE_ID(sluice_liquidity, (sluice::feed_segment))
  CAF_ADD_TYPE_ID(sluice_liquidity, (sluice::feed_state))
  CAF_ADD_TYPE_ID(sluice_liquidity, (sluice::checkpoint_call))
  CAF_ADD_TYPE_ID(sluice_liquidity, (sluice::round_outcome))
  CAF_ADD_TYPE_ID(sluice_liquidity, (sluice::execution_order))
  CAF_ADD_TYPE_ID(sluice_liquidity, (std::shared_ptr<const sluice::window>))
  CAF_ADD_TYPE_ID(sluice_liquidity, (sluice::job_standing))
  CAF_ADD_TYPE_ID(sluice_liquidity, (sluice::live_execution))
  CAF_ADD_TYPE_ID(sluice_liquidity, (sluice::job_report))
  CAF_ADD_TYPE_ID(sluice_liquidity, (std::vector<sluice::job_report>))
  CAF_ADD_TYPE_ID(sluice_liquidity, (sluice::job_command))
  CAF_ADD_TYPE_ID(sluice_liquidity, (sluice::simulator_actor))
  CAF_ADD_TYPE_ID(sluice_liquidity, (sluice::pool_feed_actor))
  CAF_ADD_TYPE_ID(sluice_liquidity, (sluice::round_actor))
  CAF_ADD_TYPE_ID(sluice_liquidity, (sluice::executor_actor))
  CAF_ADD_TYPE_ID(sluice_liquidity, (sluice::job_actor))
  CAF_ADD_TYPE_ID(sluice_liquidity, (sluice::liquidity_actor))
  CAF_ADD_TYPE_ID(sluice_liquidity, (sluice::worker_came))
  CAF_ADD_TYPE_ID(sluice_liquidity, (sluice::worker_gone))
  CAF_ADD_TYPE_ID(sluice_liquidity, (sluice::worker_row))
  CAF_ADD_TYPE_ID(sluice_liquidity, (std::vector<sluice::worker_row>))
  CAF_ADD_TYPE_ID(sluice_liquidity, (sluice::simulator_pool_actor))

CAF_END_TYPE_ID_BLOCK(sluice_liquidity)

EXTERN_INSTANTIATE(sluice::job_standing)
EXTERN_INSTANTIATE(sluice::live_execution)
EXTERN_INSTANTIATE(sluice::job_report)
EXTERN_INSTANTIATE(sluice::job_command)
EXTERN_INSTANTIATE(sluice::worker_row)
