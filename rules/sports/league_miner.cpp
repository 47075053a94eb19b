#include "rules/sports/league_miner.hpp"

#include "rules/chain/sha256.hpp"
#include "rules/sports/prediction_model.hpp"

#include <algorithm>
#include <charconv>
#include <memory>
#include <optional>

namespace sluice {

namespace {

constexpr int64_t miner_hour_us = 3'600'000'000;
constexpr int64_t miner_second_us = 1'000'000;
constexpr nano sharp_wager_max = 220 * nano_one; // on one game
constexpr uint64_t league_history_days = 60;
constexpr double sharp_share = 0.15; // of the bookmaker's first error that the sharp has itself

int64_t step_us(const sports_world& world) {
  return static_cast<int64_t>(world.step_s) * miner_second_us;
}

/// How long before the start it decides, microseconds.
int64_t lead_of(const league_miner& who) {
  switch (who.kind) {
  case league_miner_kind::public_favourite:
    return 12 * miner_hour_us;
  case league_miner_kind::copier:
    return std::max<int64_t>(0, 24 * miner_hour_us - step_us(who.world));
  case league_miner_kind::late_contrarian:
    return 0;
  case league_miner_kind::over_better:
    return 18 * miner_hour_us;
  case league_miner_kind::sharp:
  case league_miner_kind::silent:
  case league_miner_kind::odds:
  case league_miner_kind::elo:
  case league_miner_kind::poisson:
    break;
  }
  return 24 * miner_hour_us;
}

/// Is this the one step in which it decides about a game?
bool is_its_moment(const league_miner& who, const sports_game& game, int64_t now_us) {
  const auto left = game.start_us - now_us;
  const auto lead = lead_of(who);
  return left > lead && left <= lead + step_us(who.world);
}

/// The number in "dev-17"; none: a game of another world.
std::optional<uint64_t> league_number(const sports_game& x) {
  constexpr std::string_view prefix = "dev-";
  if (!x.external_id.starts_with(prefix))
    return std::nullopt;
  uint64_t number = 0;
  const auto* end = x.external_id.data() + x.external_id.size();
  const auto read = std::from_chars(x.external_id.data() + prefix.size(), end, number);
  return read.ec == std::errc{} && read.ptr == end ? std::optional{number} : std::nullopt;
}

/// What the sharp takes for the truth.
class sharp_model final : public prediction_model {
public:
  explicit sharp_model(const sports_world& world) : world_(world) {}
  std::string_view name() const override { return "sharp"; }
  void learn(const sports_game&) override {}
  std::optional<outcome_chances> chances(const sports_game& x) const override {
    const auto number = league_number(x);
    if (!number)
      return std::nullopt;
    const auto game = league_game_at(world_, *number);
    outcome_chances made;
    for (size_t i = 0; i < made.of.size(); ++i)
      made.of[i] = (1 - sharp_share) * game.truth.of[i] + sharp_share * game.opening.of[i];
    return made;
  }

private:
  sports_world world_;
};

sports_pick flat_pick(const sports_game& game, bool highest, nano wager) {
  sports_pick pick;
  for (const auto one : {game_outcome::team_b, game_outcome::draw}) {
    const auto odds = odds_of(game, one);
    const auto best = *odds_of(game, pick.outcome);
    if (odds && (highest ? *odds > best : *odds < best))
      pick.outcome = one;
  }
  pick.wager = wager;
  return pick;
}

/// The sharp's decision about a game, made when it was the sharp's moment and with the odds of
/// then.
std::optional<sports_pick> sharp_pick(const league_miner& who, const sports_game& game) {
  const auto number = league_number(game);
  if (!number)
    return std::nullopt;
  const league_miner sharp{league_miner_kind::sharp, who.world};
  const auto first = static_cast<int64_t>(who.world.start_s) * miner_second_us;
  const auto step = step_us(who.world);
  // The first step at which no more than lead + step is left.
  const auto behind = game.start_us - lead_of(sharp) - step - first;
  const auto then = first + std::max<int64_t>(0, (behind + step - 1) / step) * step;
  const auto update = league_update(who.world, league_game_at(who.world, *number), then);
  auto seen = game;
  seen.team_a_odds = update.team_a_odds;
  seen.team_b_odds = update.team_b_odds;
  seen.tie_odds = update.tie_odds;
  const sharp_model model{who.world};
  const std::array one{seen};
  auto picks = picks_of(model, one, sharp_wager_max, {.edge_min = 0.005, .kelly = 2});
  return picks.empty() ? std::nullopt : std::optional{std::move(picks.front().pick)};
}

/// A model that has seen every result of the last days that was known at `now_us`.
std::unique_ptr<prediction_model> model_of(const league_miner& who, int64_t now_us) {
  auto made = make_prediction_model(name_of(who.kind));
  if (!made)
    return nullptr;
  const auto played = league_games_at(who.world, now_us).first;
  const auto most = league_history_days * who.world.games_per_day;
  for (auto number = played > most ? played - most : 0; number < played; ++number) {
    const auto update = league_update(who.world, league_game_at(who.world, number), now_us);
    sports_game game;
    game.team_a = update.team_a;
    game.team_b = update.team_b;
    game.sport = update.sport;
    game.can_tie = update.can_tie;
    game.outcome = update.outcome;
    (*made)->learn(game);
  }
  return *std::move(made);
}

std::vector<game_pick> decide(const league_miner& who, int64_t now_us,
                              std::span<const sports_game> games, nano daily_left) {
  std::vector<game_pick> made;
  const auto for_each = [&](auto pick) {
    for (size_t i = 0; i < games.size(); ++i)
      if (std::optional<sports_pick> x = pick(games[i]))
        made.push_back({i, *std::move(x)});
  };
  switch (who.kind) {
  case league_miner_kind::sharp:
  case league_miner_kind::copier:
    for_each([&who, &daily_left](const sports_game& x) {
      auto pick = sharp_pick(who, x);
      if (pick)
        daily_left -= pick->wager = std::min(pick->wager, daily_left);
      return pick && pick->wager > 0 ? pick : std::nullopt;
    });
    break;
  case league_miner_kind::public_favourite:
    for_each([](const sports_game& x) { return flat_pick(x, false, 100 * nano_one); });
    break;
  case league_miner_kind::late_contrarian:
    for_each([](const sports_game& x) { return flat_pick(x, true, 60 * nano_one); });
    break;
  case league_miner_kind::over_better:
    for_each([](const sports_game& x) { return flat_pick(x, false, 400 * nano_one); });
    break;
  case league_miner_kind::silent:
    break;
  case league_miner_kind::odds:
  case league_miner_kind::elo:
  case league_miner_kind::poisson:
    if (const auto model = model_of(who, now_us))
      made = picks_of(*model, games, daily_left, {});
    break;
  }
  return made;
}

/// One "key=value" of a strategy; "" or what is wrong with it.
std::string set_of_world(sports_world& world, std::string_view key, std::string_view value) {
  const auto number = [&value](uint64_t& out, uint64_t least, uint64_t most) -> std::string {
    const auto read = std::from_chars(value.data(), value.data() + value.size(), out);
    const bool whole = read.ec == std::errc{} && read.ptr == value.data() + value.size();
    if (whole && out >= least && out <= most)
      return {};
    return "expected a whole number from " + std::to_string(least) + " to " + std::to_string(most)
           + ", got \"" + std::string{value} + '"';
  };
  if (key == "seed")
    return number(world.seed, 0, UINT64_MAX);
  if (key == "start_s")
    return number(world.start_s, 0, 4'000'000'000);
  if (key == "step_s")
    return number(world.step_s, 60, 86'400);
  if (key == "teams")
    return number(world.teams, 2, 100);
  if (key == "games_per_day")
    return number(world.games_per_day, 1, 200);
  if (key == "margin") {
    const auto read = nano_of(value);
    if (!read || *read < 0 || *read > nano_one / 2)
      return "expected a number from 0 to 0.5, got \"" + std::string{value} + '"';
    world.margin = double_of(*read);
    return {};
  }
  return "there are seed, start_s, step_s, teams, games_per_day, margin";
}

} // namespace

result<league_miner> parse_league_miner(std::string_view strategy) {
  const auto colon = std::min(strategy.find(':'), strategy.size());
  const auto name = strategy.substr(0, colon);
  const auto at = std::ranges::find(league_miner_names, name);
  if (at == league_miner_names.end()) {
    std::string names;
    for (const auto one : league_miner_names)
      names += (names.empty() ? "" : ", ") + std::string{one};
    return fault{ec::bad_input, '"' + std::string{name}
                                  + "\" is no strategy of this mechanism; there are " + names};
  }
  league_miner made;
  made.kind = static_cast<league_miner_kind>(at - league_miner_names.begin());
  for (auto rest = strategy.substr(std::min(colon + 1, strategy.size())); !rest.empty();) {
    const auto comma = std::min(rest.find(','), rest.size());
    const auto item = rest.substr(0, comma);
    const auto sign = std::min(item.find('='), item.size());
    const auto wrong = set_of_world(made.world, item.substr(0, sign),
                                    item.substr(std::min(sign + 1, item.size())));
    if (!wrong.empty())
      return fault{ec::bad_input, std::string{item.substr(0, sign)} + ": " + wrong};
    rest.remove_prefix(std::min(comma + 1, rest.size()));
  }
  return made;
}

std::string prediction_id_of(std::string_view text) {
  auto digest = sha256(text);
  digest[6] = static_cast<uint8_t>((digest[6] & 0x0f) | 0x80);
  digest[8] = static_cast<uint8_t>((digest[8] & 0x3f) | 0x80);
  constexpr std::string_view digits = "0123456789abcdef";
  std::string made;
  for (size_t i = 0; i < 16; ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10)
      made += '-';
    made += digits[digest[i] >> 4];
    made += digits[digest[i] & 15];
  }
  return made;
}

std::vector<prediction_claim>
league_predictions(const league_miner& who, const hotkey& key, miner_uid uid, int64_t now_us,
                   std::span<const sports_game> games, nano daily_left) {
  std::vector<sports_game> chosen;
  for (const auto& x : games)
    if (is_offered(x, now_us) && is_its_moment(who, x, now_us))
      chosen.push_back(x);
  std::vector<prediction_claim> made;
  for (auto& x : decide(who, now_us, chosen, daily_left)) {
    const auto& game = chosen[x.game];
    x.pick.prediction_id = prediction_id_of(key.value + ' ' + game.external_id);
    if (x.pick.model_name.empty())
      x.pick.model_name = name_of(who.kind);
    made.push_back(claim_of_pick(x.pick, game, uid, now_us));
  }
  return made;
}

} // namespace sluice
