#include "storage/disk_fault.hpp"

#include <gtest/gtest.h>

#include <cerrno>
#include <lmdb.h>

namespace sluice::storage {
namespace {

TEST(disk_fault, has_a_code_for_every_kind_of_trouble) {
  const auto code = [](int rc) { return disk_fault(rc, "/d", "write").code; };
  for (const int rc : {ENOSPC, EDQUOT, EFBIG, EIO, MDB_MAP_FULL, MDB_TXN_FULL})
    EXPECT_EQ(code(rc), ec::storage_full) << rc;
  for (const int rc : {EACCES, EPERM, EROFS})
    EXPECT_EQ(code(rc), ec::read_only) << rc;
  for (const int rc : {MDB_INVALID, MDB_VERSION_MISMATCH, MDB_CORRUPTED, MDB_PAGE_NOTFOUND})
    EXPECT_EQ(code(rc), ec::corrupt_data) << rc;
  EXPECT_EQ(code(MDB_NOTFOUND), ec::no_such_key);
  EXPECT_EQ(code(MDB_READERS_FULL), ec::busy);
  EXPECT_EQ(code(MDB_BAD_VALSIZE), ec::invalid_argument);
  EXPECT_EQ(code(ENOTDIR), ec::bad_input);
  EXPECT_EQ(code(ENOENT), ec::unreachable);
  EXPECT_EQ(code(MDB_PANIC), ec::unreachable);
}

TEST(disk_fault, states_where_what_and_why) {
  EXPECT_EQ(disk_fault(ENOSPC, "/d", "write").what, "/d: cannot write: the disk is full");
  EXPECT_EQ(disk_fault(EROFS, "/d", "create").what, "/d: cannot create: Read-only file system");
  EXPECT_EQ(disk_fault(MDB_INVALID, "/d", "open").what, "not an LMDB file of ours: /d");
}

} // namespace
} // namespace sluice::storage
