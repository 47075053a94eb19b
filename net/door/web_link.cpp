#include "net/door/link.hpp"

#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>

#include <type_traits>

namespace sluice::net {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = beast::websocket;
using error_code = boost::system::error_code;
using tls_stream = asio::ssl::stream<tcp_socket>;

/// What a peer that went away looks like, for people.
std::string words_of(const error_code& error) {
  if (error == websocket::error::closed || error == asio::error::eof
      || error == asio::error::connection_reset || error == asio::ssl::error::stream_truncated)
    return "the other side closed the connection";
  if (error == beast::http::error::end_of_stream)
    return "closed before a WebSocket was there; does one side speak TLS (wss://) and the other"
           " not?";
  return error.message();
}

template <class Stream>
class web_link final : public door_link {
public:
  template <class... Ts>
  web_link(link_terms terms, link_owner owner, Ts&&... xs)
    : door_link(terms, std::move(owner)), web_(std::forward<Ts>(xs)...) {
    error_code ignored;
    socket().set_option(asio::ip::tcp::no_delay{true}, ignored);
    web_.read_message_max(terms_.text_bytes_max);
    web_.auto_fragment(false);
    web_.control_callback([this](websocket::frame_type kind, beast::string_view) {
      if (kind != websocket::frame_type::close && owner_.pinged)
        owner_.pinged();
    });
  }

  void accept() override {
    if constexpr (encrypted)
      web_.next_layer().async_handshake(tls_stream::server, then([](web_link& x) { x.upgrade(); }));
    else
      upgrade();
  }

  void connect(const std::string& host, const std::string& target) override {
    host_ = host;
    target_ = target;
    if constexpr (encrypted) {
      SSL_set_tlsext_host_name(web_.next_layer().native_handle(), host.c_str());
      web_.next_layer().set_verify_callback(asio::ssl::host_name_verification{host});
      web_.next_layer().async_handshake(tls_stream::client, then([](web_link& x) { x.ask(); }));
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
    error_code ignored;
    socket().shutdown(tcp_socket::shutdown_both, ignored);
    socket().close(ignored);
  }

private:
  static constexpr bool encrypted = std::is_same_v<Stream, tls_stream>;

  tcp_socket& socket() {
    if constexpr (encrypted)
      return web_.next_layer().next_layer();
    else
      return web_.next_layer();
  }

  /// A completion that keeps the link alive and ends it on errors.
  template <class F>
  auto then(F f) {
    return [self = this->shared_from_this(), f](const error_code& error, auto&&...) {
      auto& x = static_cast<web_link&>(*self);
      if (x.gone())
        return;
      if (error)
        return x.drop(words_of(error));
      f(x);
    };
  }

  void upgrade() {
    web_.async_accept(then([](web_link& x) { x.flow(); }));
  }

  void ask() {
    web_.async_handshake(answer_, host_, target_,
                         [self = this->shared_from_this()](const error_code& error) {
                           auto& x = static_cast<web_link&>(*self);
                           if (x.gone())
                             return;
                           if (error == websocket::error::upgrade_declined)
                             return x.drop(x.declined());
                           if (error)
                             return x.drop(words_of(error));
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
    this->on_opened();
    read();
  }

  void read() {
    if (this->gone())
      return;
    web_.async_read(buffer_, then([](web_link& x) {
                      const auto bytes = x.buffer_.cdata();
                      x.on_text({static_cast<const char*>(bytes.data()), bytes.size()});
                      x.buffer_.consume(bytes.size());
                      x.read();
                    }));
  }

  websocket::stream<Stream> web_;
  beast::flat_buffer buffer_;
  websocket::response_type answer_;
  std::string host_;
  std::string target_;
};

} // namespace

std::shared_ptr<door_link>
make_link(tcp_socket socket, tls_context* tls, link_terms terms, link_owner owner) {
  if (tls)
    return std::make_shared<web_link<tls_stream>>(terms, std::move(owner), std::move(socket), *tls);
  return std::make_shared<web_link<tcp_socket>>(terms, std::move(owner), std::move(socket));
}

} // namespace sluice::net
