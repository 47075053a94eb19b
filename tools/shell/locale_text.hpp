/// UTF-8 to and from the multibyte encoding of the locale (LC_CTYPE), which libedit speaks.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sluice::tools {

/// UTF-8 in the locale's encoding; none when a character has no form there, or when it is not
/// UTF-8. Both directions are exact in a UTF-8 locale.
std::optional<std::string> to_locale(std::string_view utf8);

/// The locale's encoding as UTF-8; a byte that the locale cannot read becomes U+FFFD.
std::string from_locale(std::string_view text);

} // namespace sluice::tools
