/// Names of bodies (ETag), and requests that state which one the client has (RFC 9110, 8.8.3 and
/// 13.1.2).
#pragma once

#include <string>
#include <string_view>

namespace sluice::net {

/// Strong, with its quotes: 128 bits of BLAKE2b over the bytes as 32 hexadecimal digits.
std::string etag_of(std::string_view bytes);

/// Of the gzip form of the bytes that have this name.
std::string gzip_etag_of(std::string_view etag);

/// Is this name in the list of If-None-Match, or is that `*`? Compared weakly, as for GET: W/ makes
/// no difference. A list that cannot be read names nothing.
bool etag_is_among(std::string_view if_none_match, std::string_view etag);

} // namespace sluice::net
