#include "net/http/connection.hpp"

#include "net/http/link.hpp"
#include "net/http/stream.hpp"

#include <boost/asio/dispatch.hpp>

#include <algorithm>
#include <exception>
#include <utility>

namespace sluice::net {

namespace {

namespace asio = boost::asio;
using error_code = boost::system::error_code;

constexpr size_t out_bytes_max = size_t{64} << 10; // more pipelined requests wait for the peer
constexpr size_t piece_bytes = size_t{64} << 10;
constexpr char tls_hello = 0x16; // the first byte of who speaks TLS where none is spoken
constexpr std::string_view head_end = "\r\n\r\n";

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
  until_ = steady_ms() + service_->limits.head_ms;
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
  stream_->async_read_some(asio::buffer(chunk_),
                           then([](http_connection& x, size_t bytes) { x.received(bytes); }));
}

void http_connection::received(size_t bytes) {
  reading_ = false;
  if (lingering_)
    return read(); // and pass over it
  if (last_)
    return;
  if (stage_ == stage::head && in_.empty() && requests_ != 0)
    until_ = steady_ms() + service_->limits.head_ms; // no longer idle
  in_.append(chunk_.data(), bytes);
  pump();
}

/// As many requests as are there and are answered at once; their responses go out together.
void http_connection::pump() {
  while (!over_ && !last_ && out_.size() < out_bytes_max) {
    if (stage_ == stage::head ? !take_head() : stage_ == stage::body ? !take_body() : true)
      break;
  }
  flush();
}

/// True when there was a head, good or bad.
bool http_connection::take_head() {
  if (in_.starts_with("\r\n") && !std::exchange(skipped_, true))
    in_.erase(0, 2); // one empty line before a request is passed over (RFC 9112, 2.2)
  if (in_.empty())
    return false;
  if (in_.front() == tls_hello) {
    drop();
    return false;
  }
  const auto& limits = service_->limits;
  const auto end = in_.find(head_end, scanned_);
  if (end == std::string::npos || end + head_end.size() > limits.head_bytes)
    return head_is_incomplete();
  const auto bytes = end + head_end.size();
  auto read = read_head({in_.data(), bytes}, limits.line_bytes);
  in_.erase(0, bytes);
  scanned_ = 0;
  ++requests_;
  if (const auto* no = std::get_if<http_response>(&read))
    refuse(*no);
  else
    begin(std::get<http_head>(std::move(read)));
  return true;
}

bool http_connection::head_is_incomplete() {
  const auto& limits = service_->limits;
  if (!may_begin_head({in_.data(), std::min(in_.find('\r'), in_.size())})) {
    refuse(http_error(400, "this is no HTTP request"));
    return true;
  }
  if (in_.size() < limits.head_bytes) {
    scanned_ = in_.size() - std::min(in_.size(), head_end.size() - 1);
    return false;
  }
  if (in_.find('\r') > limits.line_bytes)
    refuse(http_error(414, "the first line is longer than " + std::to_string(limits.line_bytes)
                             + " bytes"));
  else
    refuse(
      http_error(431, "the head is longer than " + std::to_string(limits.head_bytes) + " bytes"));
  return true;
}

/// What is refused for its head is refused before its body is read.
void http_connection::begin(http_head head) {
  head_ = std::move(head);
  head_.request.network = network_;
  auto found = service_->router.find(head_.request.method, head_.request.path);
  route_ = found.route;
  head_.request.parameters = std::move(found.parameters);
  if (service_->gate && refused_by_gate())
    return;
  if (!route_ && found.allow.empty())
    return respond(http_error(404, "there is nothing at this path"), head_.has_body());
  if (!route_) {
    auto no = http_error(405, "this path takes " + found.allow + " only");
    no.headers.push_back({"Allow", found.allow});
    return respond(no, head_.has_body());
  }
  if (route_->websocket) {
    if (const auto no = upgrade_refusal(head_.request, head_.has_body()))
      return respond(*no, head_.has_body());
    stage_ = stage::upgrading;
    return;
  }
  if (head_.body_bytes > service_->limits.body_bytes)
    return refuse(http_error(413, "the body is longer than "
                                    + std::to_string(service_->limits.body_bytes) + " bytes"));
  if (!head_.has_body())
    return route();
  body_.emplace(head_, service_->limits.body_bytes);
  stage_ = stage::body;
  until_ = steady_ms() + service_->limits.body_ms;
  if (head_.expects_continue && in_.empty())
    out_ += "HTTP/1.1 100 Continue\r\n\r\n";
}

bool http_connection::refused_by_gate() {
  auto& request = head_.request;
  auto answer = service_->gate->ask(question_of(request, route_));
  request.caller = std::move(answer.caller);
  more_ = std::move(answer.lines);
  if (request.query.find("api_key") != std::string::npos)
    request.query = query_without_api_key(request.query);
  if (answer.refusal)
    respond(*answer.refusal, head_.has_body());
  return answer.refusal.has_value();
}

/// True when the body is whole or cannot be.
bool http_connection::take_body() {
  const auto step = body_->put(in_);
  in_.erase(0, step.used);
  switch (step.now) {
  case body_reader::state::needs_more:
    return false;
  case body_reader::state::too_long:
    refuse(http_error(413, "the body is longer than " + std::to_string(service_->limits.body_bytes)
                             + " bytes"));
    break;
  case body_reader::state::malformed:
    refuse(http_error(400, "the body is not in chunks as its header states"));
    break;
  case body_reader::state::complete:
    head_.request.body = body_->take();
    route();
    break;
  }
  body_.reset();
  return true;
}

void http_connection::route() {
  stage_ = stage::answering;
  const auto own = route_->terms.answer_ms;
  until_ = steady_ms() + (own != 0 ? own : service_->limits.answer_ms);
  http_reply reply{
    [who = weak_from_this(), io = service_->io, request = requests_](http_response x) {
      if (const auto context = io.lock())
        asio::dispatch(*context, [who, request, x = std::move(x)] {
          if (const auto self = who.lock())
            self->answered(request, x);
        });
    }};
  handling_ = true;
  try {
    route_->handler(head_.request, std::move(reply));
  } catch (const std::exception&) {
    answered(requests_, http_error(500, "the request could not be answered"));
  }
  handling_ = false;
}

void http_connection::answered(uint64_t request, const http_response& x) {
  if (over_ || last_ || stage_ != stage::answering || request != requests_)
    return; // came too late
  respond(x, false);
  if (!handling_)
    pump();
}

/// After this nobody knows where the next request begins.
void http_connection::refuse(const http_response& x) {
  respond(x, true);
}

void http_connection::respond(const http_response& x, bool close) {
  last_ = close || draining_ || !head_.keep_alive || requests_ >= service_->limits.requests_max;
  const auto then = last_                    ? after_response::close
                    : head_.request.http_1_0 ? after_response::keep_open_1_0
                                             : after_response::keep_open;
  out_ += response_text(x, then, head_.request.method == "HEAD", more_);
  head_ = {};
  more_.clear();
  skipped_ = false;
  stage_ = stage::head;
  until_ = 0;
  owner_.answered();
}

/// Whatever is next: to write, to end, to read.
void http_connection::flush() {
  if (over_ || writing_)
    return;
  if (!out_.empty())
    return write();
  if (last_ || (draining_ && stage_ == stage::head && in_.empty()))
    return finish();
  if (stage_ == stage::upgrading)
    return hand_over();
  if (stage_ == stage::answering)
    return;
  if (until_ == 0)
    until_ = steady_ms() + (in_.empty() ? service_->limits.idle_ms : service_->limits.head_ms);
  read();
}

void http_connection::write() {
  if (sending_.empty())
    sending_.swap(out_);
  writing_ = true;
  if (write_until_ == 0)
    write_until_ = steady_ms() + service_->limits.write_ms;
  stream_->async_write_some(asio::buffer(sending_.data() + sent_, sending_.size() - sent_),
                            then([](http_connection& x, size_t bytes) { x.written(bytes); }));
}

void http_connection::written(size_t bytes) {
  sent_ += bytes;
  writing_ = false;
  if (sent_ < sending_.size()) {
    if (sent_ - piece_ >= piece_bytes) {
      piece_ = sent_;
      write_until_ = 0;
    }
    return write();
  }
  sent_ = piece_ = write_until_ = 0;
  if (sending_.capacity() > out_bytes_max)
    sending_ = {};
  sending_.clear();
  pump();
}

/// Signals that nothing follows, and lets the peer read: closed with unread bytes it would receive
/// a reset and nothing else.
void http_connection::finish() {
  if (std::exchange(lingering_, true))
    return;
  last_ = true;
  until_ = steady_ms() + service_->limits.linger_ms;
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
    std::move(*stream_), std::move(head_.request), number_, std::move(ticket_)});
  const auto take_over = route_->websocket; // the service may end with the last connection
  owner_.ended();
  take_over(websocket_request{std::move(parts)});
}

void http_connection::drain() {
  draining_ = true;
  if (!writing_ && stage_ == stage::head && in_.empty())
    requests_ == 0 ? drop() : flush();
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
  if (writing_ ? now_ms >= write_until_ : until_ != 0 && now_ms >= until_)
    late();
}

void http_connection::late() {
  if (writing_ || lingering_ || stage_ == stage::upgrading
      || (stage_ == stage::head && in_.empty()))
    return drop();
  if (stage_ == stage::answering)
    refuse(http_error(503, "the answer took too long; try again later"));
  else
    refuse(http_error(408, "the request did not come in time"));
  flush();
}

} // namespace sluice::net
