#include "rules/sports/league.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace sluice {

namespace {

constexpr int64_t league_second_us = 1'000'000;
constexpr int64_t league_day_us = 86'400 * league_second_us;
constexpr double strength_deviation = 0.6; // of teams, on the logistic scale
constexpr double opening_deviation = 0.35; // of the bookmaker's first line
constexpr double closing_share = 0.2;      // of that which is left at the start
constexpr double home_advantage = 0.2;
constexpr double equal_draws = 0.28;
constexpr uint64_t forgotten_of = 200;

/// What a random number is for: numbers of different purposes have nothing to do with each other.
enum class league_draw : uint64_t { teams = 1, strength, opening, outcome, sport, forgotten };

/// A number of 64 bits for a purpose: Steele, Lea, Flood, Fast Splittable Pseudorandom Number
/// Generators, 2014 (SplitMix64), over the parts one after the other.
uint64_t league_chance(uint64_t seed, league_draw purpose, uint64_t number) {
  uint64_t x = seed;
  for (const auto part : {static_cast<uint64_t>(purpose), number}) {
    x += 0x9e3779b97f4a7c15U * (part + 1);
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9U;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebU;
    x ^= x >> 31;
  }
  return x;
}

/// From 0 to below 1.
double league_share(uint64_t seed, league_draw purpose, uint64_t number) {
  return static_cast<double>(league_chance(seed, purpose, number) >> 11) * 0x1.0p-53;
}

/// Standard normal (Box and Muller, 1958).
double league_normal(uint64_t seed, league_draw purpose, uint64_t number) {
  const auto a = league_share(seed, purpose, number * 2);
  const auto b = league_share(seed, purpose, number * 2 + 1);
  return std::sqrt(-2 * std::log(1 - a)) * std::cos(2 * std::numbers::pi * b);
}

outcome_chances chances_at(double ahead, bool can_tie) {
  const auto share = 1 / (1 + std::exp(-ahead));
  const auto draw = can_tie ? equal_draws * 4 * share * (1 - share) : 0;
  return {{share * (1 - draw), (1 - share) * (1 - draw), draw}};
}

/// How far ahead team A is, on the logistic scale, by the two chances of a win.
double ahead_of(const outcome_chances& x) {
  return std::log(x.of[0] / x.of[1]);
}

game_outcome drawn_outcome(const outcome_chances& x, double share) {
  if (share < x.of[0])
    return game_outcome::team_a;
  return share < x.of[0] + x.of[1] ? game_outcome::team_b : game_outcome::draw;
}

int64_t league_start_us(const sports_world& world, uint64_t number) {
  const auto day = static_cast<int64_t>(number / world.games_per_day);
  const auto slot = static_cast<int64_t>(number % world.games_per_day);
  const auto first = static_cast<int64_t>(world.start_s) * league_second_us;
  return first + day * league_day_us
         + slot * (league_day_us / static_cast<int64_t>(world.games_per_day));
}

} // namespace

league_game league_game_at(const sports_world& world, uint64_t number) {
  const auto seed = world.seed;
  league_game x;
  x.number = number;
  x.external_id = "dev-" + std::to_string(number);
  const auto pair = league_chance(seed, league_draw::teams, number);
  const auto a = pair % world.teams;
  const auto b = (a + 1 + (pair >> 32) % (world.teams - 1)) % world.teams;
  x.team_a = "Team " + std::to_string(a + 1);
  x.team_b = "Team " + std::to_string(b + 1);
  x.can_tie = league_chance(seed, league_draw::sport, number) % 2 == 0;
  x.start_us = league_start_us(world, number);
  const auto ahead = home_advantage
                     + strength_deviation
                         * (league_normal(seed, league_draw::strength, a)
                            - league_normal(seed, league_draw::strength, b));
  x.truth = chances_at(ahead, x.can_tie);
  x.opening = chances_at(
    ahead + opening_deviation * league_normal(seed, league_draw::opening, number), x.can_tie);
  x.outcome = drawn_outcome(x.truth, league_share(seed, league_draw::outcome, number));
  x.never_decided = league_chance(seed, league_draw::forgotten, number) % forgotten_of == 0;
  return x;
}

league_range league_games_at(const sports_world& world, int64_t now_us) {
  const auto first_us = league_start_us(world, 0);
  const auto gap = league_day_us / static_cast<int64_t>(world.games_per_day);
  const auto until = now_us + league_announced_us - first_us;
  const auto from = now_us - league_played_us - league_day_us - first_us;
  league_range made;
  // Slots of a day may end a little before the day does: look one further, then cut.
  made.first = from <= 0 ? 0 : static_cast<uint64_t>(from / league_day_us) * world.games_per_day;
  made.last = until < 0 ? 0 : static_cast<uint64_t>(until / gap) + world.games_per_day + 1;
  while (made.last > made.first
         && league_start_us(world, made.last - 1) > now_us + league_announced_us)
    --made.last;
  return made;
}

outcome_chances league_line(const league_game& x, int64_t now_us) {
  const auto left = std::clamp(
    static_cast<double>(x.start_us - now_us) / static_cast<double>(league_announced_us), 0.0, 1.0);
  const auto wrong = ahead_of(x.opening) - ahead_of(x.truth);
  const auto share = closing_share + (1 - closing_share) * left;
  return chances_at(ahead_of(x.truth) + wrong * share, x.can_tie);
}

nano league_odds(double chance, double margin) {
  const auto hundredths = std::llround(100 / (chance * (1 + margin)));
  return std::max<nano>(static_cast<nano>(hundredths), 101) * (nano_one / 100);
}

game_update league_update(const sports_world& world, const league_game& x, int64_t now_us) {
  const auto line = league_line(x, std::min(now_us, x.start_us));
  game_update made;
  made.at_us = now_us;
  made.external_id = x.external_id;
  made.team_a = x.team_a;
  made.team_b = x.team_b;
  made.sport = x.can_tie ? "soccer" : "football";
  made.league = "dev";
  made.start_us = x.start_us;
  made.team_a_odds = league_odds(line.of[0], world.margin);
  made.team_b_odds = league_odds(line.of[1], world.margin);
  made.can_tie = x.can_tie;
  if (x.can_tie)
    made.tie_odds = league_odds(line.of[2], world.margin);
  if (now_us >= x.start_us + league_played_us && !x.never_decided)
    made.outcome = x.outcome;
  return made;
}

std::vector<game_update> league_updates(const sports_world& world, int64_t now_us) {
  const auto range = league_games_at(world, now_us);
  std::vector<game_update> made;
  for (auto number = range.first; number < range.last; ++number)
    made.push_back(league_update(world, league_game_at(world, number), now_us));
  return made;
}

} // namespace sluice
