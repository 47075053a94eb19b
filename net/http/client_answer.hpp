/// The head of a response as the HTTP client reads it: strictly, so that its body has one end.
#pragma once

#include "net/http/head.hpp"
#include "net/http/message.hpp"
#include "rules/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::net {

/// What a server answered. `status`: 200 to 599, never 3xx. `body`: without chunks; at most
/// `http_client_terms::body_bytes`.
struct http_answer {
  unsigned status = 0;
  std::vector<http_header> headers; // names in lower case, in the order of arrival
  std::string body;

  /// The first value of this header; "" when there is none. `name` is in lower case.
  std::string_view header(std::string_view name) const;
};

/// A head, and how its body is framed. `body_bytes`: Content-Length, 0 to 10^18 - 1, not bounded
/// yet; 0 when chunked.
struct http_answer_head {
  http_answer answer;   // without the body
  http_head framing;    // body_bytes, chunked, keep_alive of it mean something
  bool interim = false; // 1xx: another head follows
};

/// `text` is everything up to and with the empty line. `head_request`: the answer to HEAD, which
/// has no body whatever its head states. `ec::corrupt_data` states what was expected: a status line
/// of HTTP/1.0 or 1.1 with a status of 100 to 599 (but 101, which nobody asked for); lines that end
/// with CR LF; names that are tokens; values without control characters; at most 100 headers;
/// Content-Length once and a number, or Transfer-Encoding chunked, never both; one of the two when
/// there is a body (who reads to the end of the connection cannot tell a cut from an end).
result<http_answer_head> read_answer_head(std::string_view text, bool head_request);

} // namespace sluice::net
