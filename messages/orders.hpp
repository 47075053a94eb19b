/// What an operator orders about miners and weights while a node runs.
#pragma once

#include "messages/chain.hpp"
#include "messages/miner.hpp"
#include "rules/network_config.hpp"
#include "storage/records.hpp"

#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

#include <string>

namespace sluice {

/// Admin -> weights: publish what the guard held back only because it moved too far, this once.
/// `time_ms`: milliseconds since 1970-01-01 UTC by the node's clock. Not checked here.
struct publish_once {
  std::string reason; // why, in the operator's words
  std::string who;
  uint64_t time_ms = 0; // unix
  SLUICE_FIELDS(reason, who, time_ms)
  bool operator==(const publish_once&) const = default;
};

} // namespace sluice

CAF_BEGIN_TYPE_ID_BLOCK(sluice_orders, 1750)

  CAF_ADD_ATOM(sluice_orders, sluice::atom, allow, "allow")   // let a hotkey in
  CAF_ADD_ATOM(sluice_orders, sluice::atom, remove, "remove") // forget that it was let in
  CAF_ADD_TYPE_ID(sluice_orders, (sluice::publish_once))
  CAF_ADD_TYPE_ID(sluice_orders, (sluice::allowed_miner))
  CAF_ADD_TYPE_ID(sluice_orders, (sluice::allowed_record))

CAF_END_TYPE_ID_BLOCK(sluice_orders)

namespace sluice {

/// DEV CHAIN: the embedded chain behind the reader and the writer, whose owner may register
/// neurons. A registration is answered when it is durable; `allowed_miner::uid` is 0 to
/// limits::miners_max - 1.
using enrolling_chain_actor = chain_backend_actor::extend<
  // Registers a hotkey, or finds it; answers its uid. ec::refused: the uid is another's, it has
  // another one, or none is left.
  caf::replies_to<atom::allow, allowed_miner>::with<allowed_miner>,
  // Takes it off the chain; nothing when it is not there.
  caf::replies_to<atom::remove, hotkey>::with<atom::done>>;

/// The roster as the admin sees it.
using enrolling_roster_actor = roster_actor::extend<
  // Lets a hotkey with a uid of the chain in, now and after a restart; answers when that is
  // durable. ec::refused: the uid is another's.
  caf::replies_to<atom::allow, allowed_miner, allowed_record>::with<atom::done>,
  // Forgets it; a session ends. ec::refused: it plays in this process.
  caf::replies_to<atom::remove, hotkey>::with<atom::done>>;

/// The weights as the admin sees them.
using publishing_actor = weights_actor::extend<
  // Publishes the last weights that were held back for moving too far, without that bound. The
  // record states how it ended; ec::refused: nothing is held back, or for another reason as well.
  caf::replies_to<publish_once>::with<publish_record>>;

} // namespace sluice

EXTERN_INSTANTIATE(sluice::publish_once)
EXTERN_INSTANTIATE(sluice::allowed_miner)
EXTERN_INSTANTIATE(sluice::allowed_record)
