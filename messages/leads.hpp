/// What the actors of the leads mechanism send to each other.
#pragma once

#include "messages/mechanism.hpp"
#include "messages/miner.hpp"
#include "rules/leads/calls.hpp"
#include "rules/leads/exchange.hpp"
#include "storage/batch.hpp"

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/fwd.hpp>
#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

#include <functional>
#include <string>
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

/// Is done with items that an own_fetch handed out, and writes what was made of them in the same
/// batch. `now_ms` as above.
struct own_acknowledge {
  std::vector<acknowledge_call> items;
  storage::batch with;
  uint64_t now_ms = 0;
  SLUICE_FIELDS(items, with, now_ms)
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
  // Of the node itself; how many were acknowledged: all of them and `with` is written, or, when one
  // of the leases has expired, none and nothing is.
  caf::replies_to<own_fetch>::with<std::vector<leased_item>>,
  caf::replies_to<own_acknowledge>::with<uint64_t>,
  caf::replies_to<own_request>::with<std::string>, caf::replies_to<own_result>::with<atom::done>>;

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
using lead_survey_actor
  = caf::typed_actor<caf::replies_to<lead_question>::with<lead_answers>>;

