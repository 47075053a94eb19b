/// What the actors of the leads mechanism send to each other.
#pragma once

#include "messages/mechanism.hpp"
#include "messages/miner.hpp"
#include "rules/leads/calls.hpp"
#include "rules/leads/exchange.hpp"
#include "rules/leads/flow.hpp"
#include "rules/leads/shares.hpp"
#include "rules/leads/step.hpp"
#include "storage/batch.hpp"

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/fwd.hpp>
#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace sluice {

// ---- calls from outside -------------------------------------------------------------------------

/// A call of somebody outside, with the way back, which is used once and from any thread: as
/// net::leads_reply. Stays in this process.
template <class Call, class Answer>
struct outside_call {
  Call what;
  std::function<void(result<Answer>)> reply;
};

using store_leads_message = outside_call<store_leads_call, leads_stored>;
using queue_prospects_message = outside_call<queue_prospects_call, uint64_t>;
using queue_request_message = outside_call<queue_request_call, std::string>;
using fetch_message = outside_call<fetch_call, std::vector<leased_item>>;
using acknowledge_message = outside_call<acknowledge_call, uint64_t>;
using store_result_message = outside_call<store_result_call, nothing>;
using store_weights_message = outside_call<store_weights_call, nothing>;
using buy_leads_message = outside_call<buy_leads_call, buy_leads_answer>;

// ---- queues -------------------------------------------------------------------------------------

/// Fetches for an actor of this node. `now_ms`: milliseconds since 1970-01-01 UTC, of a step in
/// stepped time. The caller's wallet is this node's validator; limits as in the call.
struct own_fetch {
  fetch_call what;
  uint64_t now_ms = 0;
  SLUICE_FIELDS(what, now_ms)
};

/// Is done with an item that an own_fetch handed out, and writes what was made of it in the same
/// batch. `now_ms` as above.
struct own_acknowledge {
  acknowledge_call item;
  storage::batch with;
  uint64_t now_ms = 0;
  SLUICE_FIELDS(item, with, now_ms)
};

/// Adds a request of this node's own to miners that poll. `now_ms` as above.
struct own_request {
  queue_request_call what;
  uint64_t now_ms = 0;
  SLUICE_FIELDS(what, now_ms)
};

/// Answers a buyer's request that an own_fetch handed out, in the same batch as `with`. `now_ms` as
/// above.
struct own_result {
  store_result_call what;
  storage::batch with;
  uint64_t now_ms = 0;
  SLUICE_FIELDS(what, with, now_ms)
};

/// LEADS QUEUES: the only one who changes the queues behind the routes. What it has answered is
/// durable; faults are those of rules/leads/queues.hpp and admission.hpp, and the storage writer's.
using leads_queues_actor = caf::typed_actor<
  // Of wallets outside.
  caf::reacts_to<queue_prospects_message>, caf::reacts_to<queue_request_message>,
  caf::reacts_to<fetch_message>, caf::reacts_to<acknowledge_message>,
  caf::reacts_to<store_result_message>, caf::reacts_to<store_weights_message>,
  // Of the node itself. 1: the item is acknowledged and `with` is written; 0: the lease has expired
  // and nothing is.
  caf::replies_to<own_fetch>::with<std::vector<leased_item>>,
  caf::replies_to<own_acknowledge>::with<uint64_t>, caf::replies_to<own_request>::with<std::string>,
  caf::replies_to<own_result>::with<atom::done>>;

// ---- miners -------------------------------------------------------------------------------------

/// What one miner answered.
struct miner_leads {
  miner_uid uid;
  hotkey key;
  std::vector<lead> leads; // best first, as it sent them; at most lead_answer_max
  SLUICE_FIELDS(uid, key, leads)
};

/// Everybody's answers. `asked`: miners, from 0.
struct lead_answers {
  uint64_t asked = 0;
  std::vector<miner_leads> answers;
  SLUICE_FIELDS(asked, answers)
};

/// LEAD SURVEY: one question to every connected miner. A second one is ec::busy.
using lead_survey_actor = caf::typed_actor<caf::replies_to<lead_question>::with<lead_answers>>;

// ---- sourced leads ------------------------------------------------------------------------------

/// Who holds sourced leads back.
enum class intake_holder : uint8_t {
  curation = 0, // a curated request is under way
  operator_,    // by command
};

/// From now on sourced leads are taken, or wait.
struct intake_gate {
  intake_holder who = intake_holder::curation;
  bool open = true;
  SLUICE_FIELDS(who, open)
};

/// Stepped time: takes the prospects of this step, and what waits in the queue. `now_ms`: of the
/// step, milliseconds since 1970-01-01 UTC; `step`: from 1.
struct intake_turn {
  uint64_t step = 0;
  uint64_t now_ms = 0;
  SLUICE_FIELDS(step, now_ms)
};

/// SOURCED INTAKE: checks sourced leads and takes the good ones into the pool.
using sourced_intake_actor = caf::typed_actor<
  // Of validators outside.
  caf::reacts_to<store_leads_message>,
  // Answered when the batch in hand is durable.
  caf::replies_to<intake_gate>::with<atom::done>,
  // What the step's own miners handed in; the same again when it is asked again.
  caf::replies_to<intake_turn>::with<intake_report>,
  // Its own: looks into the queue.
  caf::reacts_to<atom::due>>;

// ---- curated leads ------------------------------------------------------------------------------

/// A request, whoever it is of. `now_ms`: when it came, or of the step; milliseconds since
/// 1970-01-01 UTC.
struct lead_request {
  std::string id;
  uint64_t num_leads = 1; // 1 to leads_limits::asked_leads_max
  std::string business_desc;
  uint64_t now_ms = 0;
  SLUICE_FIELDS(id, num_leads, business_desc, now_ms)
  bool operator==(const lead_request&) const = default;
};

/// What was found for a request. `leads`: attributed, best first; of `delivered` at least one.
struct found_leads {
  buy_outcome outcome = buy_outcome::failed;
  std::string message; // a sentence, when nothing was found
  std::vector<lead> leads;
  uint64_t asked = 0;    // miners
  uint64_t answered = 0; // of these
  uint64_t dropped = 0;  // leads of theirs that did not pass the checks
  SLUICE_FIELDS(outcome, message, leads, asked, answered, dropped)
};

/// LEAD SEARCH: one request; asks connected miners, then those that poll, and ranks. Ends after its
/// answer.
using lead_search_actor = caf::typed_actor<caf::replies_to<lead_request>::with<found_leads>>;

/// FALLBACK: asks miners that poll over HTTP, and polls for their answers.
using lead_fallback_actor = caf::typed_actor<
  // The first answer of one of them, or none when the polls are over.
  caf::replies_to<lead_question>::with<lead_answers>,
  // Its own: polls.
  caf::reacts_to<atom::due>>;

/// The requests of a step, in the order in which they are served.
struct step_requests {
  std::vector<lead_request> all;
  SLUICE_FIELDS(all)
};

/// How the last attempt to publish ended. `now_ms`: when that was seen, as above.
struct attempt_ended {
  uint64_t number = 0; // of the attempt
  publish_end how = publish_end::unknown;
  uint64_t now_ms = 0;
  std::string why; // it failed; "" when it did not
  SLUICE_FIELDS(number, how, now_ms, why)
};

/// Leads -> curation: is a publish due? `now_ms` as above.
struct publish_query {
  uint64_t now_ms = 0;
  SLUICE_FIELDS(now_ms)
};

/// Curation -> leads. `record` is to be stored with whatever is made of it.
struct publish_order {
  uint64_t attempt = 0; // number of the one that is open; 0: none
  publish_trigger trigger = publish_trigger::start;
  flow_record record;
  SLUICE_FIELDS(attempt, trigger, record)
};

/// CURATION: takes requests, asks miners, delivers; decides when weights are published and when
/// sourced leads wait (rules/leads/flow.hpp).
using curation_actor = caf::typed_actor<
  // Of buyers outside, who wait.
  caf::reacts_to<buy_leads_message>,
  // Of the world's buyer: answered, in this order, when all leads are stored; what is stored
  // already is delivered again.
  caf::replies_to<step_requests>::with<std::vector<buy_leads_answer>>,
  // Stepped time: serves what waits in the queue of requests; how many, from 0.
  caf::replies_to<atom::advance, uint64_t>::with<uint64_t>,
  // Answered when sourced leads may go on, where they may.
  caf::replies_to<attempt_ended>::with<atom::done>,
  caf::replies_to<publish_query>::with<publish_order>,
  // An operator wants a publish: due as soon as the chain allows; `now_ms` as above.
  caf::replies_to<atom::publish, uint64_t>::with<atom::done>,
  // Its own: time has passed; polls.
  caf::reacts_to<atom::due>>;

/// Leads to be put in order, by arrival, and what the buyer looks for.
struct ranking {
  std::vector<lead> leads;
  uint64_t num_leads = 1; // that are wanted, 1 to leads_limits::asked_leads_max
  std::string business_desc;
  SLUICE_FIELDS(leads, num_leads, business_desc)
};

/// LEAD RANKER: runs an operator's program in a thread of its own; the best leads first. An error
/// states what was wrong with the program.
using lead_ranker_actor = caf::typed_actor<caf::replies_to<ranking>::with<std::vector<lead>>>;

/// What a step adds to the report: what it did, and the shares at its end. Stays in this process.
struct leads_detail final : step_detail {
  leads_detail(lead_step x, std::shared_ptr<const share_report> y)
    : step(std::move(x)), shares(std::move(y)) {}
  lead_step step;
  std::shared_ptr<const share_report> shares;
};

/// Call once per configuration, before the actor system is made.
void add_leads_messages(caf::actor_system_config& config);

} // namespace sluice

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(sluice::store_leads_message)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(sluice::queue_prospects_message)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(sluice::queue_request_message)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(sluice::fetch_message)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(sluice::acknowledge_message)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(sluice::store_result_message)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(sluice::store_weights_message)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(sluice::buy_leads_message)

CAF_BEGIN_TYPE_ID_BLOCK(sluice_leads, 1300)

  CAF_ADD_TYPE_ID(sluice_leads, (sluice::store_leads_message))
  CAF_ADD_TYPE_ID(sluice_leads, (sluice::queue_prospects_message))
  CAF_ADD_TYPE_ID(sluice_leads, (sluice::queue_request_message))
  CAF_ADD_TYPE_ID(sluice_leads, (sluice::fetch_message))
  CAF_ADD_TYPE_ID(sluice_leads, (sluice::acknowledge_message))
  CAF_ADD_TYPE_ID(sluice_leads, (sluice::store_result_message))
  CAF_ADD_TYPE_ID(sluice_leads, (sluice::store_weights_message))
  CAF_ADD_TYPE_ID(sluice_leads, (sluice::buy_leads_message))
  CAF_ADD_TYPE_ID(sluice_leads, (sluice::own_fetch))
  CAF_ADD_TYPE_ID(sluice_leads, (sluice::own_acknowledge))
  CAF_ADD_TYPE_ID(sluice_leads, (sluice::own_request))
  CAF_ADD_TYPE_ID(sluice_leads, (sluice::own_result))
  CAF_ADD_TYPE_ID(sluice_leads, (std::vector<sluice::leased_item>))
  CAF_ADD_TYPE_ID(sluice_leads, (sluice::leads_queues_actor))
  CAF_ADD_TYPE_ID(sluice_leads, (sluice::lead_question))
  CAF_ADD_TYPE_ID(sluice_leads, (sluice::lead_answers))
  CAF_ADD_TYPE_ID(sluice_leads, (sluice::lead_survey_actor))
  CAF_ADD_TYPE_ID(sluice_leads, (sluice::intake_gate))
  CAF_ADD_TYPE_ID(sluice_leads, (sluice::intake_turn))
  CAF_ADD_TYPE_ID(sluice_leads, (sluice::intake_report))
  CAF_ADD_TYPE_ID(sluice_leads, (sluice::sourced_intake_actor))
  CAF_ADD_TYPE_ID(sluice_leads, (sluice::lead_request))
  CAF_ADD_TYPE_ID(sluice_leads, (sluice::found_leads))
  CAF_ADD_TYPE_ID(sluice_leads, (sluice::lead_search_actor))
  CAF_ADD_TYPE_ID(sluice_leads, (sluice::lead_fallback_actor))
  CAF_ADD_TYPE_ID(sluice_leads, (sluice::step_requests))
  CAF_ADD_TYPE_ID(sluice_leads, (std::vector<sluice::buy_leads_answer>))
  CAF_ADD_TYPE_ID(sluice_leads, (sluice::attempt_ended))
  CAF_ADD_TYPE_ID(sluice_leads, (sluice::publish_query))
  CAF_ADD_TYPE_ID(sluice_leads, (sluice::publish_order))
  CAF_ADD_TYPE_ID(sluice_leads, (sluice::curation_actor))
  CAF_ADD_TYPE_ID(sluice_leads, (std::vector<sluice::lead>))
  CAF_ADD_TYPE_ID(sluice_leads, (sluice::lead_ranker_actor))
  CAF_ADD_TYPE_ID(sluice_leads, (sluice::ranking))

CAF_END_TYPE_ID_BLOCK(sluice_leads)

EXTERN_INSTANTIATE(sluice::own_fetch)
EXTERN_INSTANTIATE(sluice::own_acknowledge)
EXTERN_INSTANTIATE(sluice::own_request)
EXTERN_INSTANTIATE(sluice::own_result)
EXTERN_INSTANTIATE(sluice::lead_question)
EXTERN_INSTANTIATE(sluice::lead_answers)
EXTERN_INSTANTIATE(sluice::intake_gate)
EXTERN_INSTANTIATE(sluice::intake_turn)
EXTERN_INSTANTIATE(sluice::intake_report)
EXTERN_INSTANTIATE(sluice::lead_request)
EXTERN_INSTANTIATE(sluice::found_leads)
EXTERN_INSTANTIATE(sluice::step_requests)
EXTERN_INSTANTIATE(sluice::attempt_ended)
EXTERN_INSTANTIATE(sluice::publish_query)
EXTERN_INSTANTIATE(sluice::publish_order)
EXTERN_INSTANTIATE(sluice::ranking)
