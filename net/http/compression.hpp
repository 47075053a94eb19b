/// Bodies in their gzip form, and who takes it.
#pragma once

#include "net/http/message.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace sluice::net {

/// Bytes; inclusive. Fewer are not worth a head line, and what is made for one request is bounded
/// in the time that it takes: about 20 ms for the most.
inline constexpr size_t compressible_bytes_min = 1024;
inline constexpr size_t compressible_bytes_max = size_t{1} << 20;

/// Is a body of this type (text, JSON, XML, SVG) and this many bytes compressed for who asks?
bool is_compressible(std::string_view type, size_t bytes);

/// RFC 1952 by zlib at level 6, without a time or a name: the same bytes for the same bytes. ""
/// when that is not shorter.
std::string gzip_of(std::string_view plain);

/// Does this Accept-Encoding (RFC 9110, 12.5.3) prefer gzip? By the highest weight of `gzip`,
/// `x-gzip` and `*` where neither is named; 0, and less than what `identity` has, is no. A list
/// that cannot be read is no. "": no.
bool accepts_gzip(std::string_view accept_encoding);

} // namespace sluice::net
