#include "rules/sports/feed_row.hpp"

#include "rules/canonical_json.hpp"
#include "rules/sports/check.hpp"
#include "rules/sports/json_claim.hpp"
#include "rules/sports/moment.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace sluice {

namespace {

constexpr size_t feed_shown_max = 64;

/// Reads one member after the other; the first fault sticks.
class feed_row_reader {
public:
  explicit feed_row_reader(std::vector<std::pair<std::string, std::string>> members)
    : members_(std::move(members)) {}

  claim_value value(std::string_view name) const {
    const auto at = std::ranges::find(members_, name, &std::pair<std::string, std::string>::first);
    return at == members_.end() ? claim_value{} : claim_value_of_json(at->second);
  }
  bool is_given(std::string_view name) const {
    const auto kind = value(name).kind;
    return kind != claim_kind::missing && kind != claim_kind::null;
  }

  std::string text(std::string_view name, size_t bytes_max, bool required) {
    const auto x = value(name);
    if (!required && !is_given(name))
      return {};
    if (x.kind != claim_kind::text || x.text.size() > bytes_max || (required && x.text.empty()))
      refuse(name, "a text of at most " + std::to_string(bytes_max) + " bytes");
    return x.text;
  }

  std::string id(std::string_view name) {
    const auto x = value(name);
    auto made = name_in(x);
    const bool is_whole = made.find_first_not_of("-0123456789") == std::string::npos;
    if (made.empty() || made.size() > sports_limits::external_id_bytes_max
        || (x.kind == claim_kind::number && !is_whole))
      refuse(name, "a text of 1 to 64 bytes, or a whole number");
    return made;
  }

  int64_t moment(std::string_view name) {
    const auto x = value(name);
    const auto read = x.kind == claim_kind::text ? read_sports_moment(x.text) : std::nullopt;
    if (!read)
      refuse(name, "a time like 2025-01-06T10:30:00Z");
    return read ? read->us : 0;
  }

  std::optional<nano> odds(std::string_view name) {
    if (!is_given(name))
      return std::nullopt;
    const auto read = number_of(value(name));
    if (!read || *read <= nano_one || *read >= nano_max)
      refuse(name, "decimal odds above 1, or null");
    return read;
  }

  bool flag(std::string_view name) {
    const auto x = value(name);
    if (is_given(name) && x.kind != claim_kind::boolean)
      refuse(name, "true or false");
    return x.text == "true";
  }

  const std::optional<feed_row_fault>& wrong() const { return wrong_; }

private:
  void refuse(std::string_view name, std::string expected) {
    if (wrong_)
      return;
    const auto at = std::ranges::find(members_, name, &std::pair<std::string, std::string>::first);
    wrong_ = {std::string{name}, std::move(expected),
              at == members_.end() ? "nothing" : at->second.substr(0, feed_shown_max)};
  }

  std::vector<std::pair<std::string, std::string>> members_;
  std::optional<feed_row_fault> wrong_;
};

std::string_view feed_word(game_outcome x) {
  switch (x) {
  case game_outcome::team_a:
    return "TeamAWin";
  case game_outcome::team_b:
    return "TeamBWin";
  case game_outcome::draw:
    return "Draw";
  case game_outcome::undecided:
    break;
  }
  return "Unfinished";
}

std::string odds_text(nano x) {
  return x == 0 ? "null" : text_of_nano(x);
}

} // namespace

std::string feed_row_fault::sentence() const {
  return (member.empty() ? "" : member + ": ") + "expected " + expected + ", got " + got;
}

read_feed_row game_of_feed_row(std::string_view object, int64_t at_us) {
  auto members = canonical_members(object);
  if (!members)
    return {std::nullopt, {"", "a JSON object", members.error().what}};
  feed_row_reader row{*std::move(members)};
  game_update x;
  x.at_us = row.is_given("at") ? row.moment("at") : at_us;
  x.external_id = row.id("externalId");
  x.team_a = row.text("teamA", sports_limits::team_bytes_max, true);
  x.team_b = row.text("teamB", sports_limits::team_bytes_max, true);
  x.sport = row.text("sport", sports_limits::sport_bytes_max, false);
  x.league = row.text("league", sports_limits::sport_bytes_max, false);
  x.start_us = row.moment("date");
  x.outcome = outcome_of_word(row.text("outcome", sports_limits::sport_bytes_max, false));
  x.team_a_odds = row.odds("teamAOdds").value_or(0);
  x.team_b_odds = row.odds("teamBOdds").value_or(0);
  x.can_tie = row.flag("canDraw");
  const auto tie = row.odds("drawOdds");
  x.tie_odds = x.can_tie ? tie : std::nullopt;
  if (row.wrong())
    return {std::nullopt, *row.wrong()};
  return {std::move(x), {}};
}

std::string feed_row_of(const game_update& x) {
  return "{\"canDraw\": " + std::string{x.can_tie ? "true" : "false"}
         + ", \"date\": " + canonical_text(sports_time_text(x.start_us)) + ", \"drawOdds\": "
         + odds_text(x.tie_odds.value_or(0)) + ", \"externalId\": " + canonical_text(x.external_id)
         + ", \"league\": " + canonical_text(x.league)
         + ", \"outcome\": " + canonical_text(feed_word(x.outcome))
         + ", \"sport\": " + canonical_text(x.sport) + ", \"teamA\": " + canonical_text(x.team_a)
         + ", \"teamAOdds\": " + odds_text(x.team_a_odds) + ", \"teamB\": "
         + canonical_text(x.team_b) + ", \"teamBOdds\": " + odds_text(x.team_b_odds) + "}";
}

} // namespace sluice
