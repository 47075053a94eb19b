/// How state reaches the disk.
#pragma once

#include "messages/atoms.hpp"
#include "messages/errors.hpp"
#include "messages/inspect.hpp"
#include "storage/batch.hpp"

#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

namespace sluice {

/// KEEPER: the only writer of the node's databases.
using keeper_actor = caf::typed_actor<
  // Writes everything of one batch or nothing of it; answers when it is durable.
  caf::replies_to<storage::batch>::with<atom::done>,
  // Its own: commits what has gathered.
  caf::reacts_to<atom::flush>>;

} // namespace sluice

CAF_BEGIN_TYPE_ID_BLOCK(sluice_keeper, 300)

  CAF_ADD_TYPE_ID(sluice_keeper, (sluice::storage::batch))
  CAF_ADD_TYPE_ID(sluice_keeper, (sluice::keeper_actor))

CAF_END_TYPE_ID_BLOCK(sluice_keeper)
