/// A TCP connection to this machine that sends any bytes.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <poll.h>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unistd.h>

namespace sluice::test {

/// A bare TCP connection that sends any bytes.
class bare_socket {
public:
  /// `port`: 1 to 65535; std::runtime_error when nothing listens there. `from`: an address of this
  /// machine, such as any of 127.0.0.0/8; empty: the system's choice.
  explicit bare_socket(uint16_t port, const std::string& from = {})
    : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    if (!from.empty()) {
      sockaddr_in own{};
      own.sin_family = AF_INET;
      ::inet_pton(AF_INET, from.c_str(), &own.sin_addr);
      if (::bind(fd_, reinterpret_cast<const sockaddr*>(&own), sizeof own) != 0)
        throw std::runtime_error("no connection from " + from);
    }
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(fd_, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0)
      throw std::runtime_error("no connection to the port under test");
  }
  ~bare_socket() { ::close(fd_); }
  bare_socket(const bare_socket&) = delete;
  bare_socket& operator=(const bare_socket&) = delete;

  void send(std::string_view bytes) const {
    while (!bytes.empty()) {
      const auto n = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (n <= 0)
        return; // the other side has had enough
      bytes.remove_prefix(static_cast<size_t>(n));
    }
  }

  /// Everything until the other side closes, or until `end` has come. Gives up when nothing came
  /// for a minute, with what there is.
  std::string read_until(std::string_view end = "\x01never\x01") const {
    std::string all;
    std::array<char, 4096> chunk{};
    pollfd ready{fd_, POLLIN, 0};
    size_t searched = 0; // `end` does not begin before this
    while (all.find(end, searched) == std::string::npos && ::poll(&ready, 1, 60'000) > 0) {
      searched = all.size() - std::min(all.size(), end.size());
      const auto n = ::recv(fd_, chunk.data(), chunk.size(), 0);
      if (n <= 0)
        break;
      all.append(chunk.data(), static_cast<size_t>(n));
    }
    return all;
  }

  /// Through the HTTP upgrade. `lines`: more of its head, each with CRLF.
  void upgrade(const std::string& lines = {}) const {
    send("GET / HTTP/1.1\r\nHost: node\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
         "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n"
         + lines + "\r\n");
    read_until("\r\n\r\n");
  }

  /// One masked text frame (the mask is zero).
  void send_text(std::string_view text) const { send(frame(text.size()) + std::string{text}); }

  /// The head of a masked text frame of so many bytes. `size`: bytes of the text, any number of 64
  /// bits; `first`: the first byte of the head (RFC 6455).
  static std::string frame(uint64_t size, uint8_t first = 0x81) {
    std::string head{static_cast<char>(first)};
    if (size < 126) {
      head += static_cast<char>(0x80 | size);
    } else if (size < 65536) {
      head += '\xfe';
      for (int shift = 8; shift >= 0; shift -= 8)
        head += static_cast<char>(size >> shift & 0xff);
    } else {
      head += '\xff';
      for (int shift = 56; shift >= 0; shift -= 8)
        head += static_cast<char>(size >> shift & 0xff);
    }
    return head + std::string(4, '\0');
  }

  /// Stays this object's. Errors: none.
  int fd() const { return fd_; }

private:
  int fd_;
};

} // namespace sluice::test
