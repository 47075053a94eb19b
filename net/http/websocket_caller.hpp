/// Makes WebSocket connections to one address, plain or TLS, one at a time.
#pragma once

#include "net/http/link.hpp"
#include "rules/endpoint.hpp"
#include "rules/result.hpp"

#include <boost/asio/io_context.hpp>

#include <functional>
#include <memory>
#include <string>

namespace sluice::net {

/// Where, and how the certificate is checked.
struct websocket_address {
  endpoint at;
  std::string target = "/";
  bool tls = false;
  std::string ca{}; // PEM file; empty: the system's
};

/// Everything in the thread of its context. The caller of `call` keeps the time: `drop` ends an
/// attempt that takes too long.
class websocket_caller : public std::enable_shared_from_this<websocket_caller> {
public:
  /// ec::unreachable, ec::bad_input: the file of the CA.
  static result<std::shared_ptr<websocket_caller>>
  make(boost::asio::io_context& io, websocket_address address);
  virtual ~websocket_caller() = default;

  /// Connects; then the link is the owner's, whose calls are `opened` or `ended`. Nothing while
  /// there is a connection, or an attempt.
  virtual void call(link_terms terms, link_owner owner) = 0;

  /// The connection, once TCP has one; null.
  virtual const std::shared_ptr<websocket_link>& link() const = 0;

  /// Ends the connection or the attempt; the owner is called.
  virtual void drop(const std::string& why) = 0;
};

} // namespace sluice::net
