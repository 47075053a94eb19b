/// An HTTP/1.1 client of one connection to this machine, which is made again when it is lost.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <nlohmann/json.hpp>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <poll.h>
#include <string>
#include <string_view>
#include <unistd.h>
#include <utility>

namespace sluice::test {

/// `status`: 100 to 599.
struct peer_response {
  unsigned status = 0;
  std::string head; // without the empty line
  std::string text;

  /// Discarded when the text is none.
  nlohmann::json body() const { return nlohmann::json::parse(text, nullptr, false); }
};

/// Not for several threads.
class http_peer {
public:
  /// `port`: 1 to 65535.
  explicit http_peer(uint16_t port) : port_(port) {}
  ~http_peer() { drop(); }
  http_peer(const http_peer&) = delete;
  http_peer& operator=(const http_peer&) = delete;

  /// None: there is no connection, or it was lost before the whole response came; whether the
  /// request was served is not known then. `headers`: whole lines with their ends.
  std::optional<peer_response> call(std::string_view method, std::string_view target,
                                    std::string_view body = {}, std::string_view headers = {}) {
    if (fd_ < 0 && !connect())
      return {};
    std::string text{method};
    text.append(" ").append(target).append(" HTTP/1.1\r\nHost: node\r\n").append(headers);
    if (method != "GET")
      text.append("Content-Length: ").append(std::to_string(body.size())).append("\r\n");
    text.append("\r\n").append(body);
    auto got = send(text) ? receive() : std::nullopt;
    if (!got || got->head.find("onnection: close") != std::string::npos)
      drop();
    return got;
  }

  std::optional<peer_response> get(std::string_view target, std::string_view headers = {}) {
    return call("GET", target, {}, headers);
  }
  /// A JSON body.
  std::optional<peer_response>
  post(std::string_view target, const nlohmann::json& body, std::string_view headers = {}) {
    return call("POST", target, body.dump(),
                std::string{headers} + "Content-Type: application/json\r\n");
  }

private:
  static constexpr int silence_ms = 20'000;

  bool connect() {
    fd_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port_);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(fd_, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0)
      return true;
    drop();
    return false;
  }

  void drop() {
    if (const int fd = std::exchange(fd_, -1); fd >= 0)
      ::close(fd);
    rest_.clear();
  }

  bool send(std::string_view bytes) const {
    while (!bytes.empty()) {
      const auto n = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (n <= 0)
        return false;
      bytes.remove_prefix(static_cast<size_t>(n));
    }
    return true;
  }

  bool more() {
    std::array<char, 16384> chunk{};
    pollfd ready{fd_, POLLIN, 0};
    if (::poll(&ready, 1, silence_ms) <= 0)
      return false;
    const auto n = ::recv(fd_, chunk.data(), chunk.size(), 0);
    if (n <= 0)
      return false;
    rest_.append(chunk.data(), static_cast<size_t>(n));
    return true;
  }

  /// Only what has a length: the server sends nothing else to a peer that asks for nothing else.
  std::optional<peer_response> receive() {
    size_t end = std::string::npos;
    while ((end = rest_.find("\r\n\r\n")) == std::string::npos)
      if (!more())
        return {};
    peer_response x;
    x.head = rest_.substr(0, end);
    if (!x.head.starts_with("HTTP/1.1 ") || x.head.size() < 12)
      return {};
    std::from_chars(x.head.data() + 9, x.head.data() + 12, x.status);
    size_t size = 0;
    auto low = x.head;
    std::ranges::transform(low, low.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; });
    constexpr std::string_view name = "\r\ncontent-length: ";
    if (const auto at = low.find(name); at != std::string::npos)
      std::from_chars(low.data() + at + name.size(), low.data() + low.size(), size);
    while (rest_.size() < end + 4 + size)
      if (!more())
        return {};
    x.text = rest_.substr(end + 4, size);
    rest_.erase(0, end + 4 + size);
    return x;
  }

  uint16_t port_;
  int fd_ = -1;
  std::string rest_; // what came behind the last response
};

} // namespace sluice::test
