/// How state reaches the disk.
#pragma once

#include "messages/atoms.hpp"
#include "messages/errors.hpp"
#include "messages/inspect.hpp"
#include "messages/storage_care.hpp"
#include "storage/batch.hpp"

#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

#include <string>

namespace sluice {

/// A write that is good in this incarnation of its writer only. The number is from 1, one higher
/// with every fence of this writer since the storage writer began; an older one is ec::refused.
struct incarnation_batch {
  std::string writer;
  uint64_t incarnation = 0; // what atom::fence answered
  storage::batch writes;
  SLUICE_FIELDS(writer, incarnation, writes)
  bool operator==(const incarnation_batch&) const = default;
};

/// STORAGE WRITER: the only writer of the node's databases. Errors of a commit are those of
/// storage::data_dir::commit.
using storage_writer_actor = caf::typed_actor<
  // Writes everything of one batch or nothing of it; answers when it is durable.
  caf::replies_to<storage::batch>::with<atom::done>,
  // The same; ec::refused when a later incarnation of that writer has begun.
  caf::replies_to<incarnation_batch>::with<atom::done>,
  // Begins the next incarnation of a writer and answers its number: what was sent before is on
  // disk, what earlier incarnations send later is refused. Without a name it only waits for what
  // was sent before.
  caf::replies_to<atom::fence, std::string>::with<uint64_t>,
  // Its own: commits what has gathered.
  caf::reacts_to<atom::flush>>;

/// As its owner knows it.
using owned_storage_writer_actor = storage_writer_actor::extend<
  // Writes a copy of the data folder to a place where nothing is yet; nothing is committed
  // meanwhile.
  caf::replies_to<atom::copy, std::string>::with<atom::done>,
  // Its own: is the data folder still ours?
  caf::reacts_to<atom::due>,
  // Compacts a store between two commits.
  caf::replies_to<compaction_order>::with<storage::compaction>>;

} // namespace sluice

CAF_BEGIN_TYPE_ID_BLOCK(sluice_storage_writer, 300)

  CAF_ADD_TYPE_ID(sluice_storage_writer, (sluice::storage::batch))
  CAF_ADD_TYPE_ID(sluice_storage_writer, (sluice::incarnation_batch))
  CAF_ADD_TYPE_ID(sluice_storage_writer, (sluice::storage_writer_actor))
  CAF_ADD_TYPE_ID(sluice_storage_writer, (sluice::owned_storage_writer_actor))

CAF_END_TYPE_ID_BLOCK(sluice_storage_writer)

EXTERN_INSTANTIATE(sluice::storage::batch)
EXTERN_INSTANTIATE(sluice::incarnation_batch)
