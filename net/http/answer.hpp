/// What a handler answered, as it is sent to one request: whole, in its gzip form, or as 304.
#pragma once

#include "net/http/message.hpp"
#include "net/http/output_queue.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace sluice::net {

/// What an answer depends on besides the response. Views are good for the call.
struct answer_terms {
  after_response then = after_response::keep_open;
  bool is_get = false; // GET or HEAD: it may be compressed, and has a name
  bool is_head = false;
  bool takes_gzip = false;
  std::string_view if_none_match; // "": not asked
  std::string_view id;            // of X-Request-Id
  std::string_view date;          // a whole line, with its CRLF
  std::string_view more;          // further lines, each with its CRLF
};

/// `bytes`: of the body as sent, from 0.
struct answer_sent {
  unsigned status = 200;
  size_t bytes = 0;
};

/// Appends the answer. A 200 to GET has an ETag: that of its bytes (`etag_of`, up to
/// `named_bytes_max`), unless the handler gave it one. Whoever states to have it gets 304 without
/// a body; whoever takes gzip gets that form of what is compressible, which has a name of its own.
answer_sent write_answer(output_queue& out, http_response x, const answer_terms& terms);

/// Bytes of the largest body that is named for one request alone; inclusive.
inline constexpr size_t named_bytes_max = size_t{1} << 20;

/// "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n" (RFC 9110, 5.6.7). `unix_seconds`: from 0 to the year
/// 9999; not checked.
std::string date_line_of(int64_t unix_seconds);

} // namespace sluice::net
