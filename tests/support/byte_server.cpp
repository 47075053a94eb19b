#include "tests/support/byte_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <map>
#include <mutex>
#include <poll.h>
#include <stdexcept>
#include <thread>
#include <unistd.h>

namespace sluice::test {

namespace {

/// The first request in `in`, taken out of it; "" when it is not whole.
std::string take_request(std::string& in) {
  const auto head = in.find("\r\n\r\n");
  if (head == std::string::npos)
    return "";
  size_t size = head + 4;
  if (const auto at = in.find("Content-Length: "); at < head)
    size += std::stoul(in.substr(at + 16));
  if (in.size() < size)
    return "";
  auto request = in.substr(0, size);
  in.erase(0, size);
  return request;
}

void send_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto n = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n <= 0)
      return; // the client has had enough
    bytes.remove_prefix(static_cast<size_t>(n));
  }
}

} // namespace

class byte_server::thread {
public:
  explicit thread(script answer)
    : answer_(std::move(answer)), listening_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in where{};
    where.sin_family = AF_INET;
    where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof where;
    auto* const address = reinterpret_cast<sockaddr*>(&where);
    if (listening_ < 0 || ::bind(listening_, address, size) != 0 || ::listen(listening_, 64) != 0
        || ::getsockname(listening_, address, &size) != 0 || ::pipe(stop_.data()) != 0)
      throw std::runtime_error("no port for a server of bytes");
    port = ntohs(where.sin_port);
    thread_ = std::thread{[this] { run(); }};
  }

  ~thread() {
    send_stop();
    thread_.join();
    for (const auto& [fd, in] : open_)
      ::close(fd);
    ::close(listening_);
    ::close(stop_[0]);
    ::close(stop_[1]);
  }

  std::vector<std::string> requests() const {
    const std::lock_guard lock{mutex_};
    return requests_;
  }

  size_t connections() const {
    const std::lock_guard lock{mutex_};
    return connections_;
  }

  uint16_t port = 0;

private:
  void send_stop() const {
    if (::write(stop_[1], "x", 1) != 1)
      std::terminate();
  }

  void run() {
    for (;;) {
      std::vector<pollfd> all{{stop_[0], POLLIN, 0}, {listening_, POLLIN, 0}};
      for (const auto& [fd, in] : open_)
        all.push_back({fd, POLLIN, 0});
      if (::poll(all.data(), all.size(), -1) < 0)
        continue;
      if (all[0].revents != 0)
        return;
      if (all[1].revents != 0)
        accept_one();
      for (size_t i = 2; i < all.size(); ++i)
        if (all[i].revents != 0)
          read_some(all[i].fd);
    }
  }

  void accept_one() {
    const int fd = ::accept4(listening_, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd < 0)
      return;
    open_.emplace(fd, "");
    const std::lock_guard lock{mutex_};
    ++connections_;
  }

  void read_some(int fd) {
    std::array<char, 16384> chunk{};
    const auto n = ::recv(fd, chunk.data(), chunk.size(), 0);
    if (n <= 0)
      return close_one(fd);
    auto& in = open_.at(fd);
    in.append(chunk.data(), static_cast<size_t>(n));
    for (auto request = take_request(in); !request.empty(); request = take_request(in))
      if (!serve(fd, request))
        return;
  }

  /// False when the connection is gone.
  bool serve(int fd, const std::string& request) {
    {
      const std::lock_guard lock{mutex_};
      requests_.push_back(request);
    }
    const auto reply = answer_(request);
    send_all(fd, reply.bytes);
    if (reply.after == byte_reply::then::reset) {
      const linger at_once{1, 0};
      ::setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    }
    if (reply.after == byte_reply::then::close || reply.after == byte_reply::then::reset) {
      close_one(fd);
      return false;
    }
    return true;
  }

  void close_one(int fd) {
    ::close(fd);
    open_.erase(fd);
  }

  script answer_;
  int listening_;
  std::array<int, 2> stop_{-1, -1};
  std::map<int, std::string> open_; // what came and was not used
  mutable std::mutex mutex_;
  std::vector<std::string> requests_;
  size_t connections_ = 0;
  std::thread thread_;
};

byte_server::byte_server(script answer) : thread_(std::make_unique<thread>(std::move(answer))) {
  port_ = thread_->port;
}

byte_server::~byte_server() = default;

std::vector<std::string> byte_server::requests() const {
  return thread_->requests();
}

size_t byte_server::connections() const {
  return thread_->connections();
}

std::string
http_bytes(const std::string& status, const std::string& body, const std::string& more) {
  return "HTTP/1.1 " + status + "\r\n" + more + "Content-Length: " + std::to_string(body.size())
         + "\r\n\r\n" + body;
}

} // namespace sluice::test
