/// JSON in the one form that is signed: what Python's json.dumps(x, sort_keys=True) writes.
///
/// Members of objects are sorted by key (by Unicode code points, which is the order of UTF-8 bytes)
/// and separated by ", "; key and value by ": "; list items by ", ". There are no other blanks.
/// Texts are ASCII: `"` and `\` as \" and \\, the control characters 8, 9, 10, 12, 13 as \b \t \n
/// \f \r, every other character below 32 or above 126 as \uXXXX with lower-case digits, beyond
/// U+FFFF as two of them (a surrogate pair). Whole numbers (no `.`, `e` or `E`) are their digits,
/// "-0" is "0"; other numbers are the nearest double, as Python's repr: the shortest digits that
/// read back the same, "1.5", "100.0", "1e-05", "1e+16" (an exponent below 1e-4 and from 1e16 on,
/// with its sign and at least two digits). true, false, null stand for themselves.
#pragma once

#include "rules/result.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sluice {

/// Bounds of what is read; inclusive. Bytes of the text are bounded by who received it.
inline constexpr size_t canonical_depth_max = 8;      // of lists and objects
inline constexpr size_t canonical_entries_max = 1024; // of one list or object
inline constexpr size_t canonical_digits_max = 64;    // characters of one number

/// Bounds of one reading, where others than the usual ones are wanted. `depth`: 1 to 64, `entries`
/// and `digits`: 1 to 2^20 (not checked).
struct canonical_bounds {
  size_t depth = canonical_depth_max;
  size_t entries = canonical_entries_max;
  size_t digits = canonical_digits_max;
};

/// The canonical text of a JSON text. ec::bad_input with what was expected and at which byte (from
/// 1): no JSON (RFC 8259, strict), bytes that are no UTF-8, half a surrogate pair, a key that comes
/// twice in an object, a number beyond a double, or beyond the bounds.
result<std::string> canonical_json(std::string_view text, canonical_bounds bounds = {});

/// The members of a JSON object, sorted by key, with the keys decoded and the values canonical.
/// Faults as above; also when the text is no object.
result<std::vector<std::pair<std::string, std::string>>>
canonical_members(std::string_view text, canonical_bounds bounds = {});

/// The items of a JSON list, canonical, in order. Faults as above; also when the text is no list.
result<std::vector<std::string>>
canonical_items(std::string_view text, canonical_bounds bounds = {});

/// A text as a canonical JSON string, with its quotes. `text`: UTF-8 (not checked: other bytes
/// become U+FFFD).
std::string canonical_text(std::string_view text);

/// What a canonical (or any JSON) string, with its quotes, means; "" when it is none.
std::string decoded_text(std::string_view quoted);

} // namespace sluice
