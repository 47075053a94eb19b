#include "storage/lock_file.hpp"

#include "storage/disk_fault.hpp"
#include "storage/folder_id.hpp"
#include "storage/xxh64.hpp"

#include <sys/file.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <climits>
#include <fcntl.h>
#include <unistd.h>
#include <vector>

namespace sluice::storage {

namespace fs = std::filesystem;

namespace {

constexpr size_t lock_bytes_max = 4096;
constexpr int replaced_max = 16; // times that the file may be swapped under our hands
constexpr size_t number_digits = 20;
constexpr size_t words_max = 64;

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
  return ::fstat(fd, &ours) == 0 && ::lstat(file.c_str(), &named) == 0
         && ours.st_dev == named.st_dev && ours.st_ino == named.st_ino;
}

/// The folder itself, which may be reached through a link.
bool still_the_folder(int fd, const fs::path& folder) {
  struct stat ours {};
  struct stat named {};
  return ::fstat(fd, &ours) == 0 && ::stat(folder.c_str(), &named) == 0
         && ours.st_dev == named.st_dev && ours.st_ino == named.st_ino;
}

fault is_a_link(const fs::path& file) {
  return {ec::bad_input, file.string() + ": is a symbolic link, which is not followed; remove it"};
}

/// The folder with a lock of its own: LOCK can be taken away, this cannot. Some network disks know
/// no lock of folders; then LOCK has to do.
result<open_file> lock_folder(const fs::path& folder, int how) {
  open_file f{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (!f && errno == EACCES)
    return f; // may be entered and not listed: LOCK has to do as well
  if (!f)
    return disk_fault(errno, folder, "open");
  if (::flock(f.get(), how | LOCK_NB) != 0 && errno == EWOULDBLOCK)
    return held_by(folder);
  return f;
}

/// "commits FOLDER STORE N STORE N CHECKSUM", numbers of 20 digits: as long each time.
std::string text_of_commits(const noted_commits& x) {
  std::string line = "commits " + x.folder;
  for (const auto& [store, number] : x.stores) {
    const auto digits = std::to_string(number);
    line += ' ' + store + ' ' + std::string(number_digits - digits.size(), '0') + digits;
  }
  const auto sum = std::to_string(xxh64(line));
  return line + ' ' + std::string(number_digits - sum.size(), '0') + sum + '\n';
}

std::string text_of_holder() {
  return "pid " + std::to_string(::getpid()) + "\nhost " + host_name() + '\n';
}

/// None where anything is not as text_of_commits writes it.
std::optional<noted_commits> parse_commits(std::string_view text) {
  const auto begin = text.find("\ncommits ");
  if (begin == text.npos)
    return std::nullopt;
  auto line = text.substr(begin + 1);
  line = line.substr(0, line.find('\n'));
  std::vector<std::string_view> words;
  for (size_t at = 0; at <= line.size() && words.size() < words_max;) {
    const auto end = std::min(line.find(' ', at), line.size());
    words.push_back(line.substr(at, end - at));
    at = end + 1;
  }
  if (words.size() < 3 || words.size() % 2 == 0 || !is_folder_id(words[1]))
    return std::nullopt;
  noted_commits x{std::string{words[1]}, {}};
  for (size_t i = 2; i + 1 < words.size(); i += 2) {
    uint64_t number = 0;
    if (std::from_chars(words[i + 1].data(), words[i + 1].data() + words[i + 1].size(), number).ec
        != std::errc{})
      return std::nullopt;
    x.stores[std::string{words[i]}] = number;
  }
  const auto again = text_of_commits(x);
  return again.substr(0, again.size() - 1) == line ? std::optional{std::move(x)} : std::nullopt;
}

} // namespace

result<lock_file> lock_file::take(const fs::path& folder, new_files& made, uint32_t mode) {
  const auto file = folder / lock_name;
  auto whole = lock_folder(folder, LOCK_EX);
  if (!whole)
    return whole.error();
  for (int i = 0; i < replaced_max; ++i) {
    constexpr int how = O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
    open_file f{::open(file.c_str(), how | O_CREAT | O_EXCL, mode)};
    const bool is_new = static_cast<bool>(f);
    if (!is_new && errno == EEXIST)
      f = open_file{::open(file.c_str(), how)};
    if (!f && errno == ENOENT)
      continue;
    if (!f)
      return errno == ELOOP ? is_a_link(file) : disk_fault(errno, folder, "write");
    if (::flock(f.get(), LOCK_EX | LOCK_NB) != 0)
      return errno == EWOULDBLOCK ? held_by(folder) : disk_fault(errno, folder, "lock");
    if (!still_named(f.get(), file))
      continue;
    if (is_new) {
      made.add(file); // only now: before, it could have become another's
      if (::fchmod(f.get(), mode) != 0)
        return disk_fault(errno, folder, "write");
    }
    lock_file lock{std::move(f), *std::move(whole)};
    if (const auto before = read_whole(file, lock_bytes_max))
      lock.noted_before_ = parse_commits(*before);
    // The lock is what counts; the text is for people, and a full disk may refuse it.
    lock.write(lock.noted_before_ ? text_of_holder() + text_of_commits(*lock.noted_before_)
                                  : text_of_holder());
    return lock;
  }
  return held_by(folder);
}

void lock_file::write(const std::string& text) const {
  [[maybe_unused]] const bool written
    = ::pwrite(file_.get(), text.data(), text.size(), 0) == static_cast<ssize_t>(text.size())
      && ::ftruncate(file_.get(), static_cast<off_t>(text.size())) == 0;
}

void lock_file::note(const noted_commits& x) const {
  if (held())
    write(text_of_holder() + text_of_commits(x));
}

result<nothing> lock_file::still_held(const fs::path& folder) const {
  if (folder_ && !still_the_folder(folder_.get(), folder))
    return fault{ec::unreachable, folder.string()
                                    + ": the data folder is gone, or another is in its place, "
                                      "while it was in use; nothing more can be kept. Put it back "
                                      "or restore a backup, then start again"};
  if (!still_named(file_.get(), folder / lock_name))
    return fault{ec::unreachable,
                 folder.string() + ": " + std::string{lock_name}
                   + " is gone, or another is in its place, while the folder was in use: a second "
                     "process could write it. Nothing is lost; make sure that nobody else has the "
                     "folder and start again"};
  return nothing{};
}

result<lock_file> lock_file::take_to_read(const fs::path& folder) {
  const auto written = [&folder] {
    return fault{ec::busy, folder.string() + ": " + holder(folder / lock_name)
                             + " is writing it and this user may not take part; read as its user"};
  };
  auto whole = lock_folder(folder, LOCK_SH);
  if (!whole)
    return whole.error().code == ec::busy ? written() : whole.error();
  const auto file = folder / lock_name;
  open_file f{::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)};
  if (!f && errno == ELOOP)
    return is_a_link(file);
  if (f && ::flock(f.get(), LOCK_SH | LOCK_NB) != 0)
    return written();
  return lock_file{std::move(f), *std::move(whole)};
}

} // namespace sluice::storage
