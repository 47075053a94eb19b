/// Base64 as RFC 4648 defines it, in its only form: with padding, nothing else between the letters.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sluice {

/// Bytes of a base64 text; none when it is no such text, or not the only one of its bytes.
std::optional<std::string> base64_bytes(std::string_view text);

/// Any bytes. No error.
std::string to_base64(std::string_view bytes);

} // namespace sluice
