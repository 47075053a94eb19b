/// The table of one listening address: method, path, handler.
#pragma once

#include "net/http/message.hpp"
#include "net/http/websocket.hpp"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::net {

/// Answers one request, once, from any thread and at any time; later answers are passed over. A
/// request whose every copy of this is gone without an answer is answered with 500.
class http_reply {
public:
  using send_function = std::function<void(http_response)>;

  explicit http_reply(send_function send);

  void operator()(http_response x) const;

private:
  struct once;
  std::shared_ptr<once> once_;
};

/// Called in the listener's thread; must not block.
using http_handler = std::function<void(const http_request&, http_reply)>;
using websocket_handler = std::function<void(websocket_request)>;

/// A handler that has its answer at once.
http_handler answer_with(std::function<http_response(const http_request&)> answer);

struct http_route {
  std::string method; // of a WebSocket: "GET"
  std::string path;   // compared byte by byte
  http_handler handler;
  websocket_handler websocket; // one of the two
};

class http_router {
public:
  /// A route of GET answers HEAD as well. Throws std::invalid_argument when it is there already.
  void serve(std::string method, std::string path, http_handler handler);
  /// A WebSocket at this path. What does not ask for one is answered with 426.
  void upgrade(std::string path, websocket_handler handler);

  struct found {
    const http_route* route = nullptr;
    std::string allow; // the methods of this path when `route` is null; "": no such path
  };
  found find(std::string_view method, std::string_view path) const;

  const std::vector<http_route>& routes() const { return routes_; }

private:
  void add(http_route x);

  std::vector<http_route> routes_;
};

} // namespace sluice::net
