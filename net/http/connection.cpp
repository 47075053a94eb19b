// The bytes of a connection and its times; what its requests are is in connection_requests.cpp.
#include "net/http/connection.hpp"

#include "net/http/link.hpp"
#include "net/http/stream.hpp"

#include <utility>

namespace sluice::net {

namespace {

namespace asio = boost::asio;
using error_code = boost::system::error_code;

constexpr size_t out_bytes_max = size_t{64} << 10; // more pipelined requests wait for the peer
constexpr size_t piece_bytes = size_t{64} << 10;

} // namespace

http_connection::http_connection(uint64_t number, std::string network, http_ticket ticket,
                                 tcp_socket socket, tls_context* tls,
                                 std::shared_ptr<const http_service> service,
                                 connection_owner owner)
  : number_(number), network_(std::move(network)), ticket_(std::move(ticket)),
    stream_(std::make_unique<socket_stream>(std::move(socket), tls)), service_(std::move(service)),
    owner_(std::move(owner)) {}

http_connection::~http_connection() = default;

/// A completion that keeps the connection alive and ends it on errors.
template <class F>
auto http_connection::then(F f) {
  return [self = shared_from_this(), f](const error_code& error, auto... bytes) {
    if (self->over_)
      return;
    if (error)
      return self->drop();
    f(*self, bytes...);
  };
}

void http_connection::start() {
  turn_ms_ = steady_ms();
  wait_until(service_->limits.head_ms);
  error_code ignored;
  stream_->socket().set_option(asio::ip::tcp::no_delay{true}, ignored);
  if (auto* tls = stream_->tls())
    tls->async_handshake(tls_stream::server, then([](http_connection& x) { x.read(); }));
  else
    read();
}

void http_connection::read() {
  if (std::exchange(reading_, true))
    return;
  const auto done = then([](http_connection& x, size_t bytes) { x.received(bytes); });
  if (stream_->tls())
    stream_->async_read_some(asio::buffer(chunk_), done);
  else
    stream_->socket().async_read_some(asio::buffer(chunk_), done);
}

void http_connection::received(size_t bytes) {
  reading_ = false;
  if (lingering_)
    return read(); // and pass over it
  if (last_)
    return;
  turn_ms_ = steady_ms();
  if (stage_ == stage::head && in_.empty() && requests_ != 0)
    wait_until(service_->limits.head_ms); // no longer idle
  in_.append(chunk_.data(), bytes);
  pump();
}

/// As many requests as are there and are answered at once; their responses go out together.
void http_connection::pump() {
  bool more = true;
  do {
    while (more && !over_ && !last_ && out_.bytes() < out_bytes_max)
      more = stage_ == stage::head ? take_head() : stage_ == stage::body && take_body();
    if (!send())
      return;
  } while (more && !last_);
  rest();
}

/// Everything is sent: to end, to hand over or to read.
void http_connection::rest() {
  if (last_ || (draining_ && stage_ == stage::head && in_.empty()))
    return finish();
  if (stage_ == stage::upgrading)
    return hand_over();
  if (stage_ == stage::answering)
    return;
  if (until_ == 0)
    wait_until(in_.empty() ? service_->limits.idle_ms : service_->limits.head_ms);
  read();
}

/// True when nothing is left to be sent. Most of the time the peer's window takes everything at
/// once.
bool http_connection::send() {
  if (over_ || writing_)
    return false;
  if (out_.empty())
    return true;
  sending_.swap(out_);
  if (stream_->tls())
    return send_later();
  while (!sending_.empty()) {
    const auto bytes = stream_->write_now(sending_.next());
    if (!bytes) {
      drop();
      return false;
    }
    if (*bytes == 0)
      return send_later();
    sending_.sent(*bytes);
  }
  return true;
}

/// When the peer reads. False, always.
bool http_connection::send_later() {
  writing_ = true;
  if (write_until_ == 0)
    write_until_ = turn_ms_ + service_->limits.write_ms;
  stream_->async_write_some(sending_.next(),
                            then([](http_connection& x, size_t bytes) { x.sent(bytes); }));
  return false;
}

void http_connection::sent(size_t bytes) {
  turn_ms_ = steady_ms();
  sending_.sent(bytes);
  writing_ = false;
  piece_ += bytes;
  if (piece_ >= piece_bytes || sending_.empty())
    piece_ = write_until_ = 0;
  if (!sending_.empty())
    send_later();
  else
    pump();
}

/// Signals that nothing follows, and lets the peer read: closed with unread bytes it would receive
/// a reset and nothing else.
void http_connection::finish() {
  if (std::exchange(lingering_, true))
    return;
  last_ = true;
  wait_until(service_->limits.linger_ms);
  if (auto* tls = stream_->tls())
    return tls->async_shutdown(then([](http_connection& x) { x.drop(); }));
  error_code error;
  stream_->socket().shutdown(tcp_socket::shutdown_send, error);
  if (error)
    return drop();
  read();
}

void http_connection::hand_over() {
  over_ = true;
  const auto self = shared_from_this();
  stream_->unread(std::move(in_));
  auto parts = std::make_unique<websocket_request::parts>(websocket_request::parts{
    std::move(*stream_), std::move(head_.request), number_, std::move(ticket_), service_->io});
  const auto take_over = route_->websocket; // the service may end with the last connection
  owner_.ended();
  take_over(websocket_request{std::move(parts)});
}

void http_connection::drain() {
  draining_ = true;
  if (!writing_ && stage_ == stage::head && in_.empty())
    requests_ == 0 ? drop() : pump();
}

void http_connection::drop() {
  if (std::exchange(over_, true))
    return;
  error_code ignored;
  stream_->socket().close(ignored);
  ticket_.reset();
  owner_.ended();
}

void http_connection::tick(uint64_t now_ms) {
  if (over_)
    return;
  turn_ms_ = now_ms;
  if (writing_ ? now_ms >= write_until_ : until_ != 0 && now_ms >= until_)
    late();
}

void http_connection::late() {
  if (writing_ || lingering_ || stage_ == stage::upgrading
      || (stage_ == stage::head && in_.empty()))
    return drop();
  if (stage_ == stage::answering)
    refuse(http_error(503, "the answer took too long; try again later"));
  else if (auto x = http_error(408, "the request did not come in time"); stage_ == stage::head)
    refuse_head(std::move(x));
  else
    refuse(std::move(x));
  pump();
}

} // namespace sluice::net
