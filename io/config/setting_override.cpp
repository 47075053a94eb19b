#include "io/config/setting_override.hpp"

#include "io/config/toml_bounds.hpp"
#include "io/text/lines.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

namespace sluice::io {

namespace {

using limits_of_one = override_limits;

/// Tables of the file itself whose keys the environment may set.
constexpr std::array<std::string_view, 2> general_tables{"chain", "weights"};

bool is_key_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

std::vector<std::string> parts_of_key(std::string_view key) {
  std::vector<std::string> parts{1};
  for (const char c : key) {
    if (c == '.')
      parts.emplace_back();
    else
      parts.back() += c;
  }
  return parts;
}

bool is_key(std::string_view key) {
  if (key.empty() || key.size() > limits_of_one::key_bytes_max)
    return false;
  const auto parts = parts_of_key(key);
  return std::ranges::all_of(parts, [](const std::string& part) {
    return !part.empty() && std::ranges::all_of(part, is_key_letter);
  });
}

fault bad_override(const setting_override& x, const std::string& why) {
  return {ec::bad_input, x.from + ": " + why};
}

std::optional<fault> length_fault(const setting_override& x) {
  if (x.value.size() <= limits_of_one::value_bytes_max)
    return std::nullopt;
  return bad_override(x, "expected a value of at most "
                           + std::to_string(limits_of_one::value_bytes_max) + " bytes, got "
                           + std::to_string(x.value.size()));
}

std::string upper_of(std::string_view text) {
  std::string out;
  for (const char c : text)
    out += c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return out;
}

std::string lower_of(std::string_view text) {
  std::string out;
  for (const char c : text)
    out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

/// "1_window_days" -> "1.window_days": a number is a table of its own.
std::string key_behind(std::string_view rest) {
  const auto digits = std::min(rest.find_first_not_of("0123456789"), rest.size());
  if (digits > 0 && digits < rest.size() && rest[digits] == '_')
    return std::string{rest.substr(0, digits)} + '.' + key_behind(rest.substr(digits + 1));
  return std::string{rest};
}

/// Of "feed_url" with the keys "feed" and "feed_s": "feed.url". The key itself, else the longest
/// that it begins with; else as it is, and the reader says that there is no such key.
std::string key_inside(std::string_view rest, std::span<const std::string_view> keys) {
  std::string_view table;
  for (const auto key : keys) {
    if (key == rest)
      return std::string{rest};
    if (rest.size() > key.size() + 1 && rest.starts_with(key) && rest[key.size()] == '_'
        && key.size() > table.size())
      table = key;
  }
  if (table.empty())
    return std::string{rest};
  return std::string{table} + '.' + key_behind(rest.substr(table.size() + 1));
}

/// The override of one variable, when its name is of this table.
std::optional<setting_override>
variable_of_table(std::string_view name, std::string_view value, std::string_view table,
                  std::span<const std::string_view> keys) {
  const auto begin = "SLUICE_" + upper_of(table) + '_';
  if (!name.starts_with(begin) || name.size() == begin.size())
    return std::nullopt;
  setting_override out;
  out.key = std::string{table} + '.' + key_inside(lower_of(name.substr(begin.size())), keys);
  out.value = value;
  out.from = name;
  out.optional = true;
  return out;
}

const mechanism_section* section_named(std::string_view name, mechanism_sections sections) {
  const auto at = std::ranges::find(sections, name, &mechanism_section::name);
  return at == sections.end() ? nullptr : &*at;
}

/// The mechanism whose table must be there; "": none.
std::string owner_of(const setting_override& x, mechanism_sections sections) {
  if (!x.mechanism.empty())
    return x.mechanism;
  const auto first = x.key.substr(0, x.key.find('.'));
  return section_named(first, sections) ? first : "";
}

bool is_configured(const toml::table& root, std::string_view mechanism,
                   mechanism_sections sections) {
  if (mechanism.empty() || root.contains(mechanism))
    return true;
  const auto* section = section_named(mechanism, sections);
  return section && std::ranges::any_of(section->old_keys, [&](std::string_view key) {
           return root.contains(key);
         });
}

/// The array's entry of this number; null when there is none.
toml::table* entry_of(toml::array& list, std::string_view number) {
  size_t at = 0;
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), at);
  if (error != std::errc{} || end != number.data() + number.size() || at >= list.size())
    return nullptr;
  return list[at].as_table();
}

/// The table that holds the last part of the key, made where it is missing; `path` becomes its name
/// as mistakes show it.
result<toml::table*> table_for(toml::table& root, const setting_override& x,
                               const std::vector<std::string>& parts, std::string& path) {
  auto* at = &root;
  for (size_t i = 0; i + 1 < parts.size(); ++i) {
    path += (path.empty() ? "" : ".") + parts[i];
    if (!at->contains(parts[i]))
      at->insert(parts[i], toml::table{});
    auto* node = at->get(parts[i]);
    if (auto* list = node->as_array(); list && i + 2 < parts.size()) {
      ++i;
      path += '[' + parts[i] + ']';
      at = entry_of(*list, parts[i]);
    } else {
      at = node->as_table();
    }
    if (at == nullptr)
      return bad_override(x, "expected a table under " + path + ", and there is none");
  }
  return at;
}

/// A value of TOML, or the text as it is.
toml::table value_of_text(const std::string& text) {
  if (const auto form = scan_toml("value = " + text, "");
      text.find_first_of("\r\n") == std::string::npos && form && !form->broken) {
    try { // the only way in which toml++ reports that something is no value
      return toml::parse("value = " + text);
    } catch (const toml::parse_error&) { // then it is a text
    }
  }
  toml::table out;
  out.insert("value", text);
  return out;
}

result<nothing> set_one(toml::table& root, const setting_override& x, setting_origins& origins) {
  if (!is_key(x.key))
    return bad_override(x, "expected a key as chain.tempo, got " + io::quoted(x.key));
  const auto parts = parts_of_key(x.key);
  std::string path;
  auto table = table_for(root, x, parts, path);
  if (!table)
    return table.error();
  auto value = value_of_text(x.value);
  value.get("value")->visit(
    [&](auto& node) { (*table)->insert_or_assign(parts.back(), std::move(node)); });
  path += (path.empty() ? "" : ".") + parts.back();
  origins.emplace_back(std::move(path), x.from);
  return nothing{};
}

} // namespace

result<setting_override> parse_override(std::string_view text) {
  const auto sign = text.find('=');
  setting_override out;
  out.key = text.substr(0, sign);
  out.from = "--set " + out.key;
  if (sign == std::string_view::npos || !is_key(out.key))
    return fault{ec::bad_input, "--set: expected KEY=VALUE with a key as chain.tempo, got "
                                  + io::quoted(text.substr(0, limits_of_one::key_bytes_max))};
  out.value = text.substr(sign + 1);
  if (auto wrong = length_fault(out))
    return *wrong;
  return out;
}

result<std::vector<setting_override>>
overrides_in_environment(std::span<const std::string> variables, mechanism_sections sections) {
  std::vector<setting_override> all;
  for (const std::string_view entry : variables) {
    const auto sign = std::min(entry.find('='), entry.size());
    const auto name = entry.substr(0, sign);
    const auto value = sign < entry.size() ? entry.substr(sign + 1) : std::string_view{};
    std::optional<setting_override> found;
    for (const auto table : general_tables)
      if (!found)
        found = variable_of_table(name, value, table, {});
    for (const auto& section : sections)
      if (!found)
        found = variable_of_table(name, value, section.name, section.keys);
    if (!found)
      continue;
    if (auto wrong = length_fault(*found))
      return *wrong;
    all.push_back(*std::move(found));
    if (all.size() > limits_of_one::count_max)
      return fault{ec::bad_input, "the environment sets more than "
                                    + std::to_string(limits_of_one::count_max) + " settings"};
  }
  std::ranges::sort(all, {}, &setting_override::from); // whatever order the system has
  return all;
}

setting_override override_of(const original_name& what, std::string_view mechanism,
                             std::string_view value, bool variable) {
  setting_override out;
  out.key = what.key;
  out.value = value;
  out.from = variable ? std::string{what.variable} : "--" + std::string{what.flag};
  out.mechanism = mechanism;
  out.optional = variable;
  if (auto wrong = length_fault(out)) {
    out.wrong = std::move(wrong);
  } else if (what.value) {
    auto read = what.value(value);
    if (read)
      out.value = *std::move(read);
    else
      out.wrong = fault{read.error().code, out.from + ": " + read.error().what};
  }
  out.note
    = out.from + ": "
      + (what.key.empty() ? std::string{what.remark}
                          : "is called " + std::string{what.key} + " here"
                              + (what.remark.empty() ? "" : ", " + std::string{what.remark}));
  return out;
}

result<setting_origins>
apply_overrides(toml::table& root, setting_overrides all, mechanism_sections sections,
                std::vector<std::string>* notes) {
  setting_origins origins;
  if (all.size() > limits_of_one::count_max)
    return fault{ec::bad_input, "expected at most " + std::to_string(limits_of_one::count_max)
                                  + " settings beside the file, got " + std::to_string(all.size())};
  for (const auto& x : all) {
    const auto owner = owner_of(x, sections);
    if (!is_configured(root, owner, sections)) {
      if (x.optional)
        continue;
      return bad_override(x, "expected a configuration with [" + owner + "], got one without");
    }
    if (x.wrong)
      return *x.wrong;
    if (!x.key.empty())
      if (auto set = set_one(root, x, origins); !set)
        return set.error();
    if (notes && !x.note.empty())
      notes->push_back(x.note);
  }
  return origins;
}

} // namespace sluice::io
