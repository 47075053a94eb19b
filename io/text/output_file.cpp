#include "io/text/output_file.hpp"

#include <sys/stat.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

namespace sluice::io {

namespace {

constexpr size_t buffer_bytes = 1 << 18;

std::string folder_of(const std::string& path) {
  const auto slash = path.find_last_of('/');
  return slash == std::string::npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
}

/// Where a link leads, so that renaming replaces the file and not the link.
std::string resolved(const std::string& path) {
  char* real = ::realpath(path.c_str(), nullptr);
  std::string answer = real ? real : path;
  std::free(real);
  return answer;
}

} // namespace

struct output_file::file {
  int descriptor = -1;
  std::string target;    // what commit() makes; empty when there is nothing to rename
  std::string temporary; // empty while the file has no name at all

  file() = default;
  file(const file&) = delete;
  file& operator=(const file&) = delete;
  ~file() {
    if (!temporary.empty())
      ::unlink(temporary.c_str());
    if (descriptor > 2)
      ::close(descriptor);
  }
};

output_file::output_file(output_file&&) noexcept = default;
output_file& output_file::operator=(output_file&&) noexcept = default;
output_file::~output_file() = default;

fault output_file::failed(int error) const {
  const bool full = error == ENOSPC || error == EDQUOT || error == EFBIG;
  const char* what_to_do = full                                ? "free some space and try again"
                           : error == EACCES || error == EROFS ? "choose a folder you may write to"
                           : error == ENOENT || error == ENOTDIR ? "create the folder first"
                                                                 : "check the file and its disk";
  return {full ? ec::storage_full : ec::unreachable,
          path_ + ": cannot be written: " + std::strerror(error) + "; " + what_to_do};
}

result<output_file> output_file::open(std::string path, unsigned mode) {
  output_file out;
  out.path_ = std::move(path);
  out.file_ = std::make_unique<file>();
  if (out.path_ == "-") {
    out.path_ = "standard output";
    out.file_->descriptor = STDOUT_FILENO;
    return out;
  }
  const auto target = resolved(out.path_);
  struct stat facts {};
  const bool there = ::stat(target.c_str(), &facts) == 0;
  if (there && !S_ISREG(facts.st_mode)) {
    out.file_->descriptor = ::open(target.c_str(), O_WRONLY | O_CLOEXEC);
    return out.file_->descriptor < 0 ? result<output_file>(out.failed(errno)) : std::move(out);
  }
  out.file_->target = target;
  // A file without a name goes away by itself, whatever ends us.
  out.file_->descriptor = ::open(folder_of(target).c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, mode);
  if (out.file_->descriptor < 0 && (errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL)) {
    out.file_->temporary = target + ".part-" + std::to_string(::getpid());
    out.file_->descriptor
      = ::open(out.file_->temporary.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, mode);
    if (out.file_->descriptor < 0)
      out.file_->temporary.clear();
  }
  if (out.file_->descriptor < 0)
    return out.failed(errno);
  return out;
}

result<nothing> output_file::write(std::string_view text) {
  buffer_ += text;
  return buffer_.size() < buffer_bytes ? nothing{} : flush();
}

result<nothing> output_file::flush() {
  size_t at = 0;
  while (at < buffer_.size()) {
    const auto put = ::write(file_->descriptor, buffer_.data() + at, buffer_.size() - at);
    if (put < 0 && errno == EINTR)
      continue;
    if (put < 0)
      return failed(errno);
    at += static_cast<size_t>(put);
  }
  buffer_.clear();
  return nothing{};
}

result<nothing> output_file::commit() {
  if (auto done = flush(); !done)
    return done;
  if (file_->target.empty())
    return nothing{};
  if (::fsync(file_->descriptor) != 0)
    return failed(errno);
  if (file_->temporary.empty()) {
    const auto name = file_->target + ".part-" + std::to_string(::getpid());
    const auto unnamed = "/proc/self/fd/" + std::to_string(file_->descriptor);
    if (::linkat(AT_FDCWD, unnamed.c_str(), AT_FDCWD, name.c_str(), AT_SYMLINK_FOLLOW) != 0)
      return failed(errno);
    file_->temporary = name;
  }
  if (::rename(file_->temporary.c_str(), file_->target.c_str()) != 0)
    return failed(errno);
  file_->temporary.clear();
  return nothing{};
}

} // namespace sluice::io
