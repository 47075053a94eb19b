/// The table of one listening address: method, path, handler.
#pragma once

#include "net/http/access.hpp"
#include "net/http/message.hpp"
#include "net/http/route_doc.hpp"
#include "net/http/websocket.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
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

/// Where one route differs from its address. `answer_ms`: milliseconds until its handler answers,
/// in place of http_limits::answer_ms; 0: as there. Not checked.
struct http_route_terms {
  uint64_t answer_ms = 0;
  http_access access{};
  http_route_doc doc{};
};

struct http_route {
  std::string method; // of a WebSocket: "GET"
  std::string path;   // compared byte by byte, but for its parameters
  http_handler handler;
  websocket_handler websocket; // one of the two
  http_route_terms terms{};
};

/// Bytes of the longest value of a parameter, decoded; inclusive. A longer one is no such path.
inline constexpr size_t path_parameter_bytes_max = 256;

/// A segment `{name}` of a route's path is a parameter: it stands for any one segment that is not
/// empty, at most `path_parameter_bytes_max` bytes of UTF-8 when its percent signs are decoded, and
/// without control characters or a slash in it. Where a path without parameters is served, those
/// with parameters are not looked at.
class http_router {
public:
  /// A route of GET answers HEAD as well. Throws std::invalid_argument when it is there already, or
  /// a parameter has no name or one that another parameter of the path has.
  void
  serve(std::string method, std::string path, http_handler handler, http_route_terms terms = {});
  /// A WebSocket at this path. What does not ask for one is answered with 426.
  void upgrade(std::string path, websocket_handler handler, http_route_terms terms = {});
  /// A schema that the documents of routes refer to by name: a JSON text. The same name again must
  /// have the same text; else std::invalid_argument.
  void schema(std::string name, std::string text);

  /// What has connections of its own to end when the server stops. `begin` is called then, in the
  /// server's thread; the server goes on until `done` is true, for drain_ms at most. Neither may
  /// block.
  struct ending {
    std::function<void()> begin;
    std::function<bool()> done;
  };
  void on_stop(ending x) { endings_.push_back(std::move(x)); }
  const std::vector<ending>& endings() const { return endings_; }

  struct found {
    const http_route* route = nullptr;
    std::string allow; // the methods of this path when `route` is null; "": no such path
    std::map<std::string, std::string, std::less<>> parameters{};
  };
  found find(std::string_view method, std::string_view path) const;

  const std::vector<http_route>& routes() const { return routes_; }
  const std::map<std::string, std::string, std::less<>>& schemas() const { return schemas_; }

private:
  void add(http_route x);
  found find_among(std::string_view method, std::string_view path, bool with_parameters) const;

  std::vector<http_route> routes_;
  std::map<std::string, std::string, std::less<>> schemas_;
  std::vector<ending> endings_;
};

} // namespace sluice::net
