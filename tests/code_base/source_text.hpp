/// Reads C++ well enough to judge its layout: what is code, which includes, how long functions are.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::code_base {

/// The same text with comments and the insides of literals blanked; every line keeps its place.
std::string code_of(std::string_view text);

/// The same, but literals stay.
std::string without_comments(std::string_view text);

std::vector<std::string> lines_of(std::string_view text);

/// Characters, not bytes; the text is UTF-8.
size_t columns_of(std::string_view line);

struct include_line {
  size_t line = 0; // from 1
  std::string file;
  bool quoted = false; // "file", not <file>
};
std::vector<include_line> includes_of(std::string_view text);

/// A function with a body, from the line of its opening brace to that of its closing one. What is
/// inside another function (a lambda, a local class) is a part of that one.
struct function_body {
  std::string head; // what stands before the brace
  size_t first = 0;
  size_t last = 0;
  size_t lines() const { return last - first + 1; }
};
std::vector<function_body> functions_of(std::string_view text);

/// Does `word` occur, not as a part of a longer word?
bool has_word(std::string_view text, std::string_view word);

} // namespace sluice::code_base
