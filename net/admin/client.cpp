#include "net/admin/client.hpp"

#include "net/admin/socket_place.hpp"
#include "net/admin/wire.hpp"

#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <poll.h>

namespace sluice::net {

namespace {

using clock = std::chrono::steady_clock;

constexpr size_t answer_bytes_max = size_t{64} << 20;

} // namespace

fault shell_client::lost(ec code, const std::string& why) {
  socket_ = {};
  in_.clear();
  return {code, why};
}

result<nothing> shell_client::connect() {
  auto place = socket_place::in(folder_, shell_socket_name);
  if (!place)
    return place.error();
  descriptor fresh{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
  const auto& address = place->address();
  if (!fresh
      || ::connect(fresh.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    const auto why = errno;
    const auto where = place->path().string();
    if (why == ENOENT || why == ECONNREFUSED)
      return fault{ec::unreachable, folder_.string() + ": no node runs there"};
    if (why == EACCES)
      return fault{ec::unreachable,
                   where + ": belongs to another user; ask as that user or as root"};
    return fault{ec::unreachable, where + ": " + std::strerror(why)};
  }
  socket_ = std::move(fresh);
  return nothing{};
}

result<nothing> shell_client::wait(short events, clock::time_point until) {
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - clock::now());
    if (left.count() <= 0)
      return lost(ec::timeout, "no answer within " + std::to_string(how_.patience.count() / 1000)
                                 + " s; the node is busy or stands still, it may do it yet");
    pollfd watched{socket_.get(), events, 0};
    const int ready = ::poll(&watched, 1, static_cast<int>(left.count()));
    if (ready > 0)
      return nothing{};
    if (ready < 0 && how_.interrupted && how_.interrupted())
      return lost(ec::timeout, "given up; the node may do it yet");
  }
}

result<nothing> shell_client::send(const std::string& bytes, clock::time_point until) {
  for (size_t at = 0; at < bytes.size();) {
    const auto put
      = ::send(socket_.get(), bytes.data() + at, bytes.size() - at, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (put >= 0) {
      at += static_cast<size_t>(put);
    } else if (errno == EAGAIN || errno == EINTR) {
      if (auto ready = wait(POLLOUT, until); !ready)
        return ready;
    } else {
      return nothing{}; // whoever closed may have sent the reason: receive() finds it
    }
  }
  return nothing{};
}

result<std::string> shell_client::receive(clock::time_point until) {
  std::array<char, 64 * 1024> buffer{};
  size_t seen = 0;
  for (;;) {
    if (const auto end = in_.find('\n', seen); end != std::string::npos) {
      auto line = in_.substr(0, end);
      in_.erase(0, end + 1);
      return line;
    }
    seen = in_.size();
    if (seen > answer_bytes_max)
      return lost(ec::corrupt_data, "what answers is no sluice node");
    const auto got = ::recv(socket_.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (got > 0) {
      in_.append(buffer.data(), static_cast<size_t>(got));
    } else if (got < 0 && (errno == EAGAIN || errno == EINTR)) {
      if (auto ready = wait(POLLIN, until); !ready)
        return ready.error();
    } else {
      return lost(ec::unreachable, "the node went away before it answered");
    }
  }
}

result<std::string> shell_client::ask(std::string_view line) {
  // A socket that the node has closed meanwhile is found by reading, before anything is asked.
  if (socket_) {
    char one = 0;
    const auto got = ::recv(socket_.get(), &one, 1, MSG_PEEK | MSG_DONTWAIT);
    if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR))
      lost(ec::unreachable, {});
  }
  if (!socket_)
    if (auto connected = connect(); !connected)
      return connected.error();
  const auto until = clock::now() + how_.patience;
  const auto id = next_id_++;
  if (auto sent = send(to_line(shell_question{id, std::string{line}}) + '\n', until); !sent)
    return sent.error();
  for (;;) {
    auto text = receive(until);
    if (!text)
      return text.error();
    auto answer = parse_answer(*text);
    if (!answer)
      return lost(answer.error().code, folder_.string() + ": " + answer.error().what);
    if (answer->id && *answer->id != id)
      continue;
    if (!answer->id) // sent to every connection, which is then closed
      lost(ec::refused, {});
    if (answer->reply.ok)
      return std::move(answer->reply.text);
    return fault{ec::refused, std::move(answer->reply.text)};
  }
}

} // namespace sluice::net
