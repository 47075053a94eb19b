/// One WebSocket connection, either end of it, plain or TLS: texts in, texts out, all bounded.
#pragma once

#include "net/http/socket_kinds.hpp"
#include "net/http/websocket.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace sluice::net {

/// Milliseconds of a clock that only goes forward. Only differences mean something. Errors: none.
uint64_t steady_ms();

/// How long, and how much; every one of them ends the connection. Times are in milliseconds of
/// `steady_ms`, sizes in bytes, inclusive; not checked.
struct link_terms {
  uint64_t open_ms = 10'000;         // the client's TLS and upgrade; the server's answer to it
  uint64_t write_ms = 10'000;        // one text into the peer's window
  uint64_t close_ms = 2'000;         // from our last message to the end
  size_t text_bytes_max = 16 * 1024; // of one text that comes in
  size_t queue_bytes_max = 1 << 20;  // that wait to be written
};

/// What a link reports to its owner, in the thread of its context. `ended` comes once, as the last
/// call. Marks are never 0. Functions must not throw.
struct link_owner {
  std::function<void()> opened;
  std::function<void(std::string_view text)> received;
  std::function<void()> pinged;               // a WebSocket ping or pong: it costs too
  std::function<void(uint64_t mark)> written; // a text with this mark is in the peer's window
  std::function<void(const std::string& why)> ended;
  /// The peer sent a close frame (RFC 6455, 7.4): its code, 1005 when it states none, and its
  /// reason, at most 123 bytes. Comes right before `ended`. May be empty.
  std::function<void(uint16_t code, std::string_view reason)> closed{};
};

/// All calls in the thread of its context. The owner calls `tick` several times a second: that is
/// the only clock of a link.
class websocket_link : public std::enable_shared_from_this<websocket_link> {
public:
  virtual ~websocket_link() = default;

  /// The server's end: grants the upgrade.
  virtual void accept() = 0;
  /// The client's end; `host` is what the certificate must be for.
  virtual void connect(const std::string& host, const std::string& target) = 0;

  /// A mark other than 0 is reported once it is written. More than `queue_bytes_max` in all ends
  /// the connection; after `close` or the end it is nothing.
  void send(std::string text, uint64_t mark = 0);

  /// Sends this (nothing when empty), closes with a close frame, and not later than `close_ms`.
  /// `code`: of RFC 6455, 7.4; `reason`: at most 123 bytes are sent.
  void close(std::string last_message, uint16_t code = 1000, std::string_view reason = {});

  /// At once and without a close frame; `why` is what `ended` reports.
  void drop(const std::string& why);

  /// `now_ms`: of `steady_ms`. Ends the connection when a time of link_terms is over.
  void tick(uint64_t now_ms);

  /// Bytes of texts that are not written yet: 0 to `queue_bytes_max`. Errors: none.
  size_t waiting_bytes() const { return queue_bytes_; }
  bool closing() const { return closing_; }
  bool idle() const { return queue_.empty(); }

protected:
  explicit websocket_link(link_terms terms, link_owner owner);

  virtual void write(const std::string& text) = 0; // then `on_written`
  virtual void shut() = 0;    // closing handshake with `close_code_`, then `drop`
  virtual void destroy() = 0; // the socket

  void on_opened();
  void on_text(std::string_view text);
  void on_written();
  bool gone() const { return gone_; }

  link_owner owner_;
  link_terms terms_;
  uint16_t close_code_ = 1000;
  std::string close_reason_;

private:
  struct waiting {
    std::string text;
    uint64_t mark = 0;
  };
  void next();

  std::deque<waiting> queue_;
  size_t queue_bytes_ = 0;
  uint64_t open_until_ = 0;
  uint64_t write_until_ = 0; // 0: nothing is being written
  uint64_t close_until_ = 0;
  bool open_ = false;
  bool closing_ = false;
  bool shut_ = false;
  bool gone_ = false;
};

/// The client's end. `tls` may be null: plain.
std::shared_ptr<websocket_link>
make_link(tcp_socket socket, tls_context* tls, link_terms terms, link_owner owner);

/// The server's end, of what a route of `http_router::upgrade` was given.
std::shared_ptr<websocket_link>
make_link(websocket_request request, link_terms terms, link_owner owner);

} // namespace sluice::net
