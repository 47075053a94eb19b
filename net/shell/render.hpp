/// The answers of a node as people read them on a terminal.
#pragma once

#include "net/report/charset.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace sluice::net {

struct render_style {
  size_t width = 100;
  bool color = false;
  report::charset letters = report::charset::utf8;
};

/// A JSON document as text that ends in '\n'. Lists of objects become tables, objects become pairs
/// and tables below; `tree` and `explain` have forms of their own. `command` is the name in the
/// catalogue. What is no JSON is shown as it is, made safe.
/// Everything is in the letters of the style.
std::string render(std::string_view command, std::string_view document, const render_style& style);

/// For `top`: the rows of a list in the order of "name", "mailbox", "rate", "time" or "restarts",
/// the largest first.
std::string
render_top(std::string_view document, std::string_view order, const render_style& style);

} // namespace sluice::net
