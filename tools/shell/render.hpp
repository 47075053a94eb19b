/// The answers of a node as people read them on a terminal.
#pragma once

#include "io/text/charset.hpp"
#include "rules/admin/commands.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace sluice::tools {

/// `width`: columns of the terminal; a line that does not fit in them is cut or broken, so that any
/// number is allowed.
struct render_style {
  size_t width = 100; // columns
  bool color = false;
  report::charset letters = report::charset::utf8;
  std::span<const admin::column_look> columns{}; // beside those of answers that every node has
};

/// A JSON document as text that ends in '\n'. Lists of objects become tables, objects become pairs
/// and tables below; `tree` has a form of its own. `command` is the name in the catalogue. What is
/// no JSON is shown as it is, made safe. Everything is in the letters of the style.
std::string render(std::string_view command, std::string_view document, const render_style& style);

/// For `top`: the rows of a list in the order of "name", "mailbox", "rate", "time" or "restarts",
/// the largest first.
std::string
render_top(std::string_view document, std::string_view order, const render_style& style);

// Parts, for who draws an answer of its own: a list of objects, and one object.
std::string table_text(const nlohmann::ordered_json& rows, const render_style& style);
std::string pairs_text(const nlohmann::ordered_json& object, const render_style& style);

} // namespace sluice::tools
