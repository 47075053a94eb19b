#include "io/output/target.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <poll.h>
#include <unistd.h>

namespace sluice::io {

namespace {

constexpr size_t file_bytes_at_once = size_t{64} << 10;

} // namespace

descriptor_target::descriptor_target(int to) : to_(to), bytes_max_(PIPE_BUF) {
  struct stat seen {};
  if (::fstat(to, &seen) == 0 && S_ISREG(seen.st_mode))
    bytes_max_ = file_bytes_at_once;
}

bool descriptor_target::wait(int bell, int wait_ms) {
  std::array<pollfd, 2> watched{pollfd{to_, POLLOUT, 0}, pollfd{bell, POLLIN, 0}};
  return ::poll(watched.data(), watched.size(), wait_ms) > 0 && watched[0].revents != 0;
}

write_outcome descriptor_target::write(std::string_view text) {
  const auto put = ::write(to_, text.data(), std::min(text.size(), bytes_max_));
  if (put >= 0)
    return {static_cast<size_t>(put), 0};
  const bool later = errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
  return {0, later ? 0 : errno};
}

} // namespace sluice::io
