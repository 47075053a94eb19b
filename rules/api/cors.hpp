/// Which pages of other origins may read what the HTTP API answers.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace sluice {

/// What is wrong with an origin in a configuration, as what was expected; none when it is
/// scheme://host or scheme://host:port in lower case, as browsers send it (RFC 6454). "*" and
/// "null" are none: answers may depend on a key.
std::optional<std::string> trouble_of_origin(std::string_view origin);

/// The header lines of an answer to a request with this Origin: each ends with CRLF. With no origin
/// configured ""; with one that is not among them only Vary. `preflight`: of an OPTIONS request,
/// the methods and headers that may be sent, to be remembered for ten minutes.
std::string
cors_lines(std::span<const std::string> configured, std::string_view origin, bool preflight);

/// Is it among them, byte by byte?
bool cors_allows(std::span<const std::string> configured, std::string_view origin);

} // namespace sluice
