/// What the storage writer is asked to do with a store's file, and what operators ask of whoever
/// looks after the stores.
#pragma once

#include "messages/atoms.hpp"
#include "messages/errors.hpp"
#include "messages/inspect.hpp"
#include "storage/compaction.hpp"

#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

#include <string>
#include <vector>

namespace sluice {

/// Replace the file of this store by one without free pages (storage::data_dir::compact).
struct compaction_order {
  std::string store;
  SLUICE_FIELDS(store)
  bool operator==(const compaction_order&) const = default;
};

/// One of the shell's commands about the stores, with its arguments: "readers", "readers end PID",
/// "compact [STORE]". Others are ec::bad_input.
struct care_order {
  std::string name;
  std::vector<std::string> arguments;
  SLUICE_FIELDS(name, arguments)
  bool operator==(const care_order&) const = default;
};

/// STORAGE CARE: readers that are gone or stay too long, rows that may go, files that are too long.
using storage_care_actor = caf::typed_actor<
  // Its own: looks after everything once.
  caf::reacts_to<atom::due>,
  // The answer as JSON. Errors: no_such_key, invalid_argument, read_only as storage::end_reader;
  // those of storage::data_dir::compact.
  caf::replies_to<care_order>::with<std::string>>;

} // namespace sluice

CAF_BEGIN_TYPE_ID_BLOCK(sluice_storage_care, 1710)

  CAF_ADD_TYPE_ID(sluice_storage_care, (sluice::compaction_order))
  CAF_ADD_TYPE_ID(sluice_storage_care, (sluice::storage::compaction))
  CAF_ADD_TYPE_ID(sluice_storage_care, (sluice::care_order))
  CAF_ADD_TYPE_ID(sluice_storage_care, (sluice::storage_care_actor))

CAF_END_TYPE_ID_BLOCK(sluice_storage_care)

EXTERN_INSTANTIATE(sluice::compaction_order)
EXTERN_INSTANTIATE(sluice::storage::compaction)
EXTERN_INSTANTIATE(sluice::care_order)
