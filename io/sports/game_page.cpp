#include "io/sports/game_page.hpp"

#include "io/text/json_keys.hpp"
#include "io/text/lines.hpp"
#include "rules/sports/moment.hpp"
#include "rules/sports/nano.hpp"

#include <array>
#include <optional>
#include <utility>

namespace sluice::io {

namespace {

constexpr size_t page_reasons_max = 20;
constexpr int page_depth_max = 8;

/// One row; the first thing that is wrong sticks.
class game_row_reader {
public:
  game_row_reader(const json& row, std::string prefix) : row_(row), prefix_(std::move(prefix)) {}

  result<game_update> read() {
    game_update x;
    x.external_id = text("externalId", sports_limits::external_id_bytes_max, true);
    x.team_a = text("teamA", sports_limits::team_bytes_max, true);
    x.team_b = text("teamB", sports_limits::team_bytes_max, true);
    x.sport = text("sport", sports_limits::sport_bytes_max, false);
    x.league = text("league", sports_limits::sport_bytes_max, false);
    x.start_us = moment("date");
    x.outcome = outcome_of_word(text("outcome", sports_limits::sport_bytes_max, false));
    x.team_a_odds = odds("teamAOdds");
    x.team_b_odds = odds("teamBOdds");
    x.can_tie = flag("canDraw");
    if (x.can_tie && find("drawOdds") != nullptr)
      x.tie_odds = odds("drawOdds");
    if (why_)
      return *why_;
    return x;
  }

private:
  /// Null: it is not there, or null.
  const json* find(const char* member) const {
    const auto at = row_.find(member);
    return at == row_.end() || at->is_null() ? nullptr : &*at;
  }

  void fail(const char* member, const std::string& expected) {
    if (why_)
      return;
    const auto* const got = find(member);
    why_ = fault{ec::bad_input, prefix_ + member + ": expected " + expected + ", got "
                                  + (got == nullptr ? std::string{"nothing"} : shown(*got))};
  }

  std::string text(const char* member, size_t bytes_max, bool required) {
    const auto* const x = find(member);
    if (x == nullptr && !required)
      return {};
    if (x != nullptr && member == std::string_view{"externalId"} && x->is_number_integer())
      return x->dump();
    if (x == nullptr || !x->is_string() || x->get_ref<const std::string&>().size() > bytes_max
        || (required && x->get_ref<const std::string&>().empty())) {
      fail(member, std::string{"a text of "} + (required ? "1" : "0") + " to "
                     + std::to_string(bytes_max) + " bytes");
      return {};
    }
    return x->get<std::string>();
  }

  int64_t moment(const char* member) {
    const auto* const x = find(member);
    const auto at = x != nullptr && x->is_string()
                      ? read_sports_moment(x->get_ref<const std::string&>())
                      : std::nullopt;
    if (!at)
      fail(member, "a moment like 2026-01-31T18:30:00Z");
    return at ? at->us : 0;
  }

  nano odds(const char* member) {
    const auto* const x = find(member);
    std::optional<nano> read;
    if (x != nullptr && x->is_string()) {
      if (const auto made = nano_of(std::string_view{x->get_ref<const std::string&>()}))
        read = *made;
    } else if (x != nullptr && x->is_number()) {
      if (const auto made = x->is_number_integer() ? nano_of(std::string_view{x->dump()})
                                                   : nano_of(x->get<double>()))
        read = *made;
    }
    if (!read || *read <= nano_one) {
      fail(member, "decimal odds above 1");
      return 0;
    }
    return *read;
  }

  bool flag(const char* member) {
    const auto* const x = find(member);
    if (x == nullptr)
      return false;
    if (!x->is_boolean()) {
      fail(member, "true or false");
      return false;
    }
    return x->get<bool>();
  }

  const json& row_;
  std::string prefix_;
  std::optional<fault> why_;
};

/// Is it nested no deeper than a page is? What is in texts counts as well: it is a bound.
bool is_shallow(std::string_view text) {
  int depth = 0;
  bool quoted = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted && c == '\\')
      ++i;
    else if (c == '"')
      quoted = !quoted;
    else if (!quoted && (c == '{' || c == '['))
      ++depth;
    else if (!quoted && (c == '}' || c == ']'))
      --depth;
    if (depth > page_depth_max)
      return false;
  }
  return true;
}

result<json> document_of(std::string_view text, std::string_view name) {
  const auto bad = [&name](const std::string& why) {
    return fault{ec::bad_input, std::string{name} + ": " + why};
  };
  if (text.size() > game_feed_limits::page_bytes_max)
    return bad("expected at most " + std::to_string(game_feed_limits::page_bytes_max)
               + " bytes, got " + std::to_string(text.size()));
  if (!is_utf8(text) || !is_shallow(text))
    return bad("expected JSON of at most " + std::to_string(page_depth_max) + " levels in UTF-8");
  try {
    std::optional<std::string> twice;
    auto made = parse_keys_once(text, twice);
    if (twice)
      return bad("expected every member once, got " + quoted(*twice) + " twice");
    return made;
  } catch (const json::exception&) {
    return bad("expected a document of JSON, got " + quoted(text, 60));
  }
}

const json* rows_of(const json& document) {
  if (document.is_array())
    return &document;
  if (document.is_object())
    for (const auto* member : {"items", "data", "games"})
      if (const auto at = document.find(member); at != document.end() && at->is_array())
        return &*at;
  return nullptr;
}

std::optional<uint64_t> total_of(const json& document) {
  if (document.is_object())
    for (const auto* member : {"totalCount", "total"})
      if (const auto at = document.find(member); at != document.end() && at->is_number_unsigned())
        return at->get<uint64_t>();
  return std::nullopt;
}

} // namespace

result<game_page> read_game_page(std::string_view text, std::string_view name) {
  const auto document = document_of(text, name);
  if (!document)
    return document.error();
  const auto* const rows = rows_of(*document);
  if (rows == nullptr)
    return fault{ec::bad_input, std::string{name}
                                  + ": expected a list of games, or an object with one in items;"
                                    " got "
                                  + shown(*document)};
  if (rows->size() > game_feed_limits::page_rows_max)
    return fault{ec::bad_input, std::string{name} + ": expected at most "
                                  + std::to_string(game_feed_limits::page_rows_max) + " rows, got "
                                  + std::to_string(rows->size())};
  game_page page;
  page.rows = rows->size();
  page.total = total_of(*document);
  uint64_t number = 0;
  for (const auto& row : *rows) {
    const auto prefix = std::string{name} + ": row " + std::to_string(++number) + ": ";
    auto game = row.is_object() ? game_row_reader{row, prefix}.read()
                                : result<game_update>{fault{
                                  ec::bad_input, prefix + "expected an object, got " + shown(row)}};
    if (game) {
      page.games.push_back(*std::move(game));
      continue;
    }
    ++page.rejected;
    if (page.why.size() < page_reasons_max)
      page.why.push_back(game.error().what);
  }
  return page;
}

} // namespace sluice::io
