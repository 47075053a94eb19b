#include "storage/disk_fault.hpp"

#include <cerrno>
#include <lmdb.h>
#include <system_error>

namespace sluice::storage {

namespace {

ec code_of(int rc) {
  switch (rc) {
  case ENOSPC:
  case EDQUOT:
  case EFBIG:
  case EIO: // LMDB's own answer to a write that was cut short
  case MDB_MAP_FULL:
  case MDB_TXN_FULL:
  case MDB_DBS_FULL:
    return ec::storage_full;
  case EACCES:
  case EPERM:
  case EROFS:
    return ec::read_only;
  case MDB_INVALID:
  case MDB_VERSION_MISMATCH:
  case MDB_CORRUPTED:
  case MDB_PAGE_NOTFOUND:
  case MDB_INCOMPATIBLE:
    return ec::corrupt_data;
  case MDB_NOTFOUND:
    return ec::no_such_key;
  case MDB_BAD_VALSIZE:
  case EINVAL:
    return ec::invalid_argument;
  case MDB_READERS_FULL:
  case EBUSY:
  case EAGAIN:
    return ec::busy;
  case ENOTDIR:
  case EISDIR:
  case ENAMETOOLONG:
  case ELOOP:
    return ec::bad_input;
  default:
    return ec::unreachable;
  }
}

std::string reason_of(int rc) {
  switch (rc) {
  case ENOSPC:
    return "the disk is full";
  case EDQUOT:
    return "the disk quota is used up";
  case EFBIG:
    return "a file size limit is reached";
  case EIO:
    return "the disk took only part of it: it is full, at a size limit, or failing";
  case MDB_MAP_FULL:
    return "the map is full";
  case MDB_TXN_FULL:
    return "too many changes for one transaction";
  case MDB_CORRUPTED:
  case MDB_PAGE_NOTFOUND:
    return "the file is damaged";
  case MDB_READERS_FULL:
    return "too many readers at once";
  case EAGAIN: // LMDB tells readers apart by their process ids
    return "a program with the same process id reads it, in another container; run this one with "
           "that one's process ids (docker exec, or --pid=container:NAME)";
  case MDB_PANIC:
    return "an earlier write failed half-way; start again to return to the last commit";
  default:
    return rc < 0 ? mdb_strerror(rc) : std::generic_category().message(rc);
  }
}

} // namespace

fault disk_fault(int rc, const std::filesystem::path& path, std::string_view doing) {
  if (rc == MDB_INVALID || rc == MDB_VERSION_MISMATCH || rc == MDB_INCOMPATIBLE)
    return {ec::corrupt_data, "not an LMDB file of ours: " + path.string()};
  return {code_of(rc), path.string() + ": cannot " + std::string{doing} + ": " + reason_of(rc)};
}

} // namespace sluice::storage
