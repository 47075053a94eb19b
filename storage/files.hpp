/// The few things with files that the C++ library cannot do durably.
#pragma once

#include "rules/result.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sluice::storage {

/// Closes itself.
class open_file {
public:
  open_file() = default;
  /// `fd`: a descriptor that it owns from now on, or -1 for none.
  explicit open_file(int fd) : fd_(fd) {}
  open_file(open_file&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  open_file& operator=(open_file&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~open_file();

  /// The descriptor, from 0; -1 when there is none.
  int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }

private:
  int fd_ = -1;
};

/// Makes the names in a folder survive a power cut.
result<nothing> sync_folder(const std::filesystem::path& folder);

/// Makes a file's content survive a power cut.
result<nothing> sync_file(const std::filesystem::path& file);

/// The whole file or none of it: written beside (`.tmp`), synced, renamed, folder synced. `mode`:
/// its rights, whatever the umask is. A symbolic link is replaced, not followed. Faults:
/// storage_full, read_only, unreachable, as disk_fault; the old file stays then.
result<nothing>
write_whole(const std::filesystem::path& file, std::string_view bytes, uint32_t mode = 0600);

/// All of a file of at most `bytes_max` bytes. More bytes than that: corrupt_data. A symbolic link
/// is bad_input: it is not followed. Nothing is waited for. The rest as disk_fault.
result<std::string> read_whole(const std::filesystem::path& file, size_t bytes_max);

/// Makes sure that a file exists with at least `bytes` bytes that really have space on the disk. A
/// longer file stays as it is, with its rights; one that is made gets `mode`. Faults: storage_full,
/// read_only, unreachable, as disk_fault.
result<nothing> reserve(const std::filesystem::path& file, uint64_t bytes, uint32_t mode = 0600);

/// The rights of a folder whose files have `file_mode`: whoever may read them may enter. 0600:
/// 0700.
constexpr uint32_t folder_mode_of(uint32_t file_mode) {
  return file_mode | (file_mode & 0444U) >> 2U;
}

/// What a name in a folder stands for, to be compared later. Zeros: nothing.
struct file_mark {
  uint64_t device = 0;
  uint64_t number = 0; // of its inode
  bool operator==(const file_mark&) const = default;
};

/// Of the file itself; a symbolic link counts as such. Zeros when it is not there or not reachable.
file_mark mark_of(const std::filesystem::path& path);

/// Can this process write here? An errno: 0, EACCES, EROFS, ENOENT ... For the rights of this
/// process now; another value than 0 is the errno of access(2).
int write_refusal(const std::filesystem::path& path);

/// What an attempt has created so far, so that a failed one leaves nothing behind.
class new_files {
public:
  /// To be called before `path` is created; notes it unless it is already there.
  void note(const std::filesystem::path& path);
  void add(std::filesystem::path path) { paths_.push_back(std::move(path)); }
  /// Removes what was noted, the newest first; folders only when empty.
  void undo();

private:
  std::vector<std::filesystem::path> paths_;
};

} // namespace sluice::storage
