#include "tests/game/result_lines.hpp"

#include "rules/json_text.hpp"

#include <nlohmann/json.hpp>

#include <fstream>

namespace sluice::game {

namespace {

using nlohmann::json;

/// Reads the members of a struct that lists its fields.
template <class T>
void read_fields(const json& from, T& to);

template <class T>
void read_value(const json& from, T& to) {
  if constexpr (has_fields<T>)
    read_fields(from, to);
  else if constexpr (shapes::is_list<T>)
    for (const auto& x : from)
      read_value(x, to.emplace_back());
  else
    to = from.get<T>();
}

template <class T>
void read_fields(const json& from, T& to) {
  for_each_field(to, [&](std::string_view name, auto& member) {
    read_value(from.at(std::string{name}), member);
  });
}

} // namespace

std::string line_of(const game_end& end) {
  return json_of(end);
}

result<game_end> parse_line(std::string_view text) {
  try {
    game_end end;
    read_fields(json::parse(text), end);
    return end;
  } catch (const json::exception& why) {
    return fault{ec::bad_input, why.what()};
  }
}

result<std::vector<game_end>> read_lines(const std::string& path) {
  std::vector<game_end> all;
  std::ifstream in{path};
  std::string text;
  for (size_t line = 1; std::getline(in, text); ++line) {
    auto end = parse_line(text);
    if (!end)
      return fault{ec::bad_input, path + ':' + std::to_string(line) + ": " + end.error().what};
    all.push_back(*std::move(end));
  }
  return all;
}

} // namespace sluice::game
