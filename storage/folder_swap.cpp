#include "storage/folder_swap.hpp"

#include "storage/disk_fault.hpp"
#include "storage/files.hpp"

#include <sys/stat.h>

#include <cerrno>
#include <cstdio>
#include <fcntl.h>

namespace sluice::storage {

namespace fs = std::filesystem;

namespace {

bool is_missing(const fs::path& path) {
  struct stat seen {};
  return ::lstat(path.c_str(), &seen) != 0 && errno == ENOENT;
}

fault cannot_move(int rc, const fs::path& at) {
  if (rc == EBUSY || rc == EXDEV)
    return {ec::refused, at.string()
                           + ": a file system begins there, so it cannot be moved aside; name a "
                             "folder inside it, or empty it"};
  return disk_fault(rc, at, "put another folder in its place");
}

/// 0 or an errno.
int exchange_names(const fs::path& a, const fs::path& b) {
  return ::renameat2(AT_FDCWD, a.c_str(), AT_FDCWD, b.c_str(), RENAME_EXCHANGE) == 0 ? 0 : errno;
}

/// 0 or an errno.
int rename_path(const fs::path& from, const fs::path& to) {
  return ::rename(from.c_str(), to.c_str()) == 0 ? 0 : errno;
}

/// Where the file system knows no exchange. 0 or an errno; then `at` is as it was.
int exchange_by_three(const fs::path& made, const fs::path& at) {
  auto between = made;
  between += ".old";
  if (const int rc = rename_path(at, between))
    return rc;
  if (const int rc = rename_path(made, at)) {
    (void)rename_path(between, at);
    return rc;
  }
  return rename_path(between, made);
}

} // namespace

result<nothing> put_in_place(const fs::path& made, const fs::path& at, const fs::path& aside) {
  if (aside != made && !is_missing(aside))
    return fault{ec::refused, aside.string() + ": something is there already; move it away"};
  int rc = 0;
  if (is_missing(at)) {
    rc = rename_path(made, at);
  } else {
    rc = exchange_names(made, at);
    if (rc == EINVAL || rc == ENOSYS)
      rc = exchange_by_three(made, at);
    if (rc == 0 && aside != made)
      rc = rename_path(made, aside); // the old one has the other's name now
  }
  if (rc != 0)
    return cannot_move(rc, at);
  return sync_folder(at.parent_path());
}

} // namespace sluice::storage
