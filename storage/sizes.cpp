#include "storage/sizes.hpp"

#include "storage/disk_fault.hpp"
#include "storage/transaction.hpp"

#include <sys/statvfs.h>

#include <cerrno>

namespace sluice::storage {

result<store_size> environment::size() const {
  store_size all;
  all.store = options_.store;
  all.path = path_;
  std::error_code unknown;
  all.file_bytes = std::filesystem::file_size(path_ / "data.mdb", unknown);
  if (unknown)
    return disk_fault(unknown.value(), path_, "read the size of data.mdb");
  transaction txn{env_, *gate_, MDB_RDONLY};
  if (txn.rc())
    return failed(txn.rc(), "read");
  for (const auto& name : options_.tables) {
    all.tables.push_back({name, 0, 0});
    const auto there = tables_.find(name);
    if (there == tables_.end())
      continue;
    MDB_stat seen{};
    if (const int rc = mdb_stat(txn.get(), there->second.dbi, &seen))
      return failed(rc, "read table " + name);
    all.tables.back().rows = seen.ms_entries;
    all.tables.back().bytes
      = (seen.ms_branch_pages + seen.ms_leaf_pages + seen.ms_overflow_pages) * seen.ms_psize;
  }
  MDB_envinfo info{};
  mdb_env_info(env_.get(), &info);
  MDB_stat whole{};
  mdb_env_stat(env_.get(), &whole);
  all.used_bytes = (info.me_last_pgno + 1) * whole.ms_psize;
  all.map_bytes = info.me_mapsize;
  all.readers = info.me_numreaders;
  return all;
}

result<uint64_t> free_bytes(const std::filesystem::path& path) {
  struct statvfs seen {};
  if (::statvfs(path.c_str(), &seen) != 0)
    return disk_fault(errno, path, "ask how much space is left");
  return uint64_t{seen.f_bavail} * seen.f_frsize;
}

} // namespace sluice::storage
