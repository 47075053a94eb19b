/// What a shell and a node write to each other: one JSON object per line.
#pragma once

#include "rules/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sluice::net {

/// What came of a command: a JSON document, or one sentence for people.
struct shell_reply {
  bool ok = false;
  std::string text;
  bool operator==(const shell_reply&) const = default;
};

/// {"id":1,"line":"tree"}
struct shell_question {
  uint64_t id = 0;
  std::string line;
  bool operator==(const shell_question&) const = default;
};

/// {"id":1,"ok":true,"data":...} or {"id":1,"ok":false,"error":"..."}
struct shell_answer {
  std::optional<uint64_t> id; // none: of a line that was no question
  shell_reply reply;
  bool operator==(const shell_answer&) const = default;
};

/// Lines without their '\n'. An ok reply whose text is no JSON is told as an error.
std::string to_line(const shell_question& x);
std::string to_line(const shell_answer& x);

/// bad_input says what was expected.
result<shell_question> parse_question(std::string_view line);
result<shell_answer> parse_answer(std::string_view line);

} // namespace sluice::net
