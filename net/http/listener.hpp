/// Everything that comes to one listening address: accepted, counted, served, ended.
#pragma once

#include "net/http/connection.hpp"
#include "net/http/tls.hpp"

#include <atomic>
#include <map>
#include <mutex>

namespace sluice::net {

/// Counters since the listener began, but for `open`. All from 0. Errors: none.
struct http_counts {
  uint64_t open = 0;     // connections that speak HTTP now
  uint64_t accepted = 0; // admitted
  uint64_t turned_away = 0;
  uint64_t responses = 0;
};

/// All calls but `counts` in the thread of its context. The owner calls `tick` several times a
/// second.
class http_listener : public std::enable_shared_from_this<http_listener> {
public:
  /// `tls` may be null: plain. Connections that come have the certificate that it has then.
  /// `service.io` is the context.
  http_listener(http_service service, admit_function admit,
                std::shared_ptr<const server_identity> tls);

  /// Begins to accept. Takes the descriptor. `listening`: an open descriptor, which it closes.
  /// Without more descriptors it accepts again later.
  void open(int listening, bool is_v6);
  /// `now_ms`: of `steady_ms`; it must not go back. Errors: none.
  void tick(uint64_t now_ms);
  /// Ends this connection at once; one that is over or has become a WebSocket is passed over.
  /// `number`: as http_arrival has it.
  void end(uint64_t number);
  /// Accepts nothing more; connections end when the response in hand is written, WebSockets are
  /// their owners'.
  void drain();
  /// Ends what is left at once.
  void drop_all();

  bool empty() const { return connections_.empty(); }
  /// Any thread.
  http_counts counts() const;

private:
  using acceptor = boost::asio::basic_socket_acceptor<boost::asio::ip::tcp,
                                                      boost::asio::io_context::executor_type>;

  void date();
  void accept_next();
  void arrived(tcp_socket socket);
  void turn_away(tcp_socket socket, const http_response& why);
  template <class F>
  void for_each(F f);

  std::shared_ptr<http_service> service_;
  admit_function admit_;
  std::shared_ptr<const server_identity> tls_;
  std::optional<acceptor> acceptor_;
  std::map<uint64_t, std::shared_ptr<http_connection>> connections_;
  std::map<std::shared_ptr<tcp_socket>, uint64_t> lingering_; // turned away; until when
  uint64_t last_ = 0;
  uint64_t accept_again_at_ = 0; // 0: accepting
  mutable std::mutex seen_mutex_;
  http_counts seen_; // but for `responses`
  std::atomic<uint64_t> responses_{0};
  int64_t dated_ = 0; // the second of the date that answers have
};

} // namespace sluice::net
