// The bytes of a connection and its times; what its requests are is in connection_requests.cpp.
#include "net/http/connection.hpp"

#include "net/http/link.hpp"
#include "net/http/stream.hpp"
#include "net/http/tls.hpp"

#include <boost/asio/post.hpp>
#include <sys/socket.h>
#include <sys/uio.h>

#include <cerrno>
#include <unistd.h>
#include <utility>

namespace sluice::net {

namespace {

namespace asio = boost::asio;
using error_code = boost::system::error_code;

constexpr size_t out_bytes_max = size_t{64} << 10; // more pipelined requests wait for the peer
constexpr size_t piece_bytes = size_t{64} << 10;
constexpr size_t in_kept_max = 4096; // bytes of memory that the next request may find

} // namespace

http_connection::http_connection(http_arrival from, http_ticket ticket, tcp_socket socket,
                                 std::shared_ptr<tls_context> tls,
                                 std::shared_ptr<const http_service> service,
                                 connection_owner owner)
  : number_(from.number), network_(std::move(from.network)), by_proxy_(from.by_proxy),
    ticket_(std::move(ticket)), tls_(std::move(tls)),
    stream_(std::make_unique<socket_stream>(std::move(socket), tls_.get())),
    service_(std::move(service)), owner_(std::move(owner)) {}

http_connection::~http_connection() {
  close_plain();
}

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
  auto* tls = stream_->tls();
  if (!tls)
    return start_plain();
  service_->poller->share();
  chunk_ = std::make_unique<std::array<char, 4096>>();
  tls->async_handshake(tls_stream::server, [self = shared_from_this()](const error_code& error) {
    self->secured(error);
  });
}

void http_connection::secured(const error_code& error) {
  if (over_)
    return;
  if (!error)
    return read();
  if (service_->tls_failed)
    if (const auto why = handshake_fault(error); !why.empty())
      service_->tls_failed(network_, why);
  drop();
}

/// The socket leaves Asio, until it becomes a WebSocket.
void http_connection::start_plain() {
  error_code error;
  const auto here = stream_->socket().local_endpoint(error);
  protocol_ = here.protocol();
  socket_ = stream_->socket().release(error);
  if (error || !service_->poller->watch(socket_, *this))
    return drop();
  read();
}

void http_connection::ready(socket_poller::readiness x) {
  const auto self = shared_from_this();
  readable_ = readable_ || x.read || x.over;
  ends_ = ends_ || x.over;
  if (x.write && writing_ && !over_) {
    turn_ms_ = steady_ms();
    if (send_now())
      pump();
  }
  read_on();
}

void http_connection::read() {
  if (std::exchange(reading_, true))
    return;
  if (stream_->tls())
    stream_->async_read_some(asio::buffer(*chunk_), then([](http_connection& x, size_t bytes) {
                               x.received({x.chunk_->data(), bytes});
                             }));
  else if (readable_ && !in_turn_)
    read_later();
}

void http_connection::read_later() {
  asio::post(stream_->get_executor(), [self = shared_from_this()] { self->read_on(); });
  service_->poller->give_way();
}

/// What is there already, but not for ever: others have their turn.
void http_connection::read_on() {
  constexpr int chunks_max = 8;
  in_turn_ = true;
  for (int i = 0; i < chunks_max && reading_ && readable_ && !over_; ++i)
    read_now();
  in_turn_ = false;
  if (reading_ && readable_ && !over_)
    read_later();
}

void http_connection::read_now() {
  auto& chunk = service_->poller->scratch();
  const auto bytes = ::recv(socket_, chunk.data(), chunk.size(), MSG_DONTWAIT);
  if (bytes < 0 && errno == EINTR)
    return;
  if (bytes < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
    readable_ = false;
    return;
  }
  if (bytes <= 0)
    return drop();
  readable_ = ends_ || static_cast<size_t>(bytes) == chunk.size();
  received({chunk.data(), static_cast<size_t>(bytes)});
}

void http_connection::received(std::string_view bytes) {
  reading_ = false;
  if (lingering_)
    return read(); // and pass over it
  if (last_)
    return;
  turn_ms_ = steady_ms();
  if (stage_ == stage::head && in_.empty() && requests_ != 0)
    wait_until(service_->limits.head_ms); // no longer idle
  in_ += bytes;
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
  if (in_.empty() && in_.capacity() > in_kept_max)
    in_ = {};
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
  return stream_->tls() ? send_later() : send_now();
}

/// Without TLS: as much as the peer's window takes; the poller reports when it takes more.
bool http_connection::send_now() {
  while (!sending_.empty()) {
    std::array<iovec, output_queue::pieces_max> parts{};
    msghdr message{};
    message.msg_iov = parts.data();
    for (const auto& x : sending_.next())
      parts[message.msg_iovlen++] = {const_cast<void*>(x.data()), x.size()}; // only read
    const auto bytes = ::sendmsg(socket_, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (bytes < 0 && errno == EINTR)
      continue;
    if (bytes < 0 && errno != EAGAIN && errno != EWOULDBLOCK) {
      drop();
      return false;
    }
    if (bytes < 0)
      return send_later();
    sending_.sent(static_cast<size_t>(bytes));
    piece_ += static_cast<size_t>(bytes);
    if (piece_ >= piece_bytes)
      piece_ = write_until_ = 0;
  }
  writing_ = false;
  piece_ = write_until_ = 0;
  return true;
}

/// When the peer reads. False, always.
bool http_connection::send_later() {
  writing_ = true;
  if (write_until_ == 0)
    write_until_ = turn_ms_ + service_->limits.write_ms;
  if (stream_->tls())
    stream_->async_write_some(sending_.next(),
                              then([](http_connection& x, size_t bytes) { x.sent(bytes); }));
  return false;
}

/// With TLS.
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
  if (::shutdown(socket_, SHUT_WR) != 0)
    return drop();
  read();
}

void http_connection::hand_over() {
  over_ = true;
  const auto self = shared_from_this();
  service_->poller->share();
  if (const int socket = std::exchange(socket_, -1); socket >= 0) {
    service_->poller->forget(socket, *this);
    error_code error;
    stream_->socket().assign(protocol_, socket, error);
    if (error)
      ::close(socket); // the WebSocket ends with its first read
  }
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
  close_plain();
  ticket_.reset();
  owner_.ended();
}

void http_connection::close_plain() {
  if (const int socket = std::exchange(socket_, -1); socket >= 0) {
    service_->poller->forget(socket, *this);
    ::close(socket);
  }
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
