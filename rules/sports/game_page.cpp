#include "rules/sports/game_page.hpp"

#include "rules/canonical_json.hpp"
#include "rules/sports/feed_row.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>
#include <vector>

namespace sluice {

namespace {

constexpr size_t page_reasons_max = 20;
constexpr canonical_bounds page_bounds{canonical_depth_max, game_feed_limits::page_rows_max,
                                       canonical_digits_max};

using page_members = std::vector<std::pair<std::string, std::string>>;

const std::string* page_member(const page_members& all, std::string_view name) {
  const auto at = std::ranges::find(all, name, &std::pair<std::string, std::string>::first);
  return at == all.end() ? nullptr : &at->second;
}

std::optional<uint64_t> total_of(const page_members& all) {
  for (const std::string_view name : {"totalCount", "total"})
    if (const auto* x = page_member(all, name)) {
      uint64_t total = 0;
      const auto* const last = x->data() + x->size();
      const auto [end, error] = std::from_chars(x->data(), last, total);
      if (error == std::errc{} && end == last)
        return total;
    }
  return std::nullopt;
}

/// The list of rows, and the total where it is stated.
result<std::string> rows_text(std::string_view text, std::optional<uint64_t>& total) {
  const auto begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos || text[begin] != '{')
    return std::string{text};
  const auto members = canonical_members(text, page_bounds);
  if (!members)
    return members.error();
  total = total_of(*members);
  for (const std::string_view name : {"items", "data", "games"})
    if (const auto* x = page_member(*members, name); x != nullptr && x->starts_with('['))
      return *x;
  return fault{ec::bad_input, "expected a list of games in items, data or games, got none"};
}

} // namespace

result<game_page> read_game_page(std::string_view text, std::string_view name, int64_t at_us) {
  const auto bad = [&name](const std::string& why) {
    return fault{ec::bad_input, std::string{name} + ": " + why};
  };
  if (text.size() > game_feed_limits::page_bytes_max)
    return bad("expected at most " + std::to_string(game_feed_limits::page_bytes_max)
               + " bytes, got " + std::to_string(text.size()));
  game_page page;
  const auto list = rows_text(text, page.total);
  if (!list)
    return bad(list.error().what);
  const auto rows = canonical_items(*list, page_bounds);
  if (!rows)
    return bad(rows.error().what);
  page.rows = rows->size();
  uint64_t number = 0;
  for (const auto& row : *rows) {
    ++number;
    auto read = game_of_feed_row(row, at_us);
    if (read.game) {
      page.games.push_back(*std::move(read.game));
      continue;
    }
    ++page.rejected;
    if (page.why.size() < page_reasons_max)
      page.why.push_back(std::string{name} + ": row " + std::to_string(number) + ": "
                         + read.wrong.sentence());
  }
  return page;
}

} // namespace sluice
