/// One connection of the HTTP client: one exchange at a time, kept open between them.
#pragma once

#include "net/http/body.hpp"
#include "net/http/client.hpp"
#include "net/http/socket_kinds.hpp"

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace sluice::net {

class socket_stream;

/// A request on its way. Deadlines are of `steady_ms`.
struct http_exchange {
  http_call call;
  http_url url;
  http_answered answered;
  std::string text; // as sent: it has secrets in it
  uint64_t connect_until = 0;
  uint64_t whole_until = 0;
  bool may_repeat = false; // on a new connection, when a kept one was closed
};

/// What a connection reports to the client, in its thread.
struct client_connection_owner {
  std::function<void(result<http_answer>)> finished; // of the exchange in hand
  std::function<void()> repeat; // the exchange in hand was not begun to be answered: send it again
  std::function<void()> free;   // waits for the next exchange
  std::function<void()> ended;  // once; the last call
};

/// All calls in the thread of its context. The owner calls `tick` several times a second.
class client_connection : public std::enable_shared_from_this<client_connection> {
public:
  /// `tls` may be null: plain. `terms` outlives it.
  client_connection(boost::asio::io_context& io, tls_context* tls, const http_client_terms& terms,
                    client_connection_owner owner);
  ~client_connection();

  /// Opens the connection for this exchange, and begins it.
  void open(std::shared_ptr<const http_exchange> x);
  /// The next one, on a connection that is free.
  void begin(std::shared_ptr<const http_exchange> x);
  /// `now_ms`: of `steady_ms`; it must not go back. Errors: none.
  void tick(uint64_t now_ms);
  /// At once. The exchange in hand ends with this fault.
  void drop(const fault& why);

private:
  using resolver
    = boost::asio::ip::basic_resolver<boost::asio::ip::tcp, boost::asio::io_context::executor_type>;

  void resolve();
  void connected();
  void secured();
  void write();
  void read();
  void received(size_t bytes);
  void pump();
  bool take_head();
  bool take_body();
  void complete();
  void lost(const std::string& why);
  fault at_origin(ec code, const std::string& what) const;
  template <class F>
  auto then(F f);

  boost::asio::io_context& io_;
  tls_context* tls_;
  const http_client_terms& terms_;
  client_connection_owner owner_;
  std::unique_ptr<socket_stream> stream_;
  std::unique_ptr<resolver> resolver_;
  std::string certificate_fault_;

  std::shared_ptr<const http_exchange> now_; // null: free
  std::optional<http_answer_head> head_;     // of its answer, once it has come
  std::optional<body_reader> body_;          // while it is being read
  std::string in_;                           // read and not used
  size_t scanned_ = 0;                       // of `in_`: no head ends there
  size_t interim_ = 0;                       // heads of 1xx so far
  size_t sent_ = 0;                          // of now_->text
  uint64_t idle_until_ = 0;
  std::array<char, 16384> chunk_{};
  bool open_ = false;    // TCP and TLS are there
  bool used_ = false;    // had an exchange before the one in hand
  bool touched_ = false; // something of its answer has come
  bool reading_ = false;
  bool writing_ = false;
  bool over_ = false;
};

} // namespace sluice::net
