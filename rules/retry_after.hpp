/// How long an HTTP server wants to be left alone.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace sluice {

/// Retry-After of RFC 9110: seconds, or a date in one of its three forms; milliseconds from
/// `unix_ms` (0 for a date that is over). None for any other text, and beyond 2^31 seconds.
std::optional<uint64_t> retry_after_ms(std::string_view text, uint64_t unix_ms);

} // namespace sluice
