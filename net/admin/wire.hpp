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

/// {"id":1,"line":"tree"} `id`: any number of 64 bits; the answer repeats it. Other ids are
/// bad_input, by parse_question.
struct shell_question {
  uint64_t id = 0;
  std::string line;
  bool operator==(const shell_question&) const = default;
};

/// {"id":1,"ok":true,"data":...} or {"id":1,"ok":false,"error":"..."} `id` as in the question. A
/// line that is neither is a fault of parse_answer.
struct shell_answer {
  std::optional<uint64_t> id; // none: of a line that was no question
  shell_reply reply;
  bool operator==(const shell_answer&) const = default;
};

/// Lines without their '\n'. An ok reply whose text is no JSON is reported as an error.
std::string to_line(const shell_question& x);
std::string to_line(const shell_answer& x);

/// bad_input states what was expected. An id is a whole number from 0 to 2^64-1.
result<shell_question> parse_question(std::string_view line);
/// corrupt_data for a line that no node writes.
result<shell_answer> parse_answer(std::string_view line);

} // namespace sluice::net
