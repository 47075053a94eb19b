/// A socket with TLS over it or without, chosen at run time, for HTTP and for WebSocket.
#pragma once

#include "net/http/socket_kinds.hpp"
#include "net/http/websocket.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <boost/beast/websocket/teardown.hpp>

#include <array>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>

namespace sluice::net {

using tls_stream = boost::asio::ssl::stream<tcp_socket&>;

/// Whatever waits for a read or a write. TCP and TLS know only this kind of waiting, and of buffers
/// only `some_buffers`: without it every operation of Beast would be compiled through both of them.
class any_handler {
public:
  template <class Handler>
  requires(!std::is_same_v<std::decay_t<Handler>, any_handler>) explicit any_handler(
    Handler&& handler)
    : held_(std::make_unique<holder<std::decay_t<Handler>>>(std::forward<Handler>(handler))) {}

  /// Once; `bytes`: how many were read or written.
  void operator()(const boost::system::error_code& error, size_t bytes) {
    std::exchange(held_, {})->run(error, bytes);
  }

private:
  struct holder_base {
    virtual ~holder_base() = default;
    virtual void run(const boost::system::error_code& error, size_t bytes) = 0;
  };
  template <class Handler>
  struct holder final : holder_base {
    template <class H>
    explicit holder(H&& x) : handler(std::forward<H>(x)) {}
    void run(const boost::system::error_code& error, size_t bytes) override {
      std::move(handler)(error, bytes);
    }
    Handler handler;
  };

  std::unique_ptr<holder_base> held_;
};

/// The first few buffers of any sequence; "some" of a read or write may always be less than all.
template <class Buffer>
class some_buffers {
public:
  using value_type = Buffer;

  /// At most eight, none of them empty.
  template <class Buffers>
  explicit some_buffers(const Buffers& all) {
    auto x = boost::asio::buffer_sequence_begin(all);
    for (const auto last = boost::asio::buffer_sequence_end(all); x != last && used_ < list_.size();
         ++x)
      if (const Buffer one{*x}; one.size() > 0)
        list_[used_++] = one;
  }

  const Buffer* begin() const { return list_.data(); }
  const Buffer* end() const { return list_.data() + used_; }

private:
  std::array<Buffer, 8> list_;
  size_t used_ = 0;
};

/// One class with TLS and without: Beast's WebSocket is what takes longest to compile here, and
/// is made once.
class socket_stream {
public:
  using executor_type = tcp_socket::executor_type;

  socket_stream(tcp_socket socket, tls_context* tls)
    : socket_(std::make_unique<tcp_socket>(std::move(socket))),
      tls_(tls ? std::make_unique<tls_stream>(*socket_, *tls) : nullptr) {}

  executor_type get_executor() noexcept { return socket_->get_executor(); }
  tcp_socket& socket() noexcept { return *socket_; }
  tls_stream* tls() noexcept { return tls_.get(); }

  /// These bytes were read before their time: they come first when it is read from again.
  void unread(std::string bytes) { early_ = std::move(bytes); }

  template <class Buffers, class Handler>
  void async_read_some(const Buffers& to, Handler&& handler) {
    const some_buffers<boost::asio::mutable_buffer> some{to};
    any_handler done{std::forward<Handler>(handler)};
    if (!early_.empty())
      read_early(some, std::move(done));
    else if (tls_)
      tls_->async_read_some(some, std::move(done));
    else
      socket_->async_read_some(some, std::move(done));
  }

  template <class Buffers, class Handler>
  void async_write_some(const Buffers& from, Handler&& handler) {
    const some_buffers<boost::asio::const_buffer> some{from};
    any_handler done{std::forward<Handler>(handler)};
    if (tls_)
      tls_->async_write_some(some, std::move(done));
    else
      socket_->async_write_some(some, std::move(done));
  }

  template <class Handler>
  friend void async_teardown(boost::beast::role_type role, socket_stream& x, Handler&& handler) {
    using boost::beast::websocket::async_teardown;
    if (x.tls_)
      async_teardown(role, *x.tls_, std::forward<Handler>(handler));
    else
      async_teardown(role, *x.socket_, std::forward<Handler>(handler));
  }

  friend void beast_close_socket(socket_stream& x) {
    boost::system::error_code ignored;
    x.socket_->close(ignored);
  }

private:
  void read_early(const some_buffers<boost::asio::mutable_buffer>& to, any_handler done) {
    const auto bytes = boost::asio::buffer_copy(to, boost::asio::buffer(early_));
    early_.erase(0, bytes);
    boost::asio::post(get_executor(), [done = std::move(done), bytes]() mutable {
      done(boost::system::error_code{}, bytes);
    });
  }

  std::unique_ptr<tcp_socket> socket_; // its address stays when the stream moves
  std::unique_ptr<tls_stream> tls_;
  std::string early_;
};

/// `connection`: its number, from 1. Not checked.
struct websocket_request::parts {
  socket_stream stream;
  http_request request;
  uint64_t connection = 0;
  http_ticket ticket;
  std::weak_ptr<boost::asio::io_context> context{};
};

} // namespace sluice::net
