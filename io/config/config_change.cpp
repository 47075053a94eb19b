#include "io/config/config_change.hpp"

#include "io/config/config_text.hpp"
#include "io/config/toml_text.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <sstream>
#include <toml++/toml.h>

namespace sluice::io {

namespace {

/// What a table stands for where the whole of it came or went.
constexpr std::string_view whole_table = "a table";

/// Keys by which an entry of a list is distinguished, the first that it has.
constexpr std::array<std::string_view, 4> naming_keys{"id", "name", "hotkey", "uid"};

std::string value_text(const toml::node* node) {
  if (!node)
    return {};
  if (node->is_table() || node->is_array_of_tables())
    return std::string{whole_table};
  if (const auto* string = node->as_string())
    return quoted_toml(string->get());
  std::ostringstream text;
  node->visit([&text](const auto& x) { text << toml::toml_formatter{x}; });
  std::string line; // long arrays come in several
  for (const char c : std::move(text).str())
    if (c != '\n' && (c != ' ' || !line.ends_with(' ')))
      line += c;
  return line;
}

std::string entry_name(const toml::table& entry, size_t index) {
  for (const auto key : naming_keys) {
    if (const auto text = entry[key].value<std::string>())
      return *text;
    if (const auto number = entry[key].value<int64_t>())
      return std::to_string(*number);
  }
  return std::to_string(index);
}

using named_entries = std::map<std::string, const toml::node*>;

named_entries entries_of(const toml::array& list) {
  named_entries all;
  size_t index = 0;
  for (const auto& x : list) {
    auto name = entry_name(*x.as_table(), index++);
    if (all.contains(name))
      name += '#' + std::to_string(index);
    all.emplace(std::move(name), &x);
  }
  return all;
}

named_entries entries_of(const toml::table& table) {
  named_entries all;
  for (const auto& [key, x] : table)
    all.emplace(key.str(), &x);
  return all;
}

class change_finder {
public:
  /// Null: not there.
  void look(const toml::node* was, const toml::node* is, const std::string& path) {
    if (was && is && was->is_table() && is->is_table())
      return look_inside(entries_of(*was->as_table()), entries_of(*is->as_table()),
                         path.empty() ? path : path + '.', "");
    if (was && is && is_list_of_tables(*was) && is_list_of_tables(*is))
      return look_inside(entries_of(*was->as_array()), entries_of(*is->as_array()), path + '[',
                         "]");
    auto before = value_text(was);
    auto now = value_text(is);
    if (before != now && found_.size() < change_limits::changes_max)
      found_.push_back({path, std::move(before), std::move(now), {}, true, {}});
  }

  std::vector<config_change> take() && {
    std::ranges::sort(found_, {}, &config_change::key);
    return std::move(found_);
  }

private:
  static bool is_list_of_tables(const toml::node& x) {
    return x.is_array() && (x.as_array()->empty() || x.is_array_of_tables());
  }

  void look_inside(const named_entries& was, const named_entries& is, const std::string& before,
                   const std::string& behind) {
    const auto at = [](const named_entries& all, const std::string& name) {
      const auto i = all.find(name);
      return i == all.end() ? nullptr : i->second;
    };
    std::set<std::string> names;
    for (const auto* all : {&was, &is})
      for (const auto& [name, x] : *all)
        names.insert(name);
    for (const auto& name : names)
      look(at(was, name), at(is, name), before + name + behind);
  }

  std::vector<config_change> found_;
};

std::string cut_value(const std::string& text) {
  constexpr auto most = change_limits::value_bytes_max;
  return text.size() <= most ? text : text.substr(0, most) + "...";
}

std::string line_of(const config_change& x) {
  std::string text = x.key + ": ";
  if (x.was.empty())
    text += x.is == whole_table ? "is new" : "is new: " + cut_value(x.is);
  else if (x.is.empty())
    text += x.was == whole_table ? "is gone" : "is gone, was " + cut_value(x.was);
  else
    text += "was " + cut_value(x.was) + ", is " + cut_value(x.is);
  if (!x.meaning.empty())
    text += " (" + x.meaning + ')';
  return text;
}

std::string with_reason(const config_change& x) {
  return line_of(x) + (x.allowed || x.why.empty() ? "" : ": not on this folder: " + x.why);
}

} // namespace

result<std::vector<config_change>> changes_between(std::string_view was, std::string_view is) {
  const auto before = toml_of(was, "the configuration so far");
  if (!before)
    return before.error();
  const auto now = toml_of(is, "the configuration");
  if (!now)
    return now.error();
  change_finder finder;
  finder.look(&*before, &*now, "");
  return std::move(finder).take();
}

config_change* find_change(std::span<config_change> all, std::string_view key) {
  const auto at = std::ranges::find(all, key, &config_change::key);
  return at == all.end() ? nullptr : &*at;
}

bool is_inside(std::string_view key, std::string_view table) {
  return key.starts_with(table)
         && (key.size() == table.size() || key[table.size()] == '.' || key[table.size()] == '[');
}

std::string text_of(std::span<const config_change> all) {
  std::string text;
  for (const auto& x : all.subspan(0, std::min(all.size(), change_limits::shown_max)))
    text += with_reason(x) + '\n';
  if (all.size() > change_limits::shown_max)
    text += "and " + std::to_string(all.size() - change_limits::shown_max) + " more\n";
  return text;
}

std::string refusal_of(std::span<const config_change> all) {
  std::string text;
  size_t shown = 0;
  size_t refused = 0;
  for (const auto& x : all) {
    if (x.allowed)
      continue;
    ++refused;
    if (shown == change_limits::shown_max)
      continue;
    ++shown;
    text += (text.empty() ? "" : "; ") + line_of(x) + ": " + x.why;
  }
  if (refused > shown)
    text += "; and " + std::to_string(refused - shown) + " more";
  return text;
}

} // namespace sluice::io
