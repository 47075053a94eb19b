#include "tests/game/comparison.hpp"

#include "tests/game/players.hpp"

#include <fmt/format.h>

#include <algorithm>
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

/// Games that differ in nothing but their seeds and casts.
using group_key = std::tuple<std::string, std::string, uint32_t>;
/// By seed, then cast.
using group = std::map<uint64_t, std::map<std::string, const game_end*>>;

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

double number(const std::map<std::string, double>& all, const std::string& way) {
  const auto at = all.find(way);
  return at == all.end() ? 0 : at->second;
}

std::set<std::string> ways_in(const group& games, numbers_of numbers) {
  std::set<std::string> all;
  for (const auto& [seed, casts] : games)
    for (const auto& [cast, game] : casts)
      for (const auto& x : game->players)
        for (const auto& [way, value] : numbers(x))
          all.insert(way);
  return all;
}

comparison row_of(const group_key& key, std::string what, std::string way, std::string player) {
  comparison x;
  std::tie(x.model, x.baseline, x.days) = key;
  x.what = std::move(what);
  x.way = std::move(way);
  x.player = std::move(player);
  return x;
}

void compare_twins(const group_key& key, const group& games, const std::string& what,
                   numbers_of numbers, std::vector<comparison>& out) {
  for (const auto& way : ways_in(games, numbers))
    for (const auto& who : all_players()) {
      if (who.twin.empty())
        continue;
      const auto copies = copies_of(who.twin);
      std::vector<double> d;
      for (const auto& [seed, casts] : games) {
        const auto at = casts.find(std::string{casts::all});
        if (at == casts.end())
          continue;
        const auto* cheat = find(*at->second, who.name);
        const auto* one = find(*at->second, copies.first);
        const auto* two = find(*at->second, copies.second);
        if (cheat && one && two)
          d.push_back(number(numbers(*cheat), way)
                      - (number(numbers(*one), way) + number(numbers(*two), way)) / 2);
      }
      if (d.empty())
        continue;
      auto row = row_of(key, what, way, std::string{who.name});
      row.twin = who.twin;
      judge(row, d);
      out.push_back(std::move(row));
    }
}

/// What the sybils of this game got together.
double sum_of_sybils(const game_end& game, const std::string& way) {
  double sum = 0;
  for (const auto& name : sybils())
    if (const auto* x = find(game, name))
      sum += number(x->weights, way);
  return sum;
}

/// The same as a part of what all miners of this process got.
double share_of_sybils(const game_end& game, const std::string& way) {
  double all = 0;
  for (const auto& x : game.players)
    all += number(x.weights, way);
  return all > 0 ? sum_of_sybils(game, way) / all : 0;
}

void compare_sybils(const group_key& key, const group& games, std::string_view cast,
                    std::vector<comparison>& out) {
  for (const auto& way : ways_in(games, weights_in)) {
    std::vector<double> weights, shares;
    for (const auto& [seed, casts] : games) {
      const auto many = casts.find(std::string{cast});
      const auto one = casts.find(std::string{casts::single});
      if (many == casts.end() || one == casts.end())
        continue;
      weights.push_back(sum_of_sybils(*many->second, way) - sum_of_sybils(*one->second, way));
      shares.push_back(share_of_sybils(*many->second, way) - share_of_sybils(*one->second, way));
    }
    if (weights.empty())
      continue;
    auto row = row_of(key, "weight", way, std::string{cast});
    row.twin = casts::single;
    judge(row, weights);
    row.limit = sybils_allowed;
    row.judged = true;
    row.violated = row.mean > row.limit;
    out.push_back(row);
    row.what = "share";
    judge(row, shares);
    row.judged = row.violated = false;
    out.push_back(std::move(row));
  }
}

std::string cell_of(const comparison& x) {
  const double unit = x.what == "score" ? 1e4 : 1e2;
  return fmt::format("{:+.4f} ±{:.4f}{}", x.mean * unit, x.error * unit, x.violated ? " !" : "");
}

/// Columns by what and way, rows by player.
std::string table_of_group(std::span<const comparison> rows) {
  std::vector<std::string> columns, players;
  std::map<std::pair<std::string, std::string>, std::string> cells;
  const auto add = [](std::vector<std::string>& all, const std::string& x) {
    if (std::find(all.begin(), all.end(), x) == all.end())
      all.push_back(x);
  };
  for (const auto& x : rows) {
    const auto column = x.what + ' ' + x.way;
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
  x.judged = d.size() > 1;
  x.violated = x.judged && x.mean > x.limit;
}

std::vector<comparison> compare(std::span<const game_end> games) {
  std::map<group_key, group> groups;
  for (const auto& x : games)
    groups[{x.setup.model, x.setup.baseline, x.setup.days}][x.setup.seed][x.setup.cast] = &x;
  std::vector<comparison> all;
  for (const auto& [key, members] : groups) {
    compare_twins(key, members, "score", scores_in, all);
    compare_twins(key, members, "weight", weights_in, all);
    compare_sybils(key, members, casts::together, all);
    compare_sybils(key, members, casts::apart, all);
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
    text += table_of_group(all.subspan(from, to - from));
  }
  const auto violated
    = std::count_if(all.begin(), all.end(), [](const auto& x) { return x.violated; });
  text += fmt::format("\n{} comparisons, {} violated\n",
                      std::count_if(all.begin(), all.end(), [](const auto& x) { return x.judged; }),
                      violated);
  return text;
}

} // namespace sluice::game
