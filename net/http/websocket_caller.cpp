#include "net/http/websocket_caller.hpp"

#include "net/http/tls.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/basic_resolver.hpp>
#include <boost/asio/ssl/context.hpp>

#include <optional>
#include <utility>

namespace sluice::net {

namespace {

namespace asio = boost::asio;
using caller_error = boost::system::error_code;
using caller_resolver = asio::ip::basic_resolver<asio::ip::tcp, asio::io_context::executor_type>;

class websocket_caller_of final : public websocket_caller {
public:
  websocket_caller_of(asio::io_context& io, websocket_address address,
                      std::shared_ptr<tls_context> tls)
    : address_(std::move(address)), tls_(std::move(tls)), io_(io), resolver_(io) {}

  void call(link_terms terms, link_owner owner) override {
    if (link_ || owner_)
      return;
    terms_ = terms;
    owner_.emplace(std::move(owner));
    const auto attempt = ++attempt_;
    resolver_.async_resolve(address_.at.host, std::to_string(address_.at.port),
                            [self = own(), attempt](const caller_error& error, auto found) {
                              if (!self->goes_on(attempt))
                                return;
                              if (error)
                                return self->fail(error.message());
                              self->connect(found);
                            });
  }

  const std::shared_ptr<websocket_link>& link() const override { return link_; }

  void drop(const std::string& why) override {
    if (const auto link = link_)
      return link->drop(why);
    if (owner_)
      fail(why);
  }

private:
  std::shared_ptr<websocket_caller_of> own() {
    return std::static_pointer_cast<websocket_caller_of>(shared_from_this());
  }
  bool goes_on(uint64_t attempt) const { return owner_ && attempt == attempt_; }

  template <class Found>
  void connect(const Found& found) {
    socket_.emplace(io_);
    asio::async_connect(*socket_, found,
                        [self = own(), attempt = attempt_](const caller_error& error, const auto&) {
                          if (!self->goes_on(attempt))
                            return;
                          if (error)
                            return self->fail(error.message());
                          self->upgrade();
                        });
  }

  void upgrade() {
    auto owner = *std::exchange(owner_, std::nullopt);
    owner.ended
      = [self = std::weak_ptr{own()}, ended = std::move(owner.ended)](const std::string& why) {
          if (const auto me = self.lock())
            me->link_.reset();
          ended(why);
        };
    link_ = make_link(*std::move(socket_), tls_.get(), terms_, std::move(owner));
    socket_.reset();
    const auto link = link_;
    link->connect(address_.at.host, address_.target);
  }

  /// There was no connection; what is still under way finds its attempt over.
  void fail(const std::string& why) {
    const auto owner = std::exchange(owner_, std::nullopt);
    resolver_.cancel();
    if (socket_) {
      caller_error ignored;
      socket_->close(ignored);
    }
    owner->ended(why);
  }

  websocket_address address_;
  std::shared_ptr<tls_context> tls_;
  asio::io_context& io_;
  caller_resolver resolver_;
  std::optional<tcp_socket> socket_;
  std::optional<link_owner> owner_; // of an attempt
  link_terms terms_;
  std::shared_ptr<websocket_link> link_;
  uint64_t attempt_ = 0;
};

} // namespace

result<std::shared_ptr<websocket_caller>>
websocket_caller::make(asio::io_context& io, websocket_address address) {
  result<std::shared_ptr<tls_context>> tls{std::shared_ptr<tls_context>{}};
  if (address.tls)
    tls = client_tls(address.ca);
  if (!tls)
    return tls.error();
  return std::shared_ptr<websocket_caller>{
    std::make_shared<websocket_caller_of>(io, std::move(address), *std::move(tls))};
}

} // namespace sluice::net
