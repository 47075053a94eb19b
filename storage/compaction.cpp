// The copy is opened before it takes the store's place: what can fail has failed by then. Both
// files, data and locks, change at once (RENAME_EXCHANGE): a copy counts its transactions from 1
// again, so it must never be read by the old lock file's count.
#include "storage/compaction.hpp"

#include "storage/data_dir.hpp"
#include "storage/disk_fault.hpp"
#include "storage/files.hpp"
#include "storage/sizes.hpp"
#include "storage/transaction.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>

namespace sluice::storage {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view compaction_suffix = ".compact";
constexpr uint64_t spare_bytes = uint64_t{16} << 20; // left to everybody else on the disk

/// The copy gets the rights of what it replaces, whatever the umask is.
result<nothing> take_rights(const fs::path& of, const fs::path& to) {
  struct stat seen {};
  if (::stat(of.c_str(), &seen) != 0 || ::chmod(to.c_str(), seen.st_mode & 07777U) != 0)
    return disk_fault(errno, to, "set its rights");
  return nothing{};
}

uint64_t bytes_of(const fs::path& file) {
  std::error_code unknown;
  const auto bytes = fs::file_size(file, unknown);
  return unknown ? 0 : bytes;
}

uint64_t live_bytes(const store_size& size) {
  uint64_t sum = 0;
  for (const auto& x : size.tables)
    sum += x.bytes;
  return sum;
}

} // namespace

fs::path compaction_place(const fs::path& store) {
  auto place = store;
  place += compaction_suffix;
  return place;
}

uint32_t remove_cut_off_compactions(const fs::path& folder) {
  uint32_t removed = 0;
  std::error_code failed;
  std::vector<fs::path> found;
  for (fs::directory_iterator i{folder, failed}, end; !failed && i != end; i.increment(failed))
    if (i->path().extension() == compaction_suffix && fs::exists(folder / i->path().stem(), failed))
      found.push_back(i->path());
  for (const auto& x : found)
    removed += fs::remove_all(x, failed) > 0 && !failed ? 1 : 0;
  return removed;
}

result<compaction> environment::compact() {
  if (options_.read_only)
    return fault{ec::read_only, path_.string() + ": opened for reading only"};
  const auto size = this->size();
  if (!size)
    return size.error();
  const auto left = free_bytes(path_);
  if (!left)
    return left.error();
  if (*left < live_bytes(*size) + spare_bytes)
    return fault{ec::storage_full, path_.string() + ": cannot be compacted: the copy takes about "
                                     + std::to_string(live_bytes(*size))
                                     + " bytes and the disk has " + std::to_string(*left)
                                     + " left; make space first"};
  const auto beside = compaction_place(path_);
  std::error_code failed_to;
  fs::remove_all(beside, failed_to);
  auto changed = exchange_with(beside);
  fs::remove_all(beside, failed_to); // the copy that failed, or what it has replaced
  if (!changed)
    return changed.error();
  return compaction{options_.store, size->file_bytes, bytes_of(path_ / "data.mdb")};
}

result<nothing> environment::exchange_with(const fs::path& beside) {
  if (::mkdir(beside.c_str(), 0700) != 0)
    return disk_fault(errno, beside, "create the folder");
  if (auto copied = copy_to(beside, true); !copied)
    return copied;
  if (auto same = take_rights(path_ / "data.mdb", beside / "data.mdb"); !same)
    return same;
  auto options = options_;
  options.map_bytes = map_bytes();
  auto copy = environment::open(beside, std::move(options));
  if (!copy)
    return copy.error();
  if (auto same = take_rights(path_ / "lock.mdb", beside / "lock.mdb"); !same)
    return same;
  if (auto same = take_rights(path_, beside); !same)
    return same;
  if (!same_handles(*copy))
    return fault{ec::corrupt_data, path_.string() + ": its copy has other tables"};
  const int rc = gate_->alone([&] {
    if (::renameat2(AT_FDCWD, beside.c_str(), AT_FDCWD, path_.c_str(), RENAME_EXCHANGE) != 0)
      return errno;
    trade_files(*copy);
    return 0;
  });
  if (rc == EBUSY)
    return fault{ec::busy, path_.string()
                             + ": cannot be compacted: something in this process goes on reading "
                               "it; try again later"};
  if (rc != 0)
    return disk_fault(rc, path_, "exchange it with its copy");
  *called_ = path_;
  guard_ = map_guard{path_};
  return sync_folder(path_.parent_path());
}

} // namespace sluice::storage
