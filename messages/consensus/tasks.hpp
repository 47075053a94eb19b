/// What the task distributor is asked by the routes, by the mechanism, and what it asks itself.
#pragma once

#include "messages/errors.hpp"
#include "messages/inspect.hpp"
#include "messages/mechanism.hpp"
#include "messages/miner.hpp"
#include "rules/consensus/availability.hpp"
#include "rules/consensus/ranking.hpp"
#include "rules/consensus/task_calls.hpp"
#include "rules/consensus/task_turn.hpp"

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/fwd.hpp>
#include <caf/replies_to.hpp>
#include <caf/type_id.hpp>
#include <caf/typed_actor.hpp>

#include <cstdint>
#include <functional>
#include <vector>

namespace sluice {

/// A call of a client or a worker outside, with the way back, which is used once and from any
/// thread. Stays in this process.
template <class Call, class Answer>
struct outside_task_call {
  Call what;
  std::function<void(result<Answer>)> reply;
};

/// How many tasks there are, and what became of answers.
struct task_stats_call {};

using submit_task_message = outside_task_call<submit_task_call, submitted_task>;
using cancel_task_message = outside_task_call<cancel_task_call, changed_task>;
using approve_task_message = outside_task_call<approve_task_call, changed_task>;
using fetch_tasks_message = outside_task_call<fetch_tasks_call, std::vector<task_work>>;
using answer_task_message = outside_task_call<answer_task_call, answered_task>;
using task_stats_message = outside_task_call<task_stats_call, task_stats>;

/// Distributor -> who has the records: who may be given tasks at this moment. `now_ms`:
/// milliseconds since 1970-01-01 UTC.
struct selectable_miners_query {
  uint64_t now_ms = 0;
  SLUICE_FIELDS(now_ms)
};
/// By uid, as rules/consensus/availability.hpp has them.
struct selectable_miners {
  std::vector<available_miner> all;
  SLUICE_FIELDS(all)
};
/// Whoever has the records of the consensus. An actor with more messages is one of these as well.
using selectable_miners_actor
  = caf::typed_actor<caf::replies_to<selectable_miners_query>::with<selectable_miners>>;

/// Stepped time: submits what the world's client wants in this step, distributes, and waits for the
/// answers. `step`: from 1; `now_ms`: the step's moment, milliseconds since 1970-01-01 UTC.
struct task_turn {
  uint64_t step = 0;
  uint64_t now_ms = 0;
  SLUICE_FIELDS(step, now_ms)
};

/// Where all miners stand at this moment; `now_ms` as above.
struct task_ranking_query {
  uint64_t now_ms = 0;
  SLUICE_FIELDS(now_ms)
};
struct task_ranking {
  std::vector<ranked_miner> all; // the best first
  SLUICE_FIELDS(all)
};

/// TASK DISTRIBUTOR: the only one who changes the task board. What it has answered is durable;
/// faults are those of rules/consensus/task_calls.hpp, and the storage writer's.
using task_distributor_actor = caf::typed_actor<
  // Of clients outside.
  caf::reacts_to<submit_task_message>, caf::reacts_to<cancel_task_message>,
  caf::reacts_to<approve_task_message>, caf::reacts_to<task_stats_message>,
  // Of workers outside that poll.
  caf::reacts_to<fetch_tasks_message>, caf::reacts_to<answer_task_message>,
  // Stepped time; the same again when it is asked again.
  caf::replies_to<task_turn>::with<task_turn_report>,
  // For scores.
  caf::replies_to<task_ranking_query>::with<task_ranking>,
  // An operator's `tasks submit` and `tasks cancel`: a JSON document.
  caf::replies_to<mechanism_command>::with<std::string>,
  // Its own: time has passed.
  caf::reacts_to<atom::due>>;

/// Called by the module, before the actor system is made.
void add_task_messages(caf::actor_system_config& config);

} // namespace sluice

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(sluice::submit_task_message)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(sluice::cancel_task_message)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(sluice::approve_task_message)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(sluice::fetch_tasks_message)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(sluice::answer_task_message)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(sluice::task_stats_message)

CAF_BEGIN_TYPE_ID_BLOCK(sluice_consensus_tasks, 1440)

  CAF_ADD_TYPE_ID(sluice_consensus_tasks, (sluice::submit_task_message))
  CAF_ADD_TYPE_ID(sluice_consensus_tasks, (sluice::cancel_task_message))
  CAF_ADD_TYPE_ID(sluice_consensus_tasks, (sluice::approve_task_message))
  CAF_ADD_TYPE_ID(sluice_consensus_tasks, (sluice::fetch_tasks_message))
  CAF_ADD_TYPE_ID(sluice_consensus_tasks, (sluice::answer_task_message))
  CAF_ADD_TYPE_ID(sluice_consensus_tasks, (sluice::task_stats_message))
  CAF_ADD_TYPE_ID(sluice_consensus_tasks, (sluice::selectable_miners_query))
  CAF_ADD_TYPE_ID(sluice_consensus_tasks, (sluice::selectable_miners))
  CAF_ADD_TYPE_ID(sluice_consensus_tasks, (sluice::selectable_miners_actor))
  CAF_ADD_TYPE_ID(sluice_consensus_tasks, (sluice::task_turn))
  CAF_ADD_TYPE_ID(sluice_consensus_tasks, (sluice::task_turn_report))
  CAF_ADD_TYPE_ID(sluice_consensus_tasks, (sluice::task_ranking_query))
  CAF_ADD_TYPE_ID(sluice_consensus_tasks, (sluice::task_ranking))
  CAF_ADD_TYPE_ID(sluice_consensus_tasks, (sluice::task_distributor_actor))

CAF_END_TYPE_ID_BLOCK(sluice_consensus_tasks)

EXTERN_INSTANTIATE(sluice::selectable_miners_query)
EXTERN_INSTANTIATE(sluice::selectable_miners)
EXTERN_INSTANTIATE(sluice::task_turn)
EXTERN_INSTANTIATE(sluice::task_turn_report)
EXTERN_INSTANTIATE(sluice::task_ranking_query)
EXTERN_INSTANTIATE(sluice::task_ranking)
