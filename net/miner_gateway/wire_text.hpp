/// A message as text: its bounds, its parse, and its members without a parse.
#pragma once

#include "net/miner_gateway/wire_value.hpp"
#include "rules/result.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::net::wire {

/// What is wrong with `text` before anything of it is read: more than `bytes_max` bytes, or lists
/// and objects more than `wire_depth_max` deep. `what` is "message" or "body". Both bounds are
/// inclusive; the fault is bad_input.
std::optional<fault> bounds_fault(std::string_view text, size_t bytes_max, std::string_view what);

/// The object of a text, or what is wrong with it: no JSON, no object, a field that comes twice.
/// The fault is bad_input.
result<io::json> parse(std::string_view text, std::string_view what = "message");

/// One member of an object, as it stands in a text; `value` need not be JSON.
struct member {
  std::string name;
  std::string_view quoted_name; // with its quotes and escapes
  std::string_view value;
};

/// The members of the object that `text` seems to be, in order; nothing when it is none. Strings
/// and brackets are followed, values are not looked at.
std::optional<std::vector<member>> members_of(std::string_view text);

/// What the text of a string, with its quotes, means; nothing when it is none.
std::optional<std::string> unquoted(std::string_view text);

} // namespace sluice::net::wire
