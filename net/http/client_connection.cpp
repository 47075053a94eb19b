#include "net/http/client_connection.hpp"

#include "net/http/link.hpp"
#include "net/http/stream.hpp"
#include "net/http/tls.hpp"

#include <boost/asio/connect.hpp>

#include <utility>

namespace sluice::net {

namespace {

namespace asio = boost::asio;
using error_code = boost::system::error_code;

constexpr size_t interim_max = 8;

bool is_address(const std::string& host) {
  error_code error;
  asio::ip::make_address(host, error);
  return !error;
}

bool is_tls_error(const error_code& error) {
  return error.category() == asio::error::get_ssl_category();
}

} // namespace

client_connection::client_connection(asio::io_context& io, tls_context* tls,
                                     const http_client_terms& terms, client_connection_owner owner)
  : io_(io), tls_(tls), terms_(terms), owner_(std::move(owner)) {}

client_connection::~client_connection() = default;

/// A completion that keeps the connection alive and ends it on errors.
template <class F>
auto client_connection::then(F f) {
  return [self = shared_from_this(), f](const error_code& error, auto&&... xs) {
    auto& x = *self;
    if (x.over_)
      return;
    if (error && is_tls_error(error) && !x.certificate_fault_.empty())
      return x.drop(x.at_origin(ec::refused, x.certificate_fault_));
    if (error)
      return x.lost(error == asio::error::eof || error == asio::ssl::error::stream_truncated
                      ? "the server closed the connection"
                      : error.message());
    f(x, xs...);
  };
}

fault client_connection::at_origin(ec code, const std::string& what) const {
  return {code, (now_ ? origin_of(now_->url) : std::string{"a connection"}) + ": " + what};
}

void client_connection::open(std::shared_ptr<const http_exchange> x) {
  now_ = std::move(x);
  const auto socket = std::make_unique<tcp_socket>(io_); // g++ 12 doubts one that is a temporary
  stream_ = std::make_unique<socket_stream>(std::move(*socket), tls_);
  resolve();
}

/// An address needs no resolver, whose thread cannot be interrupted.
void client_connection::resolve() {
  const auto& at = now_->url.at;
  if (is_address(at.host))
    return stream_->socket().async_connect({asio::ip::make_address(at.host), at.port},
                                           then([](client_connection& x) { x.connected(); }));
  resolver_ = std::make_unique<resolver>(io_);
  resolver_->async_resolve(
    at.host, std::to_string(at.port), then([](client_connection& x, const auto& found) {
      asio::async_connect(x.stream_->socket(), found,
                          x.then([](client_connection& y, const auto&) { y.connected(); }));
    }));
}

void client_connection::connected() {
  error_code ignored;
  stream_->socket().set_option(asio::ip::tcp::no_delay{true}, ignored);
  auto* tls = stream_->tls();
  if (!tls)
    return secured();
  const auto& host = now_->url.at.host;
  if (!is_address(host)) // RFC 6066 has no addresses there
    SSL_set_tlsext_host_name(tls->native_handle(), host.c_str());
  tls->set_verify_callback([this, host](bool trusted, asio::ssl::verify_context& context) {
    return check_certificate(trusted, context, host, certificate_fault_);
  });
  tls->async_handshake(tls_stream::client, then([](client_connection& x) { x.secured(); }));
}

void client_connection::secured() {
  open_ = true;
  write();
  read();
}

void client_connection::begin(std::shared_ptr<const http_exchange> x) {
  used_ = true;
  touched_ = false;
  now_ = std::move(x);
  write();
}

void client_connection::write() {
  writing_ = true;
  stream_->async_write_some(
    asio::buffer(now_->text.data() + sent_, now_->text.size() - sent_),
    [self = shared_from_this(), what = now_](const error_code& error, size_t bytes) {
      auto& x = *self;
      x.writing_ = false;
      if (x.over_ || x.now_ != what)
        return;
      if (error) // a server may answer, and close, before it has read everything: see what comes
        return;
      x.sent_ += bytes;
      if (x.sent_ < what->text.size())
        x.write();
    });
}

/// One read is always open: a kept connection that the server closes is seen at once.
void client_connection::read() {
  if (reading_ || over_)
    return;
  reading_ = true;
  stream_->async_read_some(asio::buffer(chunk_),
                           then([](client_connection& x, size_t bytes) { x.received(bytes); }));
}

void client_connection::received(size_t bytes) {
  reading_ = false;
  if (!now_)
    return lost("bytes that nobody asked for");
  touched_ = true;
  in_.append(chunk_.data(), bytes);
  pump();
  read();
}

void client_connection::pump() {
  while (!over_ && now_ && (body_ ? take_body() : take_head())) {
  }
}

/// True when something was used of what has come.
bool client_connection::take_head() {
  const auto end = in_.find("\r\n\r\n", scanned_);
  const auto size = end == std::string::npos ? in_.size() : end + 4;
  if (size > terms_.head_bytes) {
    drop(at_origin(ec::out_of_range, "the head of its answer has more than "
                                       + std::to_string(terms_.head_bytes) + " bytes"));
    return false;
  }
  if (end == std::string::npos) {
    scanned_ = in_.size() < 3 ? 0 : in_.size() - 3;
    return false;
  }
  auto head = read_answer_head(std::string_view{in_}.substr(0, size), now_->call.method == "HEAD");
  in_.erase(0, size);
  scanned_ = 0;
  if (!head) {
    drop(at_origin(head.error().code, head.error().what));
    return false;
  }
  if (head->interim) {
    if (++interim_ > interim_max)
      drop(at_origin(ec::corrupt_data, "more than 8 heads before that of its answer"));
    return true;
  }
  head_ = *std::move(head);
  if (head_->framing.body_bytes > terms_.body_bytes) {
    drop(at_origin(ec::out_of_range, "its answer has " + std::to_string(head_->framing.body_bytes)
                                       + " bytes, more than " + std::to_string(terms_.body_bytes)));
    return false;
  }
  if (head_->framing.has_body())
    body_.emplace(head_->framing, terms_.body_bytes);
  else
    complete();
  return true;
}

bool client_connection::take_body() {
  const auto progress = body_->put(in_);
  in_.erase(0, progress.used);
  switch (progress.now) {
  case body_reader::state::needs_more:
    return false;
  case body_reader::state::complete:
    head_->answer.body = body_->take();
    complete();
    return true;
  case body_reader::state::too_long:
    drop(at_origin(ec::out_of_range,
                   "its answer has more than " + std::to_string(terms_.body_bytes) + " bytes"));
    return false;
  case body_reader::state::malformed:
    drop(at_origin(ec::corrupt_data, "the chunks of its answer are none"));
    return false;
  }
  return false;
}

/// Kept when the server agrees and nothing came behind the answer, and when it has read the whole
/// request.
void client_connection::complete() {
  auto answer = std::move(head_->answer);
  const bool keeps
    = head_->framing.keep_alive && in_.empty() && !writing_ && sent_ == now_->text.size();
  const bool moved = answer.status >= 300 && answer.status < 400 && answer.status != 304;
  auto outcome = moved ? result<http_answer>{at_origin(
                   ec::refused, "it answers " + std::to_string(answer.status)
                                  + " and points elsewhere, which is not followed: state the URL"
                                    " that it should be")}
                       : result<http_answer>{std::move(answer)};
  head_.reset();
  body_.reset();
  sent_ = interim_ = 0;
  now_.reset();
  const auto alive = shared_from_this();
  owner_.finished(std::move(outcome));
  if (over_)
    return;
  if (!keeps)
    return drop({});
  idle_until_ = steady_ms() + terms_.kept_ms;
  owner_.free();
}

/// The connection is gone. An answer that was begun is cut; one that was not may be asked again.
void client_connection::lost(const std::string& why) {
  if (now_ && used_ && !touched_ && now_->may_repeat) {
    const auto alive = shared_from_this();
    now_.reset();
    owner_.repeat();
    return drop({});
  }
  if (head_ || !in_.empty())
    return drop(at_origin(ec::corrupt_data, "its answer was cut: " + why));
  drop(at_origin(ec::unreachable, why));
}

void client_connection::drop(const fault& why) {
  if (std::exchange(over_, true))
    return;
  const auto alive = shared_from_this();
  if (resolver_)
    resolver_->cancel();
  error_code ignored;
  if (stream_)
    stream_->socket().close(ignored);
  if (std::exchange(now_, nullptr))
    owner_.finished(why);
  owner_.ended();
}

void client_connection::tick(uint64_t now_ms) {
  if (over_)
    return;
  if (!now_) {
    if (now_ms >= idle_until_)
      drop({});
  } else if (!open_ && now_ms >= now_->connect_until) {
    drop(at_origin(ec::timeout,
                   "no connection within " + std::to_string(now_->call.connect_ms) + " ms"));
  } else if (now_ms >= now_->whole_until) {
    drop(at_origin(ec::timeout,
                   "no whole answer within " + std::to_string(now_->call.whole_ms) + " ms"));
  }
}

} // namespace sluice::net
