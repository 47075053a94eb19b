/// Requests and responses of HTTP/1.1 as values, and the JSON form of every error.
#pragma once

#include "net/http/caller.hpp"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::net {

class cached_body; // net/http/cached_body.hpp

struct http_header {
  std::string name;
  std::string value;
  bool operator==(const http_header&) const = default;
};

/// A request whose head was accepted by `read_head`.
struct http_request {
  std::string method;               // as sent: methods are case-sensitive
  std::string path;                 // begins with '/'; as sent, percent signs and all
  std::string query;                // behind '?', without it; as sent
  std::vector<http_header> headers; // names in lower case, in the order of arrival
  std::string body;                 // decoded when it came in chunks
  std::string network;              // where it came from, as `network_of`
  bool http_1_0 = false;
  /// Of X-Request-Id when it is one (`is_request_id`), else made: unique in this process. It is in
  /// the response's X-Request-Id and in the access log.
  std::string id{};
  /// Of the route's path, by name, with percent signs decoded.
  std::map<std::string, std::string, std::less<>> parameters{};
  http_caller caller{}; // empty without a key, and where the address has no gate

  /// The first value of this header; "" when there is none. `name` is in lower case.
  std::string_view header(std::string_view name) const;
  /// Does a comma-separated header hold this token, whatever its case?
  bool header_has(std::string_view name, std::string_view token) const;
};

/// `status` is not checked.
struct http_response {
  unsigned status = 200; // 200 to 599
  std::string type = "application/json";
  std::string body;
  std::vector<http_header> headers{}; // more than type, length and connection
  /// In place of `type` and `body` when it is there.
  std::shared_ptr<const cached_body> cached{};

  /// The bytes of the body, cached or not.
  std::string_view content() const;
};

/// 200 with these bytes: nothing of them is copied, compressed or named a second time.
http_response cached_answer(std::shared_ptr<const cached_body> body);

/// What a status code means, as in RFC 9110: "Not Found". "Unknown" for any other number. Errors:
/// none.
std::string_view reason_phrase(unsigned status);

/// `{"detail", "error_type", "message"}`: a sentence about this request, the status as a name for
/// programs ("not_found"), and the status as text. `status`: 400 to 599.
http_response http_error(unsigned status, std::string_view detail);

/// How a response ends: with another request or with the connection.
enum class after_response { keep_open, keep_open_1_0, close };

/// The bytes of a response. Control characters in header values are left out. `head_only`: as
/// HEAD is answered, with the length that the body would have.
std::string response_text(const http_response& x, after_response then, bool head_only = false);

} // namespace sluice::net
