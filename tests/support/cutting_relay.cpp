#include "tests/support/cutting_relay.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <fcntl.h>
#include <poll.h>
#include <stdexcept>
#include <string>
#include <thread>
#include <unistd.h>
#include <vector>

namespace sluice::test {

namespace {

sockaddr_in relay_address(uint16_t port) {
  sockaddr_in made{};
  made.sin_family = AF_INET;
  made.sin_port = htons(port);
  made.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return made;
}

/// Closes with a reset, so that neither side takes it for an orderly end.
void reset_socket(int fd) {
  const linger at_once{1, 0};
  ::setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  ::close(fd);
}

bool relay_all(int to, const char* bytes, size_t size) {
  while (size > 0) {
    const auto n = ::send(to, bytes, size, MSG_NOSIGNAL);
    if (n <= 0)
      return false;
    bytes += n;
    size -= static_cast<size_t>(n);
  }
  return true;
}

struct relayed_pair {
  int client = -1;
  int server = -1; // -1: nothing came from the client yet
  std::optional<uint64_t> left;
};

} // namespace

class cutting_relay::thread {
public:
  thread(uint16_t to, budget bytes) : to_(to), bytes_(std::move(bytes)) {
    listening_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    auto at = relay_address(0);
    socklen_t size = sizeof at;
    if (::bind(listening_, reinterpret_cast<const sockaddr*>(&at), size) != 0
        || ::listen(listening_, 64) != 0
        || ::getsockname(listening_, reinterpret_cast<sockaddr*>(&at), &size) != 0
        || ::pipe2(wake_.data(), O_CLOEXEC) != 0)
      throw std::runtime_error("no port for the relay");
    port_ = ntohs(at.sin_port);
    thread_ = std::thread{[this] { run(); }};
  }

  ~thread() {
    tell('e');
    thread_.join();
    ::close(listening_);
    for (const int end : wake_)
      ::close(end);
  }
  thread(const thread&) = delete;
  thread& operator=(const thread&) = delete;

  void tell(char what) const { (void)!::write(wake_[1], &what, 1); }
  uint16_t port() const { return port_; }
  void lead_to(uint16_t port) { to_ = port; }
  uint64_t cuts() const { return cuts_; }

private:
  void run() {
    for (;;) {
      std::vector<pollfd> watched{{wake_[0], POLLIN, 0}, {listening_, POLLIN, 0}};
      for (const auto& x : pairs_) {
        watched.push_back({x.client, POLLIN, 0});
        watched.push_back({x.server, POLLIN, 0});
      }
      ::poll(watched.data(), watched.size(), -1);
      char what = 0;
      if (watched[0].revents != 0 && ::read(wake_[0], &what, 1) == 1) {
        end_all();
        if (what == 'e')
          return;
        continue;
      }
      relay(watched);
      if (watched[1].revents != 0)
        if (const int client = ::accept4(listening_, nullptr, nullptr, SOCK_CLOEXEC); client >= 0)
          pairs_.push_back({client, -1, std::nullopt});
    }
  }

  void relay(const std::vector<pollfd>& watched) {
    std::vector<relayed_pair> open;
    for (size_t i = 0; i < pairs_.size(); ++i) {
      auto x = pairs_[i];
      const bool from_client = watched[2 + 2 * i].revents != 0;
      const bool from_server = x.server >= 0 && watched[3 + 2 * i].revents != 0;
      if ((!from_client || pass(x, true)) && (!from_server || pass(x, false)))
        open.push_back(x);
      else
        end(x);
    }
    pairs_ = std::move(open);
  }

  /// False: the connection is over.
  bool pass(relayed_pair& x, bool from_client) {
    std::array<char, 65536> chunk{};
    const auto n = ::recv(from_client ? x.client : x.server, chunk.data(), chunk.size(), 0);
    if (n <= 0)
      return false;
    if (x.server < 0 && !begin(x, {chunk.data(), static_cast<size_t>(n)}))
      return false;
    auto size = static_cast<uint64_t>(n);
    if (x.left)
      size = std::min(size, *x.left);
    if (!relay_all(from_client ? x.server : x.client, chunk.data(), size))
      return false;
    if (!x.left)
      return true;
    *x.left -= size;
    if (*x.left > 0)
      return true;
    ++cuts_;
    return false;
  }

  bool begin(relayed_pair& x, std::string_view first) {
    x.left = bytes_(first.substr(0, first.find('\n')));
    x.server = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const auto at = relay_address(to_);
    return ::connect(x.server, reinterpret_cast<const sockaddr*>(&at), sizeof at) == 0;
  }

  static void end(const relayed_pair& x) {
    reset_socket(x.client);
    if (x.server >= 0)
      reset_socket(x.server);
  }

  void end_all() {
    for (const auto& x : pairs_)
      end(x);
    cuts_ += pairs_.size();
    pairs_.clear();
  }

  std::atomic<uint16_t> to_;
  budget bytes_;
  int listening_ = -1;
  std::array<int, 2> wake_{-1, -1};
  uint16_t port_ = 0;
  std::vector<relayed_pair> pairs_;
  std::atomic<uint64_t> cuts_ = 0;
  std::thread thread_;
};

cutting_relay::cutting_relay(uint16_t to, budget bytes)
  : thread_(std::make_unique<thread>(to, std::move(bytes))) {}
cutting_relay::~cutting_relay() = default;

uint16_t cutting_relay::port() const {
  return thread_->port();
}
void cutting_relay::lead_to(uint16_t port) {
  thread_->lead_to(port);
}
void cutting_relay::cut_all() {
  thread_->tell('c');
}
uint64_t cutting_relay::cuts() const {
  return thread_->cuts();
}

} // namespace sluice::test
