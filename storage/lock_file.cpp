#include "storage/lock_file.hpp"

#include "storage/disk_fault.hpp"

#include <sys/file.h>
#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <climits>
#include <fcntl.h>
#include <unistd.h>

namespace sluice::storage {

namespace fs = std::filesystem;

namespace {

constexpr size_t lock_bytes_max = 4096;
constexpr int replaced_max = 16; // times that the file may be swapped under our hands

std::string host_name() {
  std::array<char, HOST_NAME_MAX + 1> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0)
    return {};
  return name.data();
}

/// "process 1234", "process 1234 on HOST", or "another process" when the file does not state.
std::string holder(const fs::path& file) {
  const auto text = read_whole(file, lock_bytes_max);
  if (!text)
    return "another process";
  const std::string_view bytes = *text;
  constexpr std::string_view pid_tag = "pid ";
  constexpr std::string_view host_tag = "\nhost ";
  long pid = 0;
  if (!bytes.starts_with(pid_tag)
      || std::from_chars(bytes.data() + pid_tag.size(), bytes.data() + bytes.size(), pid).ec
           != std::errc{})
    return "another process";
  auto who = "process " + std::to_string(pid);
  if (const auto at = bytes.find(host_tag); at != bytes.npos) {
    auto host = bytes.substr(at + host_tag.size());
    host = host.substr(0, host.find('\n'));
    if (host != host_name())
      who += " on " + std::string{host};
  }
  return who;
}

fault held_by(const fs::path& folder) {
  return {ec::busy, folder.string() + ": in use by " + holder(folder / lock_name)
                      + "; stop it or use another --data"};
}

/// Is the open file still the one that goes by this name? A failed creation removes its LOCK.
bool still_named(int fd, const fs::path& file) {
  struct stat ours {};
  struct stat named {};
  return ::fstat(fd, &ours) == 0 && ::stat(file.c_str(), &named) == 0 && ours.st_dev == named.st_dev
         && ours.st_ino == named.st_ino;
}

} // namespace

result<lock_file> lock_file::take(const fs::path& folder, new_files& made) {
  const auto file = folder / lock_name;
  for (int i = 0; i < replaced_max; ++i) {
    open_file f{::open(file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0644)};
    const bool is_new = static_cast<bool>(f);
    if (!is_new && errno == EEXIST)
      f = open_file{::open(file.c_str(), O_RDWR | O_CLOEXEC)};
    if (!f && errno == ENOENT)
      continue;
    if (!f)
      return disk_fault(errno, folder, "write");
    if (::flock(f.get(), LOCK_EX | LOCK_NB) != 0)
      return errno == EWOULDBLOCK ? held_by(folder) : disk_fault(errno, folder, "lock");
    if (!still_named(f.get(), file))
      continue;
    if (is_new)
      made.add(file); // only now: before, it could have become another's
    // The lock is what counts; the text is for people, and a full disk may refuse it.
    const auto text = "pid " + std::to_string(::getpid()) + "\nhost " + host_name() + '\n';
    [[maybe_unused]] const bool written
      = ::pwrite(f.get(), text.data(), text.size(), 0) == static_cast<ssize_t>(text.size())
        && ::ftruncate(f.get(), static_cast<off_t>(text.size())) == 0;
    return lock_file{std::move(f)};
  }
  return held_by(folder);
}

result<lock_file> lock_file::take_to_read(const fs::path& folder) {
  open_file f{::open((folder / lock_name).c_str(), O_RDONLY | O_CLOEXEC)};
  if (!f)
    return lock_file{};
  if (::flock(f.get(), LOCK_SH | LOCK_NB) != 0)
    return fault{ec::busy, folder.string() + ": " + holder(folder / lock_name)
                             + " is writing it and this user may not take part; read as its user"};
  return lock_file{std::move(f)};
}

} // namespace sluice::storage
