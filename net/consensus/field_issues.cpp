#include "net/consensus/field_issues.hpp"

#include "rules/json_text.hpp"

#include <algorithm>
#include <charconv>

namespace sluice::net {

namespace {

/// Does it look like an integer, whatever its size?
bool is_integer_text(std::string_view text) {
  if (text.starts_with('-') || text.starts_with('+'))
    text.remove_prefix(1);
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

unsigned status_of(ec code) {
  switch (code) {
  case ec::bad_input:
  case ec::invalid_argument:
  case ec::out_of_range:
    return 400;
  case ec::refused:
    return 403;
  case ec::no_such_key:
    return 404;
  case ec::read_only:
    return 409;
  case ec::unreachable:
  case ec::busy:
    return 503;
  case ec::timeout:
    return 504;
  default:
    return 500;
  }
}

} // namespace

field_issue missing_field(std::string_view place, std::string_view field) {
  return {std::string{place}, std::string{field}, "field required", "value_error.missing"};
}

field_issue no_integer(std::string_view place, std::string_view field) {
  return {std::string{place}, std::string{field}, "value is not a valid integer",
          "type_error.integer"};
}

field_issue
out_of_bounds(std::string_view place, std::string_view field, uint64_t least, uint64_t most) {
  return {std::string{place}, std::string{field},
          "ensure this value is from " + std::to_string(least) + " to " + std::to_string(most),
          "value_error.number.range"};
}

uint64_t integer_field(std::string_view place, std::string_view field, std::string_view text,
                       uint64_t most, std::vector<field_issue>& all) {
  if (!is_integer_text(text)) {
    all.push_back(no_integer(place, field));
    return 0;
  }
  if (text.starts_with('+'))
    text.remove_prefix(1);
  uint64_t value = 0;
  const auto* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, value);
  if (read.ec == std::errc{} && read.ptr == end && value <= most)
    return value;
  all.push_back(out_of_bounds(place, field, 0, most));
  return 0;
}

http_response unprocessable(const std::vector<field_issue>& all) {
  auto answer = http_error(422, "");
  json_list detail;
  for (const auto& x : all)
    detail.raw(json_object{}
                 .raw("loc", json_list{}.raw(json_text(x.place)).raw(json_text(x.field)).text())
                 .add("msg", std::string_view{x.message})
                 .add("type", std::string_view{x.kind})
                 .text());
  answer.body = json_object{}
                  .raw("detail", detail.text())
                  .add("error_type", "unprocessable_content")
                  .add("message", reason_phrase(422))
                  .text()
                + '\n';
  return answer;
}

http_response consensus_fault(const fault& why, std::string_view what) {
  const auto status = status_of(why.code);
  auto answer = http_error(status, std::string{what} + why.what);
  if (status == 503)
    answer.headers.push_back({"Retry-After", "5"});
  return answer;
}

} // namespace sluice::net
