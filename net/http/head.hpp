/// Reads the head of a request strictly: what two programs could read differently is refused.
#pragma once

#include "net/http/message.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <variant>

namespace sluice::net {

/// A head, and how its body is framed. `body_bytes`: 0 to 2^64-1, not bounded yet (the connection
/// answers 413); 0 when chunked. A length that is no such number is refused with 400.
struct http_head {
  http_request request;    // without body and network
  uint64_t body_bytes = 0; // Content-Length
  bool chunked = false;
  bool keep_alive = true; // what the peer wants
  bool expects_continue = false;
  bool takes_gzip = false;  // of Accept-Encoding
  bool is_numbered = false; // `request.id` is of X-Request-Id

  bool has_body() const { return chunked || body_bytes != 0; }
};

/// `text` is everything up to and with the empty line. Refused, as the response states:
/// 400 line ends other than CR LF, control characters, folded lines, spaces before a colon, names
/// that are no tokens, targets that are neither a path nor http://HOST/PATH, no Host or several,
/// Content-Length that is no number, comes twice or beside Transfer-Encoding; 414 a request line
/// longer than `line_bytes_max`; 417 an unknown Expect; 431 more than 100 headers; 501 a
/// Transfer-Encoding other than chunked; 505 another version than HTTP/1.0 and 1.1.
/// `line_bytes_max`: bytes without the end of the line.
std::variant<http_head, http_response> read_head(std::string_view text, size_t line_bytes_max);

/// Can a head begin so? Distinguishes other protocols before a whole head has come.
bool may_begin_head(std::string_view beginning);

} // namespace sluice::net
