#include "tools/shell/render.hpp"

#include "io/text/numbers.hpp"
#include "io/text/table.hpp"
#include "io/text/text.hpp"
#include "tools/shell/cells.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <map>
#include <vector>

namespace sluice::tools {

namespace {

using json = nlohmann::ordered_json;
using admin::column_look;
using report::paint;
using report::tone;

/// What is known of a column wherever its key appears.
constexpr std::array general_columns{
  column_look{"hotkey", 4, 12},
  column_look{"first_seen", 20},
  column_look{"last_active", 12},
  column_look{"readers", 5},
  column_look{"uids", 6},
  column_look{"number", 9, 0, "no."},
  column_look{"path", 0, 24},
  column_look{"command", 0, 20},
  column_look{"what", 3, 20},
  column_look{"size_bytes", 0, 0, "size"},
  column_look{"messages_per_s", 0, 0, "msg/s"},
  column_look{"last_error", 0, 0, {}, true},
  column_look{"log", 9},
  column_look{"depth", 0, 0, {}, true},
  column_look{"kind", 7},
  column_look{"handled", 9},
  column_look{"age_s", 8},
  column_look{"busy_percent", 4, 0, "busy"},
  column_look{"p50_us", 12, 0, "p50"},
  column_look{"p99_us", 5, 0, "p99"},
  column_look{"in_hand_ms", 6, 0, {}, false, true},
  column_look{"slow", 10, 0, {}, false, true},
  column_look{"longest_ms", 11, 0, {}, false, true},
  column_look{"unhandled", 13, 0, {}, false, true},
  column_look{"dead_letters", 14, 0, {}, false, true},
  column_look{"traced", 15, 0, {}, false, true},
};

/// Keys whose text goes at the end of a row, or below it.
constexpr std::array<std::string_view, 4> notes{"note", "why", "last_error", "reason"};

constexpr std::array<std::string_view, 8> bad_states{"failed", "dead",  "abandoned", "down",
                                                     "lost",   "stuck", "banned",    "refused"};

column_look look_of(std::string_view key, const render_style& style) {
  if (const auto i = std::ranges::find(style.columns, key, &column_look::key);
      i != style.columns.end())
    return *i;
  const auto i = std::ranges::find(general_columns, key, &column_look::key);
  return i == general_columns.end() ? column_look{key} : *i;
}

std::string title_at(std::string_view key, const column_look& about) {
  auto title = about.title.empty() ? title_of(key) : std::string{about.title};
  return about.unit == admin::shown_unit::basis_points ? title + " bp" : title;
}

std::string cell_at(std::string_view key, const column_look& about, const json& value) {
  return about.unit == admin::shown_unit::basis_points && value.is_number()
           ? report::points_text(value.get<double>())
           : cell_text(key, value);
}

bool is_note(std::string_view key) {
  return std::ranges::find(notes, key) != notes.end();
}

std::string text_at(const json& row, std::string_view key) {
  const auto i = row.find(key);
  return i == row.end() || !i->is_string() ? std::string{} : i->get<std::string>();
}

/// How a row stands out.
tone tone_of(const json& row) {
  for (std::string_view key : {"state", "verdict"}) {
    const auto state = text_at(row, key);
    if (std::ranges::find(bad_states, state) != bad_states.end())
      return tone::alarm;
    if (state == "paused" || state == "removed" || state == "ended" || state == "inactive")
      return tone::faint;
  }
  if (!text_at(row, "banned").empty())
    return tone::alarm;
  const auto rank = row.find("rank");
  return rank != row.end() && *rank == 1 ? tone::winner : tone::normal;
}

std::string note_of(const json& row) {
  std::string text;
  for (const auto key : notes)
    if (const auto one = text_at(row, key); !one.empty())
      text += (text.empty() ? "" : "; ") + report::plain(one);
  return text;
}

bool is_table(const json& x) {
  return x.is_array() && !x.empty()
         && std::ranges::all_of(x, [](const json& row) { return row.is_object(); });
}

/// Has some row a table of its own? Then each row is shown by itself.
bool is_nested(const json& rows, const render_style& style) {
  for (const auto& row : rows)
    for (const auto& [key, value] : row.items())
      if (is_table(value) && !look_of(key, style).hidden)
        return true;
  return false;
}

std::string pairs(const json& object, const render_style& style);

bool is_empty_value(const json& x) {
  return x.is_null() || x == false || x == 0 || (x.is_string() && x == "");
}

bool is_silent(const json& rows, const std::string& key) {
  return std::ranges::all_of(rows, [&](const json& row) {
    const auto i = row.find(key);
    return i == row.end() || is_empty_value(*i);
  });
}

/// The keys of a list of objects in the order in which they first appear.
std::vector<std::string> keys_of(const json& rows, const render_style& style) {
  std::vector<std::string> keys;
  for (const auto& row : rows)
    for (const auto& [key, value] : row.items())
      if (!is_note(key) && !look_of(key, style).hidden
          && std::ranges::find(keys, key) == keys.end())
        keys.push_back(key);
  std::erase_if(keys, [&](const std::string& key) {
    return look_of(key, style).quiet && is_silent(rows, key);
  });
  return keys;
}

/// `first` is the text of a first column that replaces the key `path`, a line each; empty: none.
std::string
table(const json& rows, const render_style& style, const std::vector<std::string>& first = {}) {
  if (rows.empty())
    return "none\n";
  if (first.empty() && is_nested(rows, style)) {
    std::string text;
    for (const auto& row : rows)
      text += (text.empty() ? "" : "\n") + pairs(row, style);
    return text;
  }
  auto keys = keys_of(rows, style);
  std::vector<report::table_column> columns;
  std::vector<report::table_row> lines(rows.size());
  if (!first.empty()) {
    std::erase(keys, "path");
    columns.push_back({"actor", {}, false, 0, report::note_place::no, 16, true});
    for (size_t i = 0; i < rows.size(); ++i)
      lines[i].cells.push_back(first[i]);
  }
  for (const auto& key : keys) {
    const auto about = look_of(key, style);
    report::table_column column{title_at(key, about)};
    column.drop = about.drop;
    column.shrink_to = about.shrink_to;
    column.shrinks_last = key == "path"; // an actor's, by which it is named in commands
    bool numbers = false;
    bool all = true;
    for (size_t i = 0; i < rows.size(); ++i) {
      const auto at = rows[i].find(key);
      const bool there = at != rows[i].end() && !at->is_null();
      numbers = numbers || (there && is_number_like(*at));
      all = all && (!there || is_number_like(*at));
      lines[i].cells.push_back(at == rows[i].end() ? std::string{} : cell_at(key, about, *at));
    }
    column.right = numbers && all;
    columns.push_back(std::move(column));
  }
  for (size_t i = 0; i < rows.size(); ++i) {
    lines[i].note = note_of(rows[i]);
    lines[i].how = tone_of(rows[i]);
  }
  return report::draw_table(std::move(columns), std::move(lines), style.width, style.color,
                            style.letters);
}

std::string indented(const std::string& text) {
  std::string out;
  for (size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find('\n', at), text.size() - 1);
    out += "  " + text.substr(at, end + 1 - at);
    at = end + 1;
  }
  return out;
}

std::string section(const std::string& title, const json& value, const render_style& style) {
  const render_style inner{style.width > 22 ? style.width - 2 : 20, style.color, style.letters,
                           style.columns};
  return '\n' + paint(title, tone::strong, style.color) + '\n'
         + indented(is_table(value) ? table(value, inner) : pairs(value, inner));
}

/// Simple values side by side with their names, everything else below.
std::string pairs(const json& object, const render_style& style) {
  size_t width = 0;
  for (const auto& [key, value] : object.items())
    if (!value.is_structured() || value.empty() || (value.is_array() && !is_table(value)))
      width = std::max(width, report::shown_width(
                                report::shown(title_at(key, look_of(key, style)), style.letters)));
  std::string text;
  std::string below;
  for (const auto& [key, value] : object.items()) {
    if (is_table(value) || (value.is_object() && !value.empty())) {
      below += section(title_of(key), value, style);
      continue;
    }
    if (value.is_string() && value.get_ref<const std::string&>().empty())
      continue;
    const auto about = look_of(key, style);
    const auto cell = cell_at(key, about, value);
    const bool bad = (key == "state" && std::ranges::find(bad_states, cell) != bad_states.end())
                     || (key == "why_not") || (key == "last_error");
    const auto title = report::shown(title_at(key, about), style.letters);
    text
      += paint(report::pad_right(title, width, style.letters), tone::faint, style.color) + "  "
         + paint(report::shown(cell, style.letters), bad ? tone::alarm : tone::normal, style.color)
         + '\n';
  }
  return text + below;
}

std::string depth_text(const std::vector<bool>& last, report::charset letters) {
  const auto& forms = report::forms_of(letters);
  std::string text;
  for (size_t i = 0; i < last.size(); ++i)
    if (i + 1 == last.size())
      text += last[i] ? forms.last_branch : forms.branch;
    else
      text += last[i] ? "   " : forms.stem;
  return text;
}

/// Flattens {children: [...]} where a node answers so; each row gets its path.
void flatten(const json& node, const std::string& above, json& to) {
  if (!node.is_object())
    return;
  auto row = node;
  row.erase("children");
  const auto name = text_at(node, "name");
  if (!row.contains("path"))
    row["path"] = above.empty() ? name : above + '/' + name;
  row.erase("name");
  const auto path = text_at(row, "path");
  to.push_back(std::move(row));
  if (const auto i = node.find("children"); i != node.end() && i->is_array())
    for (const auto& child : *i)
      flatten(child, path, to);
}

size_t tree_depth(const std::string& path) {
  return static_cast<size_t>(std::ranges::count(path, '/'));
}

/// Rows depth first; the names get lines to their owners.
std::string tree(const json& document, const render_style& style) {
  json rows = json::array();
  if (document.is_object())
    flatten(document, "", rows);
  else
    for (const auto& x : document)
      flatten(x, "", rows);
  std::vector<std::string> names;
  std::vector<bool> last;
  for (size_t i = 0; i < rows.size(); ++i) {
    const auto path = text_at(rows[i], "path");
    const auto depth = tree_depth(path);
    bool more = false; // a later sibling?
    for (size_t k = i + 1; k < rows.size(); ++k) {
      const auto other = tree_depth(text_at(rows[k], "path"));
      if (other < depth)
        break;
      if (other == depth) {
        more = true;
        break;
      }
    }
    last.resize(depth);
    if (depth > 0)
      last[depth - 1] = !more;
    names.push_back(depth_text(last, style.letters)
                    + report::plain(path.substr(path.rfind('/') + 1)));
  }
  return table(rows, style, names);
}

double number_at(const json& row, std::string_view key) {
  const auto i = row.find(key);
  return i == row.end() || !i->is_number() ? 0 : i->get<double>();
}

/// What `top` sorts by; the largest first.
double measure(const json& row, std::string_view order) {
  if (order == "mailbox" || order == "restarts")
    return number_at(row, order);
  if (order == "time")
    return std::max(number_at(row, "busy_percent"), number_at(row, "p99_us"));
  return number_at(row, "messages_per_s");
}

/// In the letters of the style except what is printed outside tables and pairs.
std::string
render_parts(std::string_view command, std::string_view document, const render_style& style) {
  const auto seen = json::parse(document, nullptr, false);
  if (seen.is_discarded())
    return report::plain(document) + '\n';
  if (command == "tree" && seen.is_structured() && !seen.empty())
    return tree(seen, style);
  if (is_table(seen))
    return table(seen, style);
  if (seen.is_object())
    return seen.empty() ? "done\n" : pairs(seen, style);
  if (seen.is_array())
    return seen.empty() ? "none\n" : cell_text("", seen) + '\n';
  return cell_text("", seen) + '\n';
}

} // namespace

std::string render(std::string_view command, std::string_view document, const render_style& style) {
  return report::shown(render_parts(command, document, style), style.letters);
}

std::string table_text(const json& rows, const render_style& style) {
  return table(rows, style);
}

std::string pairs_text(const json& object, const render_style& style) {
  return pairs(object, style);
}

std::string
render_top(std::string_view document, std::string_view order, const render_style& style) {
  auto rows = json::parse(document, nullptr, false);
  if (!is_table(rows))
    return render("top", document, style);
  std::stable_sort(rows.begin(), rows.end(), [&](const json& a, const json& b) {
    if (order == "name")
      return text_at(a, "path") < text_at(b, "path");
    return measure(a, order) > measure(b, order);
  });
  return table(rows, style);
}

} // namespace sluice::tools
