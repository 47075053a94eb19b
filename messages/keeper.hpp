/// How state reaches the disk.
#pragma once

#include "messages/atoms.hpp"
#include "messages/errors.hpp"
#include "messages/inspect.hpp"
#include "storage/batch.hpp"

#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

#include <string>

namespace sluice {

/// A write that is good in this life of its writer only.
struct lived_batch {
  std::string writer;
  uint64_t life = 0; // what atom::fence answered
  storage::batch writes;
  SLUICE_FIELDS(writer, life, writes)
  bool operator==(const lived_batch&) const = default;
};

/// KEEPER: the only writer of the node's databases.
using keeper_actor = caf::typed_actor<
  // Writes everything of one batch or nothing of it; answers when it is durable.
  caf::replies_to<storage::batch>::with<atom::done>,
  // The same; ec::refused when a later life of that writer has begun.
  caf::replies_to<lived_batch>::with<atom::done>,
  // Begins the next life of a writer and answers its number: what was sent before is on disk, what
  // earlier lives send later is refused. Without a name it only waits for what was sent before.
  caf::replies_to<atom::fence, std::string>::with<uint64_t>,
  // Its own: commits what has gathered.
  caf::reacts_to<atom::flush>>;

/// As its owner knows it.
using archive_keeper_actor = keeper_actor::extend<
  // Writes a copy of the data folder to a place where nothing is yet; nothing is committed
  // meanwhile.
  caf::replies_to<atom::copy, std::string>::with<atom::done>>;

} // namespace sluice

CAF_BEGIN_TYPE_ID_BLOCK(sluice_keeper, 300)

  CAF_ADD_TYPE_ID(sluice_keeper, (sluice::storage::batch))
  CAF_ADD_TYPE_ID(sluice_keeper, (sluice::lived_batch))
  CAF_ADD_TYPE_ID(sluice_keeper, (sluice::keeper_actor))
  CAF_ADD_TYPE_ID(sluice_keeper, (sluice::archive_keeper_actor))

CAF_END_TYPE_ID_BLOCK(sluice_keeper)

EXTERN_INSTANTIATE(sluice::storage::batch)
EXTERN_INSTANTIATE(sluice::lived_batch)
