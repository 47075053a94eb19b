/// What a liquidity job, its feed, its rounds, simulators and executor say to each other.
#pragma once

#include "messages/fleet.hpp"
#include "messages/mechanism.hpp"
#include "messages/miner.hpp"
#include "rules/liquidity/job_order.hpp"
#include "rules/liquidity/sheet.hpp"
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
struct simulation {
  std::shared_ptr<const window> market;
  std::vector<plan> plans;
  pool_model model = pool_model::observed;
  uint32_t positions_max = 0;
};

/// One outcome per plan, in order; a fault when the plan could not be played at all.
struct simulation_result {
  std::vector<result<plan_outcome>> outcomes;
};

/// SIMULATOR, and the pool of them: pure work, no state.
using simulator_actor = caf::typed_actor<
  // Plays the plans.
  caf::replies_to<simulation>::with<simulation_result>>;

/// What a feed delivered on its way to a block.
struct feed_segment {
  std::vector<std::shared_ptr<const block_record>> blocks;
  uint64_t reached = 0; // the feed stands after this block
  bool ended = false;   // the recording is over
};

/// Where a feed stands: enough to continue there in another life.
struct feed_state {
  checkpoint saved;
  pool_terms terms;
  price_point price;
  std::shared_ptr<const pool> snapshot; // null for bars
  bool alive = false;                   // is there a price yet?
  uint64_t first_block = 0;             // the first that a round should contain
  std::optional<uint64_t> last_block;   // of a recording
};

/// POOL FEED: one pool's blocks, in order, from wherever they come.
using pool_feed_actor = caf::typed_actor<
  // Replays up to and including this block; when time is paced, answers when it has come.
  caf::replies_to<atom::advance, uint64_t>::with<feed_segment>,
  // Where it stands.
  caf::replies_to<atom::saved>::with<feed_state>,
  // Its own: what was waited for is due.
  caf::reacts_to<atom::due>>;

/// Job -> round: the market up to here, ask again. `opening`: before the first event.
struct checkpoint_call {
  uint64_t block = 0;
  bool opening = false;
  std::shared_ptr<const window> market; // from the round's start up to `block`
  /// Who is there now: who came back is asked by its new way, who is new takes part from here on,
  /// who is not in it is out. Null: nobody came or went.
  std::shared_ptr<const std::vector<roster_entry>> miners{};
};

/// Round -> job: how it went; nothing of it is stored yet.
struct round_outcome {
  std::vector<miner_result> results; // by uid
  std::vector<prediction> predictions;
  std::vector<miner_uid> ranking;    // who was scored, best first
  std::optional<plan_outcome> vault; // live: what the vault has now
  uint32_t executions = 0;           // live: mined
  uint32_t executions_failed = 0;
};

/// ROUND: one competition among miners, or one turn of the winner.
using round_actor = caf::typed_actor<
  // Asks everybody still in; answers when every answer is in.
  caf::replies_to<checkpoint_call>::with<atom::done>,
  // Simulates and scores the whole window.
  caf::replies_to<atom::closing, std::shared_ptr<const window>>::with<round_outcome>>;

/// Round -> executor: bring the vault from what it holds to what is asked.
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

/// What a job has to do with a lap.
enum class lap_part : uint8_t {
  played = 0,
  paused, // by the operator
  over,   // nothing of it was left to play, and nothing will come
};

/// One job's share of a lap.
struct lap_report {
  job_id job;
  uint64_t completed = 0; // rounds so far
  bool ended = false;     // nothing will come any more
  bool failed = false;    // ... because it cannot go on; `note` says why
  std::string note;
  std::optional<round_record> evaluation;
  std::optional<round_record> live;
  std::vector<prediction> predictions; // of both rounds
  std::vector<std::pair<hotkey, miner_score>> scores;
  lap_part part = lap_part::played;
  SLUICE_FIELDS(job, completed, ended, failed, note, evaluation, live, predictions, scores, part)
};

/// JOB: owns one vault's feed and rounds.
using job_actor = caf::typed_actor<
  // Sees to it that this many rounds are completed; answers with the report of that round.
  caf::replies_to<atom::lap, uint64_t>::with<lap_report>,
  // How its miners stand now.
  caf::replies_to<atom::standing>::with<job_standing>>;

/// What the jobs did in a step, by name; paused ones are not in it.
struct jobs_detail : step_detail {
  explicit jobs_detail(std::vector<lap_report> all) : jobs(std::move(all)) {}
  std::vector<lap_report> jobs;
};

/// LIQUIDITY: the mechanism that owns the jobs.
using liquidity_actor = mechanism_actor::extend<
  // An operator's word about a job: durable when it is answered, in force with the next lap;
  // ec::refused when it cannot be.
  caf::replies_to<job_command>::with<atom::done>>;

/// Entry -> simulators: another one who calculates, far away. `way` answers every question, with
/// an error when the worker is lost, and ends then.
struct worker_came {
  std::string name;
  uint32_t cores = 1;
  simulator_actor way;
};

/// Simulators -> themselves: that way has ended.
struct worker_gone {
  uint64_t crew = 0;
  SLUICE_FIELDS(crew)
};

/// How one worker does; for whoever looks.
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
  CAF_ADD_TYPE_ID(sluice_liquidity, (sluice::lap_report))
  CAF_ADD_TYPE_ID(sluice_liquidity, (std::vector<sluice::lap_report>))
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
EXTERN_INSTANTIATE(sluice::lap_report)
EXTERN_INSTANTIATE(sluice::job_command)
EXTERN_INSTANTIATE(sluice::worker_row)
