/// What is wrong with the fields of a request, in the form that clients of the original know.
#pragma once

#include "net/http/message.hpp"
#include "rules/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::net {

/// One field: `place` is "body", "path" or "query"; `message` for people, `kind` for programs.
struct field_issue {
  std::string place;
  std::string field;
  std::string message;
  std::string kind;
};

field_issue missing_field(std::string_view place, std::string_view field);
field_issue no_integer(std::string_view place, std::string_view field);
/// A number that is beyond its bounds; both are inclusive.
field_issue
out_of_bounds(std::string_view place, std::string_view field, uint64_t least, uint64_t most);

/// Reads a whole number of decimal digits, 0 to `most`. With anything else an issue is added to
/// `all`, and it answers 0.
uint64_t integer_field(std::string_view place, std::string_view field, std::string_view text,
                       uint64_t most, std::vector<field_issue>& all);

/// 422: `{"detail": [{"loc", "msg", "type"}], "error_type", "message"}`. `all`: not empty.
http_response unprocessable(const std::vector<field_issue>& all);

/// The status that stands for a fault of consensus_backend, with its sentence behind `what`
/// ("Failed to process miner status: ...", or ""). 400 to 599.
http_response consensus_fault(const fault& why, std::string_view what = {});

} // namespace sluice::net
