#include "rules/sports/command_picks.hpp"

#include "rules/canonical_json.hpp"
#include "rules/sports/check.hpp"
#include "rules/sports/feed_row.hpp"
#include "rules/sports/json_claim.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace sluice {

namespace {

game_update row_of_game(const sports_game& x) {
  game_update made;
  made.external_id = x.external_id;
  made.team_a = x.team_a;
  made.team_b = x.team_b;
  made.sport = x.sport;
  made.league = x.league;
  made.start_us = x.start_us;
  made.team_a_odds = x.team_a_odds;
  made.team_b_odds = x.team_b_odds;
  made.tie_odds = x.tie_odds;
  made.can_tie = x.can_tie;
  made.outcome = x.outcome;
  return made;
}

class pick_line {
public:
  explicit pick_line(std::vector<std::pair<std::string, std::string>> members)
    : members_(std::move(members)) {}

  claim_value value(std::string_view name) const {
    const auto at = std::ranges::find(members_, name, &std::pair<std::string, std::string>::first);
    return at == members_.end() ? claim_value{} : claim_value_of_json(at->second);
  }

  fault wrong(std::string_view name, std::string_view expected) const {
    const auto x = value(name);
    return {ec::bad_input, std::string{name} + ": expected " + std::string{expected} + ", got "
                             + (x.kind == claim_kind::missing ? "nothing" : '"' + x.text + '"')};
  }

private:
  std::vector<std::pair<std::string, std::string>> members_;
};

/// `undecided`: it is none of this game.
game_outcome outcome_in_line(const claim_value& x, const sports_game& game) {
  if (const auto number = number_of(x)) {
    for (const auto one : {game_outcome::team_a, game_outcome::team_b, game_outcome::draw})
      if (*number == static_cast<nano>(one) * nano_one)
        return one;
    return game_outcome::undecided;
  }
  if (x.kind != claim_kind::text)
    return game_outcome::undecided;
  return x.text == game.team_a   ? game_outcome::team_a
         : x.text == game.team_b ? game_outcome::team_b
         : x.text == "tie"       ? game_outcome::draw
                                 : game_outcome::undecided;
}

result<game_pick> read_pick(std::string_view text, std::span<const sports_game> games) {
  auto members = canonical_members(text);
  if (!members)
    return members.error();
  const pick_line line{*std::move(members)};
  const auto id = name_in(line.value("externalId"));
  const auto game = std::ranges::find(games, id, &sports_game::external_id);
  if (game == games.end())
    return line.wrong("externalId", "the id of a game that was asked about");
  game_pick made;
  made.game = static_cast<size_t>(game - games.begin());
  made.pick.outcome = outcome_in_line(line.value("outcome"), *game);
  if (!odds_of(*game, made.pick.outcome))
    return line.wrong("outcome", game->tie_odds ? "0, 1, 2, tie or the name of a team"
                                                : "0, 1 or the name of a team");
  const auto wager = number_of(line.value("wager"));
  if (!wager || *wager <= 0)
    return line.wrong("wager", "a number above 0");
  made.pick.wager = *wager;
  const auto confidence = line.value("confidence");
  if (confidence.kind != claim_kind::missing && confidence.kind != claim_kind::null) {
    made.pick.confidence = number_of(confidence);
    if (!made.pick.confidence || *made.pick.confidence < 0 || *made.pick.confidence > nano_one)
      return line.wrong("confidence", "0 to 1");
  }
  made.pick.model_name = "exec";
  return made;
}

} // namespace

std::string command_input(std::span<const sports_game> games) {
  std::string made;
  for (const auto& x : games)
    made += feed_row_of(row_of_game(x)) + '\n';
  return made;
}

result<std::vector<game_pick>>
picks_of_command(std::string_view output, std::span<const sports_game> games, nano daily_left) {
  std::vector<game_pick> made;
  std::set<size_t> seen;
  for (size_t number = 1; !output.empty(); ++number) {
    const auto end = std::min(output.find('\n'), output.size());
    const auto line = output.substr(0, end);
    output.remove_prefix(std::min(end + 1, output.size()));
    if (line.find_first_not_of(" \t\r") == std::string_view::npos)
      continue;
    auto pick = read_pick(line, games);
    const auto wrong = [number](const std::string& what) {
      return fault{ec::bad_input, "line " + std::to_string(number) + ": " + what};
    };
    if (!pick)
      return wrong(pick.error().what);
    if (!seen.insert(pick->game).second)
      return wrong("externalId: expected each game once, got " + games[pick->game].external_id
                   + " again");
    if (pick->pick.wager > daily_left)
      return wrong("wager: expected at most " + text_of_nano(daily_left)
                   + ", which is left of the day, got " + text_of_nano(pick->pick.wager));
    daily_left -= pick->pick.wager;
    made.push_back(*std::move(pick));
  }
  return made;
}

} // namespace sluice
