#include "net/http/link.hpp"

#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>

#include <array>
#include <memory>
#include <type_traits>
#include <utility>

namespace sluice::net {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = beast::websocket;
using error_code = boost::system::error_code;
using tls_stream = asio::ssl::stream<tcp_socket&>;

/// What a peer that went away looks like, for people.
std::string error_words(const error_code& error) {
  if (error == websocket::error::closed || error == asio::error::eof
      || error == asio::error::connection_reset || error == asio::ssl::error::stream_truncated)
    return "the other side closed the connection";
  if (error == beast::http::error::end_of_stream)
    return "closed before a WebSocket was there; does one side speak TLS (wss://) and the other"
           " not?";
  return error.message();
}

/// Whatever waits for a read or a write. TCP and TLS know only this kind of waiting, and of buffers
/// only `some_buffers`: without it every operation of Beast would be compiled through both of them.
class any_handler {
public:
  template <class Handler>
  requires(!std::is_same_v<std::decay_t<Handler>, any_handler>) explicit any_handler(
    Handler&& handler)
    : held_(std::make_unique<holder<std::decay_t<Handler>>>(std::forward<Handler>(handler))) {}

  void operator()(const error_code& error, size_t bytes) {
    std::exchange(held_, {})->run(error, bytes);
  }

private:
  struct holder_base {
    virtual ~holder_base() = default;
    virtual void run(const error_code& error, size_t bytes) = 0;
  };
  template <class Handler>
  struct holder final : holder_base {
    template <class H>
    explicit holder(H&& x) : handler(std::forward<H>(x)) {}
    void run(const error_code& error, size_t bytes) override { std::move(handler)(error, bytes); }
    Handler handler;
  };

  std::unique_ptr<holder_base> held_;
};

/// The first few buffers of any sequence; "some" of a read or write may always be less than all.
template <class Buffer>
class some_buffers {
public:
  using value_type = Buffer;

  template <class Buffers>
  explicit some_buffers(const Buffers& all) {
    auto x = asio::buffer_sequence_begin(all);
    for (const auto last = asio::buffer_sequence_end(all); x != last && used_ < list_.size(); ++x)
      if (const Buffer one{*x}; one.size() > 0)
        list_[used_++] = one;
  }

  const Buffer* begin() const { return list_.data(); }
  const Buffer* end() const { return list_.data() + used_; }

private:
  std::array<Buffer, 8> list_;
  size_t used_ = 0;
};

/// A socket with TLS over it or without. One class, chosen at run time: Beast's WebSocket is what
/// takes longest to compile here, and is made once.
class door_stream {
public:
  using executor_type = tcp_socket::executor_type;

  door_stream(tcp_socket socket, tls_context* tls)
    : socket_(std::move(socket)),
      tls_(tls ? std::make_unique<tls_stream>(socket_, *tls) : nullptr) {}

  executor_type get_executor() noexcept { return socket_.get_executor(); }
  tcp_socket& socket() noexcept { return socket_; }
  tls_stream* tls() noexcept { return tls_.get(); }

  template <class Buffers, class Handler>
  void async_read_some(const Buffers& to, Handler&& handler) {
    const some_buffers<asio::mutable_buffer> some{to};
    any_handler done{std::forward<Handler>(handler)};
    if (tls_)
      tls_->async_read_some(some, std::move(done));
    else
      socket_.async_read_some(some, std::move(done));
  }

  template <class Buffers, class Handler>
  void async_write_some(const Buffers& from, Handler&& handler) {
    const some_buffers<asio::const_buffer> some{from};
    any_handler done{std::forward<Handler>(handler)};
    if (tls_)
      tls_->async_write_some(some, std::move(done));
    else
      socket_.async_write_some(some, std::move(done));
  }

  template <class Handler>
  friend void async_teardown(beast::role_type role, door_stream& x, Handler&& handler) {
    using websocket::async_teardown;
    if (x.tls_)
      async_teardown(role, *x.tls_, std::forward<Handler>(handler));
    else
      async_teardown(role, x.socket_, std::forward<Handler>(handler));
  }

  friend void beast_close_socket(door_stream& x) {
    error_code ignored;
    x.socket_.close(ignored);
  }

private:
  tcp_socket socket_;
  std::unique_ptr<tls_stream> tls_;
};

class web_link final : public door_link {
  /// A completion that keeps the link alive and ends it on errors.
  template <class F>
  auto then(F f) {
    return [self = shared_from_this(), f](const error_code& error, auto&&...) {
      auto& x = static_cast<web_link&>(*self);
      if (x.gone())
        return;
      if (error)
        return x.drop(error_words(error));
      f(x);
    };
  }

public:
  web_link(link_terms terms, link_owner owner, tcp_socket socket, tls_context* tls)
    : door_link(terms, std::move(owner)), web_(std::move(socket), tls) {
    error_code ignored;
    web_.next_layer().socket().set_option(asio::ip::tcp::no_delay{true}, ignored);
    web_.read_message_max(terms_.text_bytes_max);
    web_.auto_fragment(false);
    web_.control_callback([this](websocket::frame_type kind, beast::string_view) {
      if (kind != websocket::frame_type::close && owner_.pinged)
        owner_.pinged();
    });
  }

  void accept() override {
    if (auto* tls = web_.next_layer().tls())
      tls->async_handshake(tls_stream::server, then([](web_link& x) { x.upgrade(); }));
    else
      upgrade();
  }

  void connect(const std::string& host, const std::string& target) override {
    host_ = host;
    target_ = target;
    if (auto* tls = web_.next_layer().tls()) {
      SSL_set_tlsext_host_name(tls->native_handle(), host.c_str());
      tls->set_verify_callback(asio::ssl::host_name_verification{host});
      tls->async_handshake(tls_stream::client, then([](web_link& x) { x.ask(); }));
    } else {
      ask();
    }
  }

protected:
  void write(const std::string& text) override {
    web_.text(true);
    web_.async_write(asio::buffer(text), then([](web_link& x) { x.on_written(); }));
  }

  void shut() override {
    web_.async_close(websocket::close_code::normal, then([](web_link& x) { x.drop("closed"); }));
  }

  void destroy() override {
    auto& socket = web_.next_layer().socket();
    error_code ignored;
    socket.shutdown(tcp_socket::shutdown_both, ignored);
    socket.close(ignored);
  }

private:
  void upgrade() {
    web_.async_accept(then([](web_link& x) { x.flow(); }));
  }

  void ask() {
    web_.async_handshake(answer_, host_, target_,
                         [self = shared_from_this()](const error_code& error) {
                           auto& x = static_cast<web_link&>(*self);
                           if (x.gone())
                             return;
                           if (error == websocket::error::upgrade_declined)
                             return x.drop(x.declined());
                           if (error)
                             return x.drop(error_words(error));
                           x.flow();
                         });
  }

  /// A node that has no room says so in the head of its answer: there is no session to say it in.
  std::string declined() const {
    const auto said = answer_["Sluice-Refused"];
    return said.empty() ? "no WebSocket there: HTTP " + std::to_string(answer_.result_int())
                        : "refused: " + std::string{said};
  }

  void flow() {
    on_opened();
    read();
  }

  void read() {
    if (gone())
      return;
    web_.async_read(buffer_, then([](web_link& x) {
                      const auto bytes = x.buffer_.cdata();
                      x.on_text({static_cast<const char*>(bytes.data()), bytes.size()});
                      x.buffer_.consume(bytes.size());
                      x.read();
                    }));
  }

  websocket::stream<door_stream, false> web_; // nothing is compressed
  beast::flat_buffer buffer_;
  websocket::response_type answer_;
  std::string host_;
  std::string target_;
};

} // namespace

std::shared_ptr<door_link>
make_link(tcp_socket socket, tls_context* tls, link_terms terms, link_owner owner) {
  return std::make_shared<web_link>(terms, std::move(owner), std::move(socket), tls);
}

} // namespace sluice::net
