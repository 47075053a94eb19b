#include "storage/files.hpp"

#include "storage/disk_fault.hpp"

#include <sys/stat.h>

#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

namespace sluice::storage {

namespace fs = std::filesystem;

open_file::~open_file() {
  if (fd_ >= 0)
    ::close(fd_);
}

namespace {

result<nothing> sync_path(const fs::path& path, int flags) {
  open_file f{::open(path.c_str(), flags | O_CLOEXEC)};
  if (!f || ::fsync(f.get()) != 0)
    return disk_fault(errno, path, "sync");
  return nothing{};
}

int write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto n = ::write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0)
      return n < 0 ? errno : ENOSPC;
    bytes.remove_prefix(static_cast<size_t>(n));
  }
  return 0;
}

} // namespace

result<nothing> sync_folder(const fs::path& folder) {
  return sync_path(folder.empty() ? fs::path{"."} : folder, O_RDONLY | O_DIRECTORY);
}

result<nothing> sync_file(const fs::path& file) {
  return sync_path(file, O_RDONLY);
}

result<nothing> write_whole(const fs::path& file, std::string_view bytes, uint32_t mode) {
  auto beside = file;
  beside += ".tmp";
  int rc = 0;
  {
    ::unlink(beside.c_str()); // what an attempt that was killed can leave, or a link
    open_file f{::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode)};
    if (!f)
      return disk_fault(errno, file, "write");
    rc = write_all(f.get(), bytes);
    if (rc == 0 && ::fchmod(f.get(), mode) != 0)
      rc = errno;
    if (rc == 0 && ::fsync(f.get()) != 0)
      rc = errno;
  }
  if (rc == 0 && ::rename(beside.c_str(), file.c_str()) != 0)
    rc = errno;
  if (rc != 0) {
    ::unlink(beside.c_str());
    return disk_fault(rc, file, "write");
  }
  return sync_folder(file.parent_path());
}

result<std::string> read_whole(const fs::path& file, size_t bytes_max) {
  open_file f{::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)};
  if (!f && errno == ELOOP)
    return fault{ec::bad_input, file.string()
                                  + ": is a symbolic link, which is not followed; put "
                                    "the file itself there"};
  if (!f)
    return disk_fault(errno, file, "read");
  std::string bytes(bytes_max + 1, '\0');
  size_t got = 0;
  while (got < bytes.size()) {
    const auto n = ::read(f.get(), bytes.data() + got, bytes.size() - got);
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      return disk_fault(errno, file, "read");
    if (n == 0)
      break;
    got += static_cast<size_t>(n);
  }
  if (got > bytes_max)
    return fault{ec::corrupt_data,
                 file.string() + ": longer than " + std::to_string(bytes_max) + " bytes"};
  bytes.resize(got);
  return bytes;
}

result<nothing> reserve(const fs::path& file, uint64_t bytes, uint32_t mode) {
  constexpr int how = O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
  open_file f{::open(file.c_str(), how)};
  if (!f && errno == ENOENT) {
    f = open_file{::open(file.c_str(), how | O_CREAT, mode)};
    if (f && ::fchmod(f.get(), mode) != 0)
      return disk_fault(errno, file, "write");
  }
  if (!f && errno == ELOOP)
    return fault{ec::bad_input, file.string()
                                  + ": is a symbolic link, which is not followed; "
                                    "remove it"};
  struct stat seen {};
  if (!f || ::fstat(f.get(), &seen) != 0)
    return disk_fault(errno, file, "write");
  if (static_cast<uint64_t>(seen.st_size) >= bytes)
    return nothing{};
  if (const int rc = ::posix_fallocate(f.get(), 0, static_cast<off_t>(bytes)))
    return disk_fault(rc, file, "write");
  return nothing{};
}

int write_refusal(const fs::path& path) {
  return ::access(path.c_str(), W_OK) == 0 ? 0 : errno;
}

file_mark mark_of(const fs::path& path) {
  struct stat seen {};
  if (::lstat(path.c_str(), &seen) != 0)
    return {};
  return {static_cast<uint64_t>(seen.st_dev), static_cast<uint64_t>(seen.st_ino)};
}

void new_files::note(const fs::path& path) {
  struct stat seen {};
  if (::lstat(path.c_str(), &seen) != 0 && errno == ENOENT)
    paths_.push_back(path);
}

void new_files::undo() {
  for (; !paths_.empty(); paths_.pop_back()) {
    std::error_code ignored; // it may never have come into being
    fs::remove(paths_.back(), ignored);
  }
}

} // namespace sluice::storage
