// Dishonest miners beside honest twins, many markets: nobody gains by being dishonest.
#include "rules/json_text.hpp"
#include "tests/game/comparison.hpp"
#include "tests/game/players.hpp"
#include "tests/game/recorded_answers.hpp"
#include "tests/game/result_lines.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <fstream>
#include <iostream>

namespace sluice::game {

namespace {

constexpr int violated = 1;
constexpr int usage = 2;
constexpr int environment = 3;
constexpr uint64_t progress_rounds = 50; // between two progress lines

struct call {
  std::string seeds = "1..20";
  std::vector<std::string> models{"observed", "replayed"};
  std::vector<std::string> baselines{"none", "kept"};
  std::vector<uint32_t> days{0, 7};
  std::vector<std::string> groups{std::string{groups::all}, std::string{groups::together},
                                  std::string{groups::apart}, std::string{groups::single}};
  std::vector<std::string> players;
  std::vector<double> evidence{0, 2};
  uint64_t rounds = 0; // 0: 300, or 820 with days of eligibility
  uint64_t check = 100;
  uint64_t live = 150;
  std::string output = "text";
  std::string lines; // file to add every game to
  std::vector<std::string> read;
  bool audit = false;
  bool only_read = false;
  bool each_seed = false;
  bool print_config = false;
  uint64_t answers = 0; // to random questions, to be printed instead
};

/// "3" or "1..20"; 0 and 0 for anything else.
std::pair<uint64_t, uint64_t> range_of(const std::string& text) {
  const auto dots = text.find("..");
  try {
    const auto first = std::stoull(text.substr(0, dots));
    const auto last = dots == std::string::npos ? first : std::stoull(text.substr(dots + 2));
    return first <= last ? std::pair<uint64_t, uint64_t>{first, last}
                         : std::pair<uint64_t, uint64_t>{0, 0};
  } catch (const std::exception&) {
    return {0, 0};
  }
}

std::vector<game_setup> setups_of(const call& asked) {
  const auto [first, last] = range_of(asked.seeds);
  std::vector<game_setup> all;
  for (auto seed = first; seed <= last && first > 0; ++seed)
    for (const auto& model : asked.models)
      for (const auto& baseline : asked.baselines)
        for (const auto days : asked.days)
          for (const auto& group : asked.groups) {
            const auto rounds = asked.rounds ? asked.rounds : days == 0 ? 300 : 820;
            all.push_back({model, baseline, days, seed, group, rounds, asked.check, asked.live});
          }
  return all;
}

std::string title_of(const game_setup& x) {
  return x.model + ", baseline " + x.baseline + ", " + std::to_string(x.days) + " days, " + x.group
         + ", seed " + std::to_string(x.seed);
}

int complain(const std::string& what, int code) {
  std::cerr << "game: " << what << '\n';
  return code;
}

/// Plays what is not there yet.
int play_all(const call& asked, std::vector<game_end>& games) {
  const auto all = setups_of(asked);
  if (all.empty())
    return complain("--seeds: expected A..B from 1 on, got " + asked.seeds, usage);
  size_t number = 0;
  for (const auto& setup : all) {
    ++number;
    if (std::any_of(games.begin(), games.end(), [&](const auto& x) { return x.setup == setup; }))
      continue;
    const auto title
      = std::to_string(number) + " of " + std::to_string(all.size()) + ": " + title_of(setup);
    game_options options{asked.players, asked.evidence, asked.audit, [&](uint64_t round) {
                           if (round % progress_rounds == 0)
                             std::cerr << '\r' << title << ", round " << round << " of "
                                       << setup.rounds << "   " << std::flush;
                         }};
    auto end = play(setup, options);
    if (!end)
      return complain(title + ": " + end.error().what, environment);
    std::cerr << '\r' << title << ", " << end->seconds << " s of the processor          \n";
    if (!asked.lines.empty())
      std::ofstream{asked.lines, std::ios::app} << line_of(*end) << '\n' << std::flush;
    games.push_back(*std::move(end));
  }
  return 0;
}

int run(const call& asked) {
  for (const auto& name : asked.players)
    if (!find_player(name))
      return complain("there is no player " + name, usage);
  if (asked.answers > 0) {
    std::cerr << "seed " << range_of(asked.seeds).first << '\n';
    std::cout << recorded_answers(range_of(asked.seeds).first, asked.answers);
    return 0;
  }
  if (asked.print_config) {
    for (const auto& setup : setups_of(asked))
      std::cout << config_text(setup, entrants_of(setup, asked.players)) << '\n';
    return 0;
  }
  std::vector<game_end> games;
  auto files = asked.read;
  if (!asked.lines.empty())
    files.push_back(asked.lines);
  for (const auto& path : files) {
    auto read = read_lines(path);
    if (!read)
      return complain(read.error().what, usage);
    games.insert(games.end(), read->begin(), read->end());
  }
  if (!asked.only_read)
    if (const int code = play_all(asked, games))
      return code;
  const auto found = compare(games, asked.each_seed ? judging::each_seed : judging::many_seeds);
  std::cout << (asked.output == "json" ? json_of(found) + '\n' : table_of(found));
  return std::any_of(found.begin(), found.end(), [](const auto& x) { return x.violated; })
           ? violated
           : 0;
}

void add_options(CLI::App& app, call& asked) {
  app.add_option("--seeds", asked.seeds, "A..B: markets, nodes, and who has which uid");
  app.add_option("--models", asked.models)
    ->delimiter(',')
    ->check(CLI::IsMember({"observed", "replayed"}));
  app.add_option("--baselines", asked.baselines)
    ->delimiter(',')
    ->check(CLI::IsMember({"none", "kept"}));
  app.add_option("--days", asked.days, "of eligibility")->delimiter(',');
  app.add_option("--groups", asked.groups, "who plays: all, or the eight hotkeys of one owner")
    ->delimiter(',')
    ->check(CLI::IsMember({"all", "sybils", "sybils_apart", "single"}));
  app.add_option("--players", asked.players, "only these")->delimiter(',');
  app.add_option("--evidence", asked.evidence)->delimiter(',');
  app.add_option("--rounds", asked.rounds, "default 300, with days of eligibility 820");
  app.add_option("--check", asked.check, "blocks between two questions")->envname("CHECK");
  app.add_option("--live", asked.live, "the same in live rounds")->envname("LIVE");
  app.add_option("--output", asked.output)->check(CLI::IsMember({"text", "json"}));
  app.add_option("--lines", asked.lines,
                 "adds every game to this file; those in it are not played");
  app.add_option("--read", asked.read, "files of other calls' games")->delimiter(',');
  app.add_flag("--audit", asked.audit, "recompute what every node has stored");
  app.add_flag("--each-seed", asked.each_seed,
               "for few seeds: judges evaluation rounds, seed by seed");
  app.add_flag("--only-read", asked.only_read, "plays nothing");
  app.add_option("--answers", asked.answers,
                 "prints so many answers to random questions, plays nothing; for game.py --check");
  app.add_flag("--print-config", asked.print_config, "prints configurations, plays nothing");
}

} // namespace

} // namespace sluice::game

int main(int argc, char** argv) {
  CLI::App app{"Plays dishonest miners beside honest twins and compares what they get."};
  sluice::game::call asked;
  sluice::game::add_options(app, asked);
  CLI11_PARSE(app, argc, argv);
  return sluice::game::run(asked);
}
