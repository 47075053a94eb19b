#include "net/http/link.hpp"
#include "net/http/stream.hpp"
#include "net/http/tls.hpp"
#include "rules/address_range.hpp"

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket.hpp>
#include <openssl/err.h>
#include <openssl/sslerr.h>

#include <memory>
#include <utility>

namespace sluice::net {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = beast::websocket;
using error_code = boost::system::error_code;

/// What a peer that went away looks like, for people.
std::string error_text(const error_code& error) {
  if (error == websocket::error::closed || error == asio::error::eof
      || error == asio::error::connection_reset || error == asio::ssl::error::stream_truncated)
    return "the other side closed the connection";
  if (error == beast::http::error::end_of_stream)
    return "closed before a WebSocket was there; does one side speak TLS (wss://) and the other"
           " not?";
  if (error.category() == asio::error::get_ssl_category()
      && ERR_GET_REASON(static_cast<unsigned long>(error.value())) == SSL_R_WRONG_VERSION_NUMBER)
    return "the other side speaks no TLS; is it ws:// rather than wss://?";
  return error.message();
}

class web_link final : public websocket_link {
  /// A completion that keeps the link alive and ends it on errors.
  template <class F>
  auto then(F f) {
    return [self = shared_from_this(), f](const error_code& error, auto&&...) {
      auto& x = static_cast<web_link&>(*self);
      if (x.gone())
        return;
      if (error)
        return x.drop(x.certificate_fault_.empty() ? error_text(error) : x.certificate_fault_);
      f(x);
    };
  }

public:
  web_link(link_terms terms, link_owner owner, socket_stream stream, http_request asked,
           http_ticket ticket)
    : websocket_link(terms, std::move(owner)), web_(std::move(stream)), asked_(std::move(asked)),
      ticket_(std::move(ticket)) {
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
    beast::http::request<beast::http::empty_body> request{beast::http::verb::get, "/", 11};
    request.set(beast::http::field::host, "here");
    request.set(beast::http::field::connection, "upgrade");
    request.set(beast::http::field::upgrade, "websocket");
    for (const auto* name : {"sec-websocket-version", "sec-websocket-key"}) {
      const auto value = asked_.header(name); // checked by upgrade_refusal
      request.set(name, beast::string_view{value.data(), value.size()});
    }
    asked_ = {};
    web_.async_accept(request, then([](web_link& x) { x.flow(); }));
  }

  void connect(const std::string& host, const std::string& target) override {
    host_ = host;
    target_ = target;
    if (auto* tls = web_.next_layer().tls()) {
      if (!parse_ip(host)) // RFC 6066 has no addresses there
        SSL_set_tlsext_host_name(tls->native_handle(), host.c_str());
      tls->set_verify_callback([this](bool trusted, asio::ssl::verify_context& context) {
        return check_certificate(trusted, context, host_, certificate_fault_);
      });
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
    const websocket::close_reason why{
      static_cast<websocket::close_code>(close_code_),
      beast::string_view{close_reason_.data(), close_reason_.size()}};
    web_.async_close(why, then([](web_link& x) { x.drop("closed"); }));
  }

  void destroy() override {
    auto& socket = web_.next_layer().socket();
    error_code ignored;
    socket.shutdown(tcp_socket::shutdown_both, ignored);
    socket.close(ignored);
    ticket_.reset(); // what Beast still waits for may keep this link for a while
  }

private:
  void ask() {
    web_.async_handshake(answer_, host_, target_,
                         [self = shared_from_this()](const error_code& error) {
                           auto& x = static_cast<web_link&>(*self);
                           if (x.gone())
                             return;
                           if (error == websocket::error::upgrade_declined)
                             return x.drop(x.declined());
                           if (error)
                             return x.drop(error_text(error));
                           x.flow();
                         });
  }

  /// A node that takes no more states it in the head of its answer: there is no session to send it
  /// in.
  std::string declined() const {
    const auto reason = answer_["Sluice-Refused"];
    return reason.empty() ? "no WebSocket there: HTTP " + std::to_string(answer_.result_int())
                          : "refused: " + std::string{reason};
  }

  void flow() {
    on_opened();
    read();
  }

  void read() {
    if (gone())
      return;
    web_.async_read(buffer_, [self = shared_from_this()](const error_code& error, size_t) {
      auto& x = static_cast<web_link&>(*self);
      if (x.gone())
        return;
      if (error == websocket::error::closed && x.owner_.closed) {
        const auto& why = x.web_.reason();
        x.owner_.closed(why.code == 0 ? uint16_t{1005} : static_cast<uint16_t>(why.code),
                        {why.reason.data(), why.reason.size()});
      }
      if (error)
        return x.drop(error_text(error));
      const auto bytes = x.buffer_.cdata();
      x.on_text({static_cast<const char*>(bytes.data()), bytes.size()});
      x.buffer_.consume(bytes.size());
      x.read();
    });
  }

  websocket::stream<socket_stream, false> web_; // nothing is compressed
  http_request asked_;                          // the server's end
  beast::flat_buffer buffer_;
  websocket::response_type answer_;
  http_ticket ticket_;
  std::string host_;
  std::string certificate_fault_; // of the server's, when it was refused
  std::string target_;
};

} // namespace

std::shared_ptr<websocket_link>
make_link(tcp_socket socket, tls_context* tls, link_terms terms, link_owner owner) {
  return std::make_shared<web_link>(terms, std::move(owner), socket_stream{std::move(socket), tls},
                                    http_request{}, http_ticket{});
}

std::shared_ptr<websocket_link>
make_link(websocket_request request, link_terms terms, link_owner owner) {
  auto parts = request.release();
  return std::make_shared<web_link>(terms, std::move(owner), std::move(parts->stream),
                                    std::move(parts->request), std::move(parts->ticket));
}

} // namespace sluice::net
