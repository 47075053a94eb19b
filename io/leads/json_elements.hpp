/// Where the elements of a JSON list lie in a text, so that each can be parsed and blamed alone.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace sluice::io {

/// Begin and end of a part of a text, in bytes.
using text_part = std::pair<size_t, size_t>;

/// How deep brackets are nested outside of quotes, at most; 0 for a plain value. Any text.
size_t json_depth(std::string_view text);

/// The elements of the list whose [ is at `open`, without the spaces around them; none when the
/// text ends before the list does. What is between the commas is not checked.
std::optional<std::vector<text_part>> json_elements(std::string_view text, size_t open);

/// Where the value of a member of the object that begins at `open` begins; none when there is no
/// such member. Names are compared as they are written.
std::optional<size_t> json_member(std::string_view text, size_t open, std::string_view name);

} // namespace sluice::io
