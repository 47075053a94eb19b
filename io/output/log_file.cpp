#include "io/output/log_file.hpp"

#include <sys/stat.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <string>
#include <unistd.h>
#include <utility>

namespace sluice::io {

namespace {

constexpr int64_t attempt_pause_s = 60;
constexpr unsigned mode_of_logs = 0600;

/// When the file was made, as far as the file system knows it; else when it was changed last.
int64_t begin_of(int file, int64_t now_s) {
  struct statx seen {};
  if (::statx(file, "", AT_EMPTY_PATH, STATX_BTIME | STATX_MTIME, &seen) != 0)
    return now_s;
  return (seen.stx_mask & STATX_BTIME) != 0 ? seen.stx_btime.tv_sec : seen.stx_mtime.tv_sec;
}

} // namespace

log_file::log_file(const log_settings& settings, std::function<int64_t()> unix_s)
  : settings_(settings), unix_s_(std::move(unix_s)) {}

log_file::~log_file() {
  if (file_ >= 0)
    ::close(file_);
}

result<std::unique_ptr<log_file>>
log_file::open(const log_settings& settings, std::function<int64_t()> unix_s) {
  std::unique_ptr<log_file> made{new log_file{settings, std::move(unix_s)}};
  const auto file = made->open_file();
  if (!file)
    return file.error();
  made->take(*file);
  return made;
}

/// Without waiting for the other side of a pipe.
result<int> log_file::open_file() const {
  const auto& path = settings_.file;
  const int file = ::open(
    path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, mode_of_logs);
  struct stat seen {};
  const bool there = file >= 0 && ::fstat(file, &seen) == 0;
  if (there && S_ISREG(seen.st_mode))
    return file;
  const int error = errno;
  if (file >= 0)
    ::close(file);
  if (there || error == EISDIR || error == ENXIO)
    return fault{ec::bad_input, path
                                  + ": expected a regular file for the log, or a name that is "
                                    "free; leave it out and the log goes to standard error"};
  return fault{ec::unreachable, path + ": the log cannot be opened there: " + std::strerror(error)};
}

void log_file::take(int file) {
  if (file_ >= 0)
    ::close(file_);
  file_ = file;
  struct stat seen {};
  bytes_ = ::fstat(file, &seen) == 0 ? static_cast<uint64_t>(seen.st_size) : 0;
  const auto now = unix_s_();
  begun_s_ = bytes_ == 0 ? now : begin_of(file, now);
  at_line_ = true;
}

bool log_file::wait(int, int) {
  return true;
}

write_outcome log_file::write(std::string_view text) {
  change_when_due(text.size());
  const auto put = ::write(file_, text.data(), text.size());
  if (put < 0)
    return {0, errno == EINTR || errno == EAGAIN ? 0 : errno};
  const auto bytes = static_cast<size_t>(put);
  bytes_ += bytes;
  if (bytes != 0)
    at_line_ = text[bytes - 1] == '\n';
  return {bytes, 0};
}

void log_file::reopen() {
  if (const auto file = open_file())
    take(*file);
}

void log_file::change_when_due(size_t bytes) {
  if (!at_line_ || bytes_ == 0)
    return;
  const auto now = unix_s_();
  const bool is_long = settings_.bytes_max != 0 && bytes_ + bytes > settings_.bytes_max;
  const bool is_old
    = settings_.age_max_s != 0 && now - begun_s_ >= static_cast<int64_t>(settings_.age_max_s);
  if ((!is_long && !is_old) || now < not_before_)
    return;
  not_before_ = now + attempt_pause_s;
  if (!put_aside())
    return;
  if (const auto file = open_file()) {
    take(*file);
    not_before_ = 0;
  }
}

/// False: the file is where it was. A file that somebody else has put aside already is not there.
bool log_file::put_aside() const {
  const auto& path = settings_.file;
  if (settings_.keep == 0)
    return ::unlink(path.c_str()) == 0 || errno == ENOENT;
  const auto old = [&path](uint64_t n) { return path + '.' + std::to_string(n); };
  for (auto n = settings_.keep; n > 1; --n)
    if (::rename(old(n - 1).c_str(), old(n).c_str()) != 0 && errno != ENOENT)
      return false;
  return ::rename(path.c_str(), old(1).c_str()) == 0 || errno == ENOENT;
}

} // namespace sluice::io
