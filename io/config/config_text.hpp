/// From the text of a configuration file to its first table, with mistakes that state their
/// position.
#pragma once

#include "io/config/config_table.hpp"
#include "rules/result.hpp"

#include <string>
#include <string_view>

namespace sluice::io {

/// The bytes of a regular file of at most 4 MiB; never waits. `ec::unreachable` when it cannot be
/// read or is something else, `ec::bad_input` when it is larger.
result<std::string> config_text_of(const std::string& path);

/// A relative name is one beside the file that contains it. "" stays "".
void place_beside(const std::string& path, std::string& name);

/// `ec::bad_input` with file, line and column when the text is not TOML, or beyond what a
/// configuration may have (toml_bounds.hpp), which is found before it is parsed.
result<toml::table> toml_of(std::string_view text, const std::string& name);

/// What `read(config_table)` makes of the text, or the first mistake that it reported.
template <class T, class F>
result<T> read_toml(std::string_view text, const std::string& name, F read) {
  const auto table = toml_of(text, name);
  if (!table)
    return table.error();
  config_trouble trouble{name, {}};
  T out = read(config_table{*table, {}, trouble});
  if (trouble.first)
    return *trouble.first;
  return out;
}

} // namespace sluice::io
