/// What a miner, its session, the roster and a round say to each other.
#pragma once

#include "messages/atoms.hpp"
#include "messages/errors.hpp"
#include "messages/inspect.hpp"
#include "rules/liquidity/query.hpp"
#include "rules/liquidity/scoreboard.hpp"

#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

namespace sluice {

/// Round -> miner: your proposal was not allowed, and why. Your positions stay.
struct proposal_refused {
  round_id round;
  uint64_t block = 0;
  std::string reason;
  SLUICE_FIELDS(round, block, reason)
  bool operator==(const proposal_refused&) const = default;
};

/// MINER: the far side of a session, in this process or far away.
using miner_actor = caf::typed_actor<
  // Proposes a new set of positions.
  caf::replies_to<rebalance_query>::with<rebalance_reply>,
  // Learns that a proposal was refused.
  caf::reacts_to<proposal_refused>,
  // Answered in mailbox order: what was asked before is answered, or will never be in stepped time.
  caf::replies_to<atom::fence>::with<atom::done>>;

/// How one question ended.
enum class answer_kind : uint8_t {
  accepted = 0,
  refused, // by the miner
  failed,  // silence, disconnect, crash, bounds of the reply broken
};

/// Session -> round.
struct session_answer {
  answer_kind kind = answer_kind::failed;
  rebalance_reply reply;
  std::string note;         // why it was refused or what failed
  uint64_t response_us = 0; // from the query's write
  SLUICE_FIELDS(kind, reply, note, response_us)
  bool operator==(const session_answer&) const = default;
};

/// MINER SESSION: one miner in one round; turns every way of not answering into an answer.
using miner_session_actor = caf::typed_actor<
  // Asks the miner; always answers.
  caf::replies_to<rebalance_query>::with<session_answer>,
  // Passed on to the miner.
  caf::reacts_to<proposal_refused>>;

/// One registered miner and the way to it.
struct roster_entry {
  miner_uid uid;
  hotkey key;
  std::string label; // what people call it: its strategy
  miner_actor way;
  SLUICE_FIELDS(uid, key, label, way)
  bool operator==(const roster_entry&) const = default;
};

/// ROSTER: who is registered, alive, reachable, and by which way.
using roster_actor = caf::typed_actor<
  // Everybody who can be asked now, by uid.
  caf::replies_to<atom::roster>::with<std::vector<roster_entry>>>;

} // namespace sluice

CAF_BEGIN_TYPE_ID_BLOCK(sluice_miner, 700)

  CAF_ADD_TYPE_ID(sluice_miner, (sluice::rebalance_query))
  CAF_ADD_TYPE_ID(sluice_miner, (sluice::rebalance_reply))
  CAF_ADD_TYPE_ID(sluice_miner, (sluice::proposal_refused))
  CAF_ADD_TYPE_ID(sluice_miner, (sluice::session_answer))
  CAF_ADD_TYPE_ID(sluice_miner, (std::vector<sluice::roster_entry>))
  CAF_ADD_TYPE_ID(sluice_miner, (sluice::miner_actor))
  CAF_ADD_TYPE_ID(sluice_miner, (sluice::miner_session_actor))
  CAF_ADD_TYPE_ID(sluice_miner, (sluice::roster_actor))

CAF_END_TYPE_ID_BLOCK(sluice_miner)

SLUICE_SPELLED_IN_ALL_CPP(sluice::rebalance_query)
SLUICE_SPELLED_IN_ALL_CPP(sluice::rebalance_reply)
SLUICE_SPELLED_IN_ALL_CPP(sluice::proposal_refused)
SLUICE_SPELLED_IN_ALL_CPP(sluice::session_answer)
