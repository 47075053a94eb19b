/// A server of bytes on a real socket: for every request the test decides what comes back.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace sluice::test {

/// What is done with one request.
struct byte_reply {
  enum class then : uint8_t { keep, close, hang, reset };
  std::string bytes; // sent as they are
  then after = then::keep;
};

/// One thread, requests one after the other in the order of arrival. A request is everything up to
/// an empty line, and the body that its Content-Length states.
class byte_server {
public:
  using script = std::function<byte_reply(const std::string& request)>;

  /// At a free port of 127.0.0.1; std::runtime_error when there is none. `answer` runs in the
  /// server's thread.
  explicit byte_server(script answer);
  ~byte_server();
  byte_server(const byte_server&) = delete;
  byte_server& operator=(const byte_server&) = delete;

  /// 1 to 65535. Errors: none.
  uint16_t port() const { return port_; }
  /// "http://127.0.0.1:PORT"
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  /// As they came, so far; any thread.
  std::vector<std::string> requests() const;
  /// Connections that were accepted, from 0. Errors: none.
  size_t connections() const;

private:
  class thread;
  std::unique_ptr<thread> thread_;
  uint16_t port_ = 0;
};

/// A response with its length; `more` are further header lines, each with its end. `status`: with
/// the phrase, "200 OK".
std::string
http_bytes(const std::string& status, const std::string& body, const std::string& more = "");

} // namespace sluice::test
