#include "tests/game/comparison.hpp"

#include "tests/game/players.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <tuple>

namespace sluice::game {

namespace {

constexpr double errors_allowed = 4;
constexpr double equal_allowed = 1e-9;
constexpr double sybils_allowed = 0.01; // of all weights

/// Games that differ in nothing but their seeds and groups of players.
using series_key = std::tuple<std::string, std::string, uint32_t>;
/// By seed, then group of players.
using series = std::map<uint64_t, std::map<std::string, const game_end*>>;

const player_end* find(const game_end& game, std::string_view name) {
  for (const auto& x : game.players)
    if (x.name == name)
      return &x;
  return nullptr;
}

using numbers_of = const std::map<std::string, double>& (*)(const player_end&);

const std::map<std::string, double>& scores_in(const player_end& x) {
  return x.scores;
}

const std::map<std::string, double>& weights_in(const player_end& x) {
  return x.weights;
}

const std::map<std::string, double>& shares_in(const player_end& x) {
  return x.shares;
}

/// As a way of its own.
const std::map<std::string, double>& evaluation_in(const player_end& x) {
  return x.evaluation;
}

std::optional<double> number(const std::map<std::string, double>& all, const std::string& way) {
  const auto at = all.find(way);
  return at == all.end() ? std::nullopt : std::optional{at->second};
}

/// The cheat less the mean of its twin's two copies; none when one of the three has no number.
std::optional<double>
difference(const game_end& game, const player& who, numbers_of numbers, const std::string& way) {
  const auto copies = copies_of(who.twin);
  std::array<double, 3> values{};
  for (size_t i = 0; const auto name : {who.name, copies.first, copies.second}) {
    const auto* x = find(game, name);
    const auto value = x ? number(numbers(*x), way) : std::nullopt;
    if (!value)
      return std::nullopt;
    values[i++] = *value;
  }
  return values[0] - (values[1] + values[2]) / 2;
}

std::set<std::string> ways_in(const series& games, numbers_of numbers) {
  std::set<std::string> all;
  for (const auto& [seed, groups_played] : games)
    for (const auto& [group, game] : groups_played)
      for (const auto& x : game->players)
        for (const auto& [way, value] : numbers(x))
          all.insert(way);
  return all;
}

comparison row_of(const series_key& key, std::string what, std::string way, std::string player) {
  comparison x;
  std::tie(x.model, x.baseline, x.days) = key;
  x.what = std::move(what);
  x.way = std::move(way);
  x.player = std::move(player);
  return x;
}

/// By the second rule: whoever plays as its twin does, but for its answers, has no more than it.
void judge_each_seed(comparison& x) {
  x.limit = equal_allowed;
  x.judged = x.what == "evaluation" && x.baseline == "none" && x.player != "wall_if_down";
  x.violated = x.judged && x.largest > x.limit;
}

void compare_twins(const series_key& key, const series& games, const std::string& what,
                   numbers_of numbers, judging rule, std::vector<comparison>& out) {
  for (const auto& way : ways_in(games, numbers))
    for (const auto& who : all_players()) {
      if (who.twin.empty())
        continue;
      std::vector<double> d;
      for (const auto& [seed, groups_played] : games)
        if (const auto at = groups_played.find(std::string{groups::all}); at != groups_played.end())
          if (const auto x = difference(*at->second, who, numbers, way))
            d.push_back(*x);
      if (d.empty())
        continue;
      auto row = row_of(key, what, way, std::string{who.name});
      row.twin = who.twin;
      judge(row, d);
      if (rule == judging::each_seed)
        judge_each_seed(row);
      out.push_back(std::move(row));
    }
}

/// What the sybils of this game got together.
double sum_of_sybils(const game_end& game, numbers_of numbers, const std::string& way) {
  double sum = 0;
  for (const auto& name : sybils())
    if (const auto* x = find(game, name))
      sum += number(numbers(*x), way).value_or(0);
  return sum;
}

/// Eight hotkeys less one in their place, by seed.
std::vector<double> gains_of_sybils(const series& games, std::string_view group, numbers_of numbers,
                                    const std::string& way) {
  std::vector<double> d;
  for (const auto& [seed, groups_played] : games) {
    const auto many = groups_played.find(std::string{group});
    const auto one = groups_played.find(std::string{groups::single});
    if (many != groups_played.end() && one != groups_played.end())
      d.push_back(sum_of_sybils(*many->second, numbers, way)
                  - sum_of_sybils(*one->second, numbers, way));
  }
  return d;
}

void compare_sybils(const series_key& key, const series& games, std::string_view group,
                    std::vector<comparison>& out) {
  constexpr std::array<std::pair<const char*, numbers_of>, 2> kinds{
    {{"weight", weights_in}, {"share", shares_in}}};
  for (const auto& [what, numbers] : kinds)
    for (const auto& way : ways_in(games, numbers)) {
      const auto d = gains_of_sybils(games, group, numbers, way);
      if (d.empty())
        continue;
      auto row = row_of(key, what, way, std::string{group});
      row.twin = groups::single;
      judge(row, d);
      row.limit = sybils_allowed;
      row.judged = numbers == weights_in;
      row.violated = row.judged && row.mean > row.limit;
      out.push_back(std::move(row));
    }
}

std::string cell_of(const comparison& x) {
  const double unit = x.what == "score" || x.what == "evaluation" ? 1e4 : 1e2;
  if (x.mean == 0 && x.error == 0)
    return "0";
  return fmt::format("{:+.3f} ±{:.3f}{}", x.mean * unit, x.error * unit, x.violated ? " !" : "");
}

/// Columns by what and way, rows by player.
std::string table_of_series(std::span<const comparison> rows) {
  std::vector<std::string> columns, players;
  std::map<std::pair<std::string, std::string>, std::string> cells;
  const auto add = [](std::vector<std::string>& all, const std::string& x) {
    if (std::find(all.begin(), all.end(), x) == all.end())
      all.push_back(x);
  };
  for (const auto& x : rows) {
    const auto column = x.way.empty() ? x.what : x.what + ' ' + x.way;
    add(columns, column);
    add(players, x.player);
    cells[{x.player, column}] = cell_of(x);
  }
  std::string text = "| player |";
  std::string line = "|---|";
  for (const auto& x : columns) {
    text += ' ' + x + " |";
    line += "---|";
  }
  text += '\n' + line + '\n';
  for (const auto& who : players) {
    text += "| " + who + " |";
    for (const auto& x : columns) {
      const auto at = cells.find({who, x});
      text += ' ' + (at == cells.end() ? std::string{} : at->second) + " |";
    }
    text += '\n';
  }
  return text;
}

} // namespace

void judge(comparison& x, std::span<const double> d) {
  x.seeds = d.size();
  const auto n = static_cast<double>(d.size());
  double sum = 0;
  for (const double value : d)
    sum += value;
  x.mean = d.empty() ? 0 : sum / n;
  const bool equal = std::all_of(d.begin(), d.end(), [&](double value) { return value == d[0]; });
  double squares = 0;
  if (!equal)
    for (const double value : d)
      squares += (value - x.mean) * (value - x.mean);
  x.error = equal ? 0 : std::sqrt(squares / (n - 1) / n);
  x.limit = equal ? equal_allowed : errors_allowed * x.error;
  x.largest = d.empty() ? 0 : *std::max_element(d.begin(), d.end());
  x.judged = d.size() > 1 && (x.what == "score" || x.what == "weight");
  x.violated = x.judged && x.mean > x.limit;
}

std::vector<comparison> compare(std::span<const game_end> games, judging rule) {
  std::map<series_key, series> all_series;
  for (const auto& x : games)
    all_series[{x.setup.model, x.setup.baseline, x.setup.days}][x.setup.seed][x.setup.group] = &x;
  std::vector<comparison> all;
  for (const auto& [key, members] : all_series) {
    compare_twins(key, members, "evaluation", evaluation_in, rule, all);
    compare_twins(key, members, "score", scores_in, rule, all);
    compare_twins(key, members, "weight", weights_in, rule, all);
    compare_twins(key, members, "share", shares_in, rule, all);
    compare_sybils(key, members, groups::together, all);
    compare_sybils(key, members, groups::apart, all);
  }
  return all;
}

std::string table_of(std::span<const comparison> all) {
  std::string text;
  for (size_t from = 0, to = 0; from < all.size(); from = to) {
    const auto same = [&](const comparison& x) {
      return std::tie(x.model, x.baseline, x.days)
             == std::tie(all[from].model, all[from].baseline, all[from].days);
    };
    while (to < all.size() && same(all[to]))
      ++to;
    uint64_t seeds = 0;
    for (size_t i = from; i < to; ++i)
      seeds = std::max(seeds, all[i].seeds);
    text += fmt::format("{}### {}, baseline {}, eligibility {} days, {} seeds\n\n",
                        from == 0 ? "" : "\n", all[from].model, all[from].baseline, all[from].days,
                        seeds);
    text += table_of_series(all.subspan(from, to - from));
  }
  const auto violated
    = std::count_if(all.begin(), all.end(), [](const auto& x) { return x.violated; });
  text += fmt::format("\n{} comparisons, {} violated\n",
                      std::count_if(all.begin(), all.end(), [](const auto& x) { return x.judged; }),
                      violated);
  return text;
}

} // namespace sluice::game
