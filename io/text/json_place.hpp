/// Finds the line and column of a value in a JSON text.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace sluice::io {

/// The way from the root to a value: keys and list indices.
using json_path = std::vector<std::variant<std::string, size_t>>;

/// "rebalances[2].block"; "" for the root.
std::string to_text(const json_path& path);

/// Line and column, both from 1; columns are bytes.
struct text_place {
  size_t line = 1;
  size_t column = 1;
  bool operator==(const text_place&) const = default;
};

/// Line and column of a byte, counted from 0; of one behind the end, that of the end. No error.
text_place place_of_byte(std::string_view text, size_t byte);

/// Where the value at `path` starts, or the deepest value on the way that exists. `text` must be
/// valid JSON; of keys that come twice the last one counts, as for the parser.
text_place place_of(std::string_view text, const json_path& path);

} // namespace sluice::io
