#include "storage/free_pages.hpp"

#include "storage/transaction.hpp"

#include <cstring>
#include <vector>

namespace sluice::storage {

int walk_free_pages(MDB_env* env, MDB_txn* txn) {
  MDB_envinfo seen{};
  mdb_env_info(env, &seen);
  MDB_cursor* at = nullptr;
  if (const int rc = mdb_cursor_open(txn, 0, &at))
    return rc;
  const cursor closed{at};
  MDB_val k{};
  MDB_val v{};
  int rc = mdb_cursor_get(at, &k, &v, MDB_FIRST);
  for (; rc == 0; rc = mdb_cursor_get(at, &k, &v, MDB_NEXT)) {
    if (v.mv_size < sizeof(size_t) || v.mv_size % sizeof(size_t) != 0)
      return MDB_CORRUPTED;
    std::vector<size_t> pages(v.mv_size / sizeof(size_t));
    std::memcpy(pages.data(), v.mv_data, v.mv_size);
    if (pages[0] >= pages.size())
      return MDB_CORRUPTED;
    auto before = seen.me_last_pgno + 1;
    for (size_t i = 1; i <= pages[0]; ++i) {
      if (pages[i] < 2 || pages[i] >= before)
        return MDB_CORRUPTED;
      before = pages[i];
    }
  }
  return rc == MDB_NOTFOUND ? 0 : rc;
}

} // namespace sluice::storage
