/// The other processes of fanout_bench: hundreds of miners on sockets, and strangers.
#pragma once

#include "net/http/link.hpp"
#include "net/miner_gateway/client.hpp"

#include <arpa/inet.h>
#include <boost/asio/steady_timer.hpp>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <memory>
#include <poll.h>
#include <random>
#include <string>
#include <unistd.h>
#include <vector>

namespace sluice {

inline uint64_t now_us() {
  using namespace std::chrono;
  return static_cast<uint64_t>(
    duration_cast<microseconds>(steady_clock::now().time_since_epoch()).count());
}

/// What both processes see: when the questions of a checkpoint arrived.
struct arrivals {
  static constexpr size_t checkpoints_max = 100'000;
  struct mark {
    std::atomic<uint64_t> first{~uint64_t{0}};
    std::atomic<uint64_t> last{0};
  };
  std::atomic<uint64_t> inside{0};
  std::atomic<bool> disturbing{false};
  std::atomic<uint64_t> hammered{0};
  std::array<mark, checkpoints_max> marks;

  void note(size_t checkpoint) {
    const auto at = now_us();
    auto& x = marks[checkpoint];
    for (auto seen = x.first.load(); at < seen && !x.first.compare_exchange_weak(seen, at);) {
    }
    for (auto seen = x.last.load(); at > seen && !x.last.compare_exchange_weak(seen, at);) {
    }
  }
};

inline net::key_pair key_of(size_t number) {
  std::array<uint8_t, 32> bytes{};
  std::memcpy(bytes.data(), &number, sizeof number);
  return net::make_key_pair(net::secret_seed{bytes});
}

/// All miners of the other process: one thread, one connection each.
class miner_clients {
public:
  miner_clients(uint16_t port, size_t miners, uint64_t protocol, arrivals& seen)
    : port_(port), protocol_(protocol), seen_(seen) {
    for (size_t i = 0; i < miners; ++i)
      members_.push_back(std::make_unique<member>(member{key_of(i), {}}));
  }

  void run() {
    for (auto& x : members_)
      connect(*x);
    tick();
    io_.run();
  }

private:
  struct member {
    net::key_pair key;
    std::shared_ptr<net::websocket_link> link;
  };

  void connect(member& x) {
    net::tcp_socket socket{io_, boost::asio::ip::tcp::v4()};
    const auto i = ++connected_; // one address each, as the miner gateway's limits expect
    socket.bind(
      {boost::asio::ip::address_v4{{127, 2, static_cast<uint8_t>(i >> 8), static_cast<uint8_t>(i)}},
       0});
    socket.connect({boost::asio::ip::address_v4::loopback(), port_});
    net::link_owner owner;
    owner.opened = [this, &x] {
      x.link->send(net::write_message(
        gateway_hello{protocol_, "miner", {x.key.address}, "ed25519", "fanout"}));
    };
    owner.received = [this, &x](std::string_view text) { received(x, text); };
    owner.written = [](uint64_t) {};
    owner.ended = [](const std::string& why) {
      std::fprintf(stderr, "fanout: a miner lost its connection: %s\n", why.c_str());
      _exit(1);
    };
    net::link_terms terms;
    terms.text_bytes_max = net::node_bytes_max;
    x.link = net::make_link(std::move(socket), nullptr, terms, std::move(owner));
    x.link->connect("127.0.0.1", "/");
  }

  /// A question is looked at as little as possible: what is measured is the node.
  void received(member& x, std::string_view text) {
    if (const auto at = text.find("\"id\":"); text.find("\"question\"") < 200 && at != text.npos) {
      uint64_t id = 0;
      std::from_chars(text.data() + at + 5, text.data() + text.size(), id);
      seen_.note(id - 1);
      return x.link->send(protocol_ == gateway_protocol_oldest
                            ? "{\"type\":\"proposal\",\"id\":" + std::to_string(id)
                                + ",\"accepted\":true,\"desired_positions\":[]}"
                            : "{\"type\":\"answer\",\"id\":" + std::to_string(id)
                                + ",\"body\":{\"accepted\":true,\"desired_positions\":[]}}");
    }
    const auto message
      = net::read_message(text, net::gateway_side::node, net::node_bytes_max, protocol_);
    if (!message)
      return;
    if (const auto* challenge = std::get_if<gateway_challenge>(&*message)) {
      using namespace std::chrono;
      const auto unix_ms
        = duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
      const gateway_hello hello{protocol_, "miner", {x.key.address}, "ed25519", "fanout"};
      x.link->send(net::write_message(
        *net::answer_to(*challenge, hello, x.key, static_cast<uint64_t>(unix_ms)), protocol_));
    } else if (std::holds_alternative<net::gateway_welcome>(*message)) {
      ++seen_.inside;
    } else if (const auto* ping = std::get_if<net::gateway_ping>(&*message)) {
      x.link->send(net::write_message(net::gateway_pong{ping->id}));
    } else if (const auto* no = std::get_if<gateway_refusal>(&*message)) {
      std::fprintf(stderr, "fanout: a miner was refused: %s\n", no->text.c_str());
      _exit(1);
    }
  }

  void tick() {
    for (auto& x : members_)
      x->link->tick(net::steady_ms());
    timer_.expires_after(std::chrono::milliseconds{200});
    timer_.async_wait([this](const boost::system::error_code&) { tick(); });
  }

  boost::asio::io_context io_{1};
  boost::asio::steady_timer timer_{io_};
  uint16_t port_;
  uint64_t protocol_;
  arrivals& seen_;
  size_t connected_ = 0;
  std::vector<std::unique_ptr<member>> members_;
};

/// From one of 250 addresses, so that the limits per address let nearly all of them speak.
inline int stranger(uint16_t port, std::mt19937_64& rng) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(0x7f010001 + static_cast<uint32_t>(rng() % 250));
  ::bind(fd, reinterpret_cast<const sockaddr*>(&at), sizeof at);
  at.sin_port = htons(port);
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&at), sizeof at) == 0)
    return fd;
  ::close(fd);
  return -1;
}

inline std::string malformed(std::mt19937_64& rng) {
  std::string bytes;
  if (rng() % 4 != 0)
    bytes = "GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n";
  switch (rng() % 4) {
  case 0: // random bytes
    for (size_t i = rng() % 2000; i > 0; --i)
      bytes += static_cast<char>(rng());
    return bytes;
  case 1: // a frame of 2^62 bytes
    return bytes + std::string("\x81\xff\x40\0\0\0\0\0\0\0\0\0\0\0", 14) + "hello";
  case 2: // a cut frame
    return bytes + std::string("\x81\xfe\x07\xd0\0\0\0\0", 8) + std::string(rng() % 1900, '{');
  default: // silence after a cut line
    bytes.resize(rng() % (bytes.size() + 1));
    return bytes;
  }
}

/// Malformed connections at a steady pace while it is their turn; 200 of them stay and send
/// nothing.
inline void hammer(uint16_t port, size_t per_second, uint64_t seed, arrivals& seen) {
  std::mt19937_64 rng{seed};
  std::vector<int> silent;
  const uint64_t pause = 1'000'000 / per_second;
  for (auto next = now_us();; next += pause) {
    if (!seen.disturbing || now_us() < next) {
      ::poll(nullptr, 0, 1); // milliseconds
      next = seen.disturbing ? next - pause : now_us();
      continue;
    }
    const int fd = stranger(port, rng);
    if (fd < 0)
      continue;
    const auto bytes = malformed(rng);
    ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    silent.push_back(fd);
    if (silent.size() > 200) {
      const auto at = silent.begin() + static_cast<std::ptrdiff_t>(rng() % silent.size());
      ::close(*at);
      silent.erase(at);
    }
    ++seen.hammered;
  }
}

} // namespace sluice
