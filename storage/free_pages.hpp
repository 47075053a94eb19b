/// The lists of free pages of an LMDB file: what the next commit would write to.
#pragma once

#include <lmdb.h>

namespace sluice::storage {

/// Reads every list in the transaction's own moment: each as long as it states, falling, with no
/// page beyond the file. 0, MDB_CORRUPTED or another code of LMDB.
int walk_free_pages(MDB_env* env, MDB_txn* txn);

} // namespace sluice::storage
