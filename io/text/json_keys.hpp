/// Parses a JSON text in which an object may have a key only once.
#pragma once

#include "io/text/json_fields.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace sluice::io {

/// The parser by itself would silently drop the first of two values. `twice` becomes the first key
/// that an object has a second time. Throws json::parse_error and json::out_of_range, as
/// json::parse.
json parse_keys_once(std::string_view text, std::optional<std::string>& twice);

} // namespace sluice::io
