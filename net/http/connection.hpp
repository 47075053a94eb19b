/// One connection that speaks HTTP/1.1: requests in, responses out in the same order, all bounded.
#pragma once

#include "net/http/answer_log.hpp"
#include "net/http/body.hpp"
#include "net/http/gate.hpp"
#include "net/http/head.hpp"
#include "net/http/limits.hpp"
#include "net/http/output_queue.hpp"
#include "net/http/router.hpp"
#include "net/http/socket_poller.hpp"
#include "rules/address_range.hpp"

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::net {

class socket_stream;

/// What all connections of a listener share.
struct http_service {
  http_limits limits;
  http_router router;
  std::weak_ptr<boost::asio::io_context> io; // answers may come when it is gone
  std::shared_ptr<http_gate> gate{};         // null: everybody may
  answer_log log{};                          // none: nothing is logged
  std::string request_prefix{};              // of the numbers of requests; set by the listener
  std::string date_line{};                   // of every answer; set by the listener
  std::shared_ptr<socket_poller> poller{};   // of sockets without TLS; set by the listener
  /// Whose X-Forwarded-For is believed: then the network of a request is that of whom they state.
  std::vector<address_range> proxies{};
  /// A handshake of TLS failed: `why` is a sentence about what the other side did. May be empty.
  std::function<void(const std::string& network, const std::string& why)> tls_failed{};
};

/// What a connection reports to its listener, in its thread.
struct connection_owner {
  std::function<void()> answered; // a response was made
  std::function<void()> ended;    // once; the last call
};

/// All calls in the thread of its context. The owner calls `tick` several times a second: that is
/// the only clock of a connection. One request is in hand at a time; what comes behind it waits in
/// the socket.
class http_connection final : public std::enable_shared_from_this<http_connection>,
                              private socket_poller::watcher {
public:
  /// `from` is not checked. `tls` may be null: plain.
  http_connection(http_arrival from, http_ticket ticket, tcp_socket socket,
                  std::shared_ptr<tls_context> tls, std::shared_ptr<const http_service> service,
                  connection_owner owner);
  ~http_connection();

  void start();
  /// `now_ms`: of `steady_ms`; it must not go back. What took too long is answered and closed.
  /// Errors: none.
  void tick(uint64_t now_ms);
  /// Ends when the response in hand is written; at once when there is none.
  void drain();
  /// At once and without a message.
  void drop();

private:
  enum class stage { head, body, answering, upgrading };

  void start_plain();
  void ready(socket_poller::readiness x) override;
  void read();
  void read_later();
  void read_on();
  void read_now();
  void received(std::string_view bytes);
  void pump();
  void rest();
  bool take_head();
  std::string network_behind_proxy() const;
  void secured(const boost::system::error_code& error);
  bool take_body();
  bool head_is_incomplete();
  void begin(const std::string& allow);
  bool refused_by_gate();
  void no_route(const std::string& allow);
  void route();
  void answered(uint64_t request, http_response x);
  void refuse(http_response x);
  void refuse_head(http_response x);
  void respond(http_response x, bool close);
  void log(unsigned status, size_t bytes) const;
  /// From now on so many milliseconds, from 0.
  void wait_until(uint64_t ms) { until_ = turn_ms_ + ms; }
  bool send();
  bool send_now();
  bool send_later();
  void sent(size_t bytes);
  void close_plain();
  void finish();
  void hand_over();
  void late();

  template <class F>
  auto then(F f);

  uint64_t number_;
  std::string network_;
  bool by_proxy_ = false;
  http_ticket ticket_;
  std::shared_ptr<tls_context> tls_; // the listener may have another one by now
  std::unique_ptr<socket_stream> stream_;
  std::shared_ptr<const http_service> service_;
  connection_owner owner_;

  stage stage_ = stage::head;
  http_head head_;        // of the request in hand; then of the last one, for who asks again
  std::string head_text_; // what `head_` was read from; "": it has to be read
  const http_route* route_ = nullptr;
  std::optional<body_reader> body_; // while it is being read
  std::string more_;                // header lines of the response in hand, as of the gate
  std::string in_;                  // read and not used
  output_queue out_;                // to be sent next
  output_queue sending_;            // being sent: stays where it is
  size_t scanned_ = 0;              // of `in_`: no head ends there
  size_t piece_ = 0;                // sent since the time to write began
  uint64_t requests_ = 0;           // the number of the one in hand
  uint64_t turn_ms_ = 0;            // when what happens now began, by `steady_ms`
  uint64_t began_us_ = 0;           // when the head in hand was whole; 0: nothing is logged
  uint64_t until_ = 0;              // for what the stage waits for; 0: not set
  uint64_t write_until_ = 0;
  std::unique_ptr<std::array<char, 4096>> chunk_; // with TLS
  boost::asio::ip::tcp protocol_ = boost::asio::ip::tcp::v4();
  int socket_ = -1;       // without TLS; then the stream has none
  bool readable_ = false; // of `socket_`: there is more than was read
  bool ends_ = false;     // of `socket_`: the last that can be read is the end
  bool in_turn_ = false;  // `read_on` is at it
  bool handling_ = false; // inside a handler
  bool skipped_ = false;  // an empty line before the request in hand
  bool reading_ = false;
  bool writing_ = false;   // the peer's window is full
  bool last_ = false;      // nothing is read any more
  bool lingering_ = false; // everything is sent
  bool draining_ = false;
  bool over_ = false;
};

} // namespace sluice::net
