#include "io/text/spool.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

namespace sluice::io {

namespace {

constexpr size_t tail_bytes = 1 << 20; // of a file, between two writes

/// A file that has no name any more, or -1.
int nameless_file(const std::string& folder) {
  const int made = ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC | O_EXCL, 0600);
  if (made >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL))
    return made;
  auto name = folder + "/sluice-XXXXXX";
  const int named = ::mkostemp(name.data(), O_CLOEXEC);
  if (named >= 0)
    ::unlink(name.c_str());
  return named;
}

} // namespace

struct spool::file {
  int descriptor = -1;
  explicit file(int fd) : descriptor(fd) {}
  file(const file&) = delete;
  file& operator=(const file&) = delete;
  ~file() { ::close(descriptor); }
};

spool::spool(size_t memory_max) : memory_max_(memory_max) {}
spool::spool(spool&&) noexcept = default;
spool& spool::operator=(spool&&) noexcept = default;
spool::~spool() = default;

fault spool::failed(const char* what, int error) const {
  const bool full = error == ENOSPC || error == EDQUOT || error == EFBIG;
  return {full ? ec::storage_full : ec::unreachable,
          "temporary file in " + folder_ + ": cannot be " + what + ": " + std::strerror(error)
            + (full ? "; free some space there, or name another folder in TMPDIR"
                    : "; name another folder in TMPDIR")};
}

result<nothing> spool::make_file() {
  const char* asked = std::getenv("TMPDIR");
  int error = 0;
  for (const char* folder : {asked && *asked ? asked : "/var/tmp", "/tmp"}) {
    if (folder_.empty())
      folder_ = folder; // the one that an error names
    if (const int made = nameless_file(folder); made >= 0) {
      folder_ = folder;
      file_ = std::make_unique<file>(made);
      return nothing{};
    }
    error = error == 0 ? errno : error;
  }
  return failed("made", error);
}

result<nothing> spool::append(std::string_view bytes) {
  tail_ += bytes;
  if (tail_.size() <= (file_ ? tail_bytes : memory_max_))
    return nothing{};
  if (!file_)
    if (auto made = make_file(); !made)
      return made;
  return flush();
}

result<nothing> spool::flush() {
  for (size_t at = 0; at < tail_.size();) {
    const auto put = ::pwrite(file_->descriptor, tail_.data() + at, tail_.size() - at,
                              static_cast<off_t>(written_ + at));
    if (put < 0 && errno == EINTR)
      continue;
    if (put < 0)
      return failed("written", errno);
    at += static_cast<size_t>(put);
  }
  written_ += tail_.size();
  tail_.clear();
  tail_.shrink_to_fit();
  return nothing{};
}

result<nothing> spool::read(uint64_t at, std::span<char> into) const {
  while (!into.empty()) {
    if (at >= written_) {
      std::memcpy(into.data(), tail_.data() + (at - written_), into.size());
      return nothing{};
    }
    const auto wanted = std::min<uint64_t>(into.size(), written_ - at);
    const auto got = ::pread(file_->descriptor, into.data(), static_cast<size_t>(wanted),
                             static_cast<off_t>(at));
    if (got < 0 && errno == EINTR)
      continue;
    if (got <= 0)
      return failed("read", got < 0 ? errno : EIO);
    at += static_cast<uint64_t>(got);
    into = into.subspan(static_cast<size_t>(got));
  }
  return nothing{};
}

} // namespace sluice::io
