#include "io/config/config_origin.hpp"

#include "io/config/config_text.hpp"
#include "rules/json_text.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace sluice::io {

namespace {

/// Keys that version 0.1.0 called otherwise (config_file.cpp).
constexpr std::array<std::pair<std::string_view, std::string_view>, 3> names_before{{
  {"chain.blocks_per_lap", "chain.blocks_per_step"},
  {"weights.sheet_age_epochs", "weights.score_age_epochs"},
  {"door", "miner_gateway"},
}};

/// What is behind `path` in `key`, with its dot or bracket; none when the key is not inside of it.
std::optional<std::string> rest_inside(std::string_view key, std::string_view path) {
  if (!key.starts_with(path))
    return std::nullopt;
  const auto rest = key.substr(path.size());
  if (!rest.empty() && rest.front() != '.' && rest.front() != '[')
    return std::nullopt;
  return std::string{rest};
}

/// As write_config calls it.
std::string name_now(const std::string& key, mechanism_sections sections) {
  for (const auto& [before, now] : names_before)
    if (const auto rest = rest_inside(key, before))
      return std::string{now} + *rest;
  for (const auto& x : sections)
    for (const auto old : x.old_keys)
      if (rest_inside(key, old))
        return x.name + '.' + key;
  return key;
}

void collect_lines(const toml::node& node, const std::string& path, const std::string& name,
                   mechanism_sections sections, key_origins& out) {
  if (const auto* table = node.as_table()) {
    for (const auto& [key, inner] : *table)
      collect_lines(inner, (path.empty() ? "" : path + '.') + std::string{key.str()}, name,
                    sections, out);
    return;
  }
  if (const auto* list = node.as_array(); list && list->is_array_of_tables()) {
    size_t index = 0;
    for (const auto& inner : *list)
      collect_lines(inner, path + '[' + std::to_string(index++) + ']', name, sections, out);
    return;
  }
  if (node.source().begin.line != 0)
    out[name_now(path, sections)] = name + ':' + std::to_string(node.source().begin.line);
}

/// Its own, or that of what is inside of it ({ a = 1 } is one line with several keys).
std::string origin_of_key(const key_origins& origins, const std::string& key) {
  const auto at = origins.lower_bound(key);
  if (at != origins.end() && rest_inside(at->first, key))
    return at->second;
  for (auto outer = key.rfind('.'); outer != std::string::npos && outer > 0;
       outer = key.rfind('.', outer - 1))
    if (const auto whole = origins.find(key.substr(0, outer)); whole != origins.end())
      return whole->second;
  return "default";
}

/// Follows the headers of a text that write_config wrote.
class header_path {
public:
  void take(std::string_view line) {
    const bool list = line.starts_with("[[");
    const auto begin = list ? size_t{2} : size_t{1};
    const std::string name{line.substr(begin, line.find(']') - begin)};
    if (list)
      ++entries_[name];
    path_.clear();
    std::string plain; // without numbers
    for (size_t at = 0; at <= name.size();) {
      const auto dot = std::min(name.find('.', at), name.size());
      const auto part = name.substr(at, dot - at);
      plain += (plain.empty() ? "" : ".") + part;
      path_ += (path_.empty() ? "" : ".") + part;
      if (const auto entry = entries_.find(plain); entry != entries_.end())
        path_ += '[' + std::to_string(entry->second - 1) + ']';
      at = dot + 1;
    }
    if (list) // lists inside of a new entry begin anew
      std::erase_if(entries_, [&](const auto& x) { return x.first.starts_with(name + '.'); });
  }

  std::string of(std::string_view key) const {
    return (path_.empty() ? "" : path_ + '.') + std::string{key};
  }

private:
  std::map<std::string, size_t> entries_; // by the name of a list: how many so far
  std::string path_;
};

} // namespace

result<key_origins> origins_in(std::string_view text, const std::string& name,
                               mechanism_sections sections, setting_overrides set) {
  auto table = toml_of(text, name);
  if (!table)
    return table.error();
  key_origins out;
  collect_lines(*table, "", name, sections, out);
  const auto beside = apply_overrides(*table, set, sections, nullptr);
  if (!beside)
    return beside.error();
  for (const auto& [key, from] : *beside) {
    const auto now = name_now(key, sections);
    std::erase_if(out, [&](const auto& x) { return rest_inside(x.first, now).has_value(); });
    out[now] = from;
  }
  return out;
}

result<key_origins>
origins_of(const std::string& path, mechanism_sections sections, setting_overrides set) {
  const auto text = config_text_of(path);
  if (!text)
    return text.error();
  return origins_in(*text, path, sections, set);
}

std::vector<origin_row> with_origins(std::string_view written, const key_origins& origins) {
  std::vector<origin_row> rows;
  header_path path;
  while (!written.empty()) {
    const auto end = std::min(written.find('\n'), written.size());
    const auto line = written.substr(0, end);
    written.remove_prefix(std::min(end + 1, written.size()));
    origin_row row{std::string{line}, {}, {}};
    const auto sign = line.find(" = ");
    if (line.starts_with('[')) {
      path.take(line);
    } else if (sign != std::string_view::npos) {
      row.key = path.of(line.substr(0, sign));
      row.origin = origin_of_key(origins, row.key);
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

std::string origins_toml(const std::vector<origin_row>& rows) {
  std::string text;
  for (const auto& x : rows)
    text += x.line + (x.key.empty() ? "" : " # " + x.origin) + '\n';
  return text;
}

std::string origins_json(const std::vector<origin_row>& rows) {
  json_list all;
  for (const auto& x : rows)
    if (!x.key.empty())
      all.raw(json_object{}
                .add("key", x.key)
                .add("value", x.line.substr(x.line.find(" = ") + 3))
                .add("origin", x.origin)
                .text());
  return all.text() + '\n';
}

} // namespace sluice::io
