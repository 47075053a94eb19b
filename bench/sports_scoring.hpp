/// Scoring of the sports mechanism on one core, next to a plain Python model of the same rules
/// (tests/rules/sports/plain_model.py) on the same rows, and how its parts grow.
///
/// The book holds 200 miners that each wager on all 50 games of each of 45 days: 450000 settled
/// predictions. What is timed is one scoring from nothing: daily parts, a run of the tiers for each
/// day, standings, weights. Both read their rows (keys, ids, moments, odds, as they are stored)
/// before the clock runs, and must agree. Times are CPU time; medians of rounds here, one run
/// there.
#pragma once

#include "rules/sports/book.hpp"
#include "rules/sports/scoring.hpp"
#include "rules/sports/tier_weights.hpp"
#include "rules/sports/tiers.hpp"
#include "tests/support/run_program.hpp"
#include "tests/support/scratch_folder.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace sluice::bench {

/// How much is in a book. Every miner has `picks_per_game` / `miners` of the games.
struct scoring_size {
  uint64_t miners = 200;
  uint64_t games_per_day = 50;
  uint64_t days = 45;
  uint64_t picks_per_game = 200;
  uint64_t predictions() const { return games_per_day * days * picks_per_game; }
};

class scoring_world {
public:
  static constexpr int64_t hour_us = 3'600'000'000;
  static constexpr int64_t day_us = 24 * hour_us;
  static constexpr int64_t first_us = 20'000 * day_us;

  explicit scoring_world(scoring_size size) : size_(size) {
    for (uint64_t i = 0; i < size.miners; ++i) {
      char key[64];
      std::snprintf(key, sizeof key, "5DwGisbDgMGpPf9rdgE4M2pbEaRAb9fbiQBgmCBKt2c%05u",
                    static_cast<unsigned>(i));
      members_.push_back({miner_uid{static_cast<uint16_t>(i)}, hotkey{key}, true});
    }
    for (uint64_t day = 0; day < size.days; ++day)
      add_day(day);
  }

  const scoring_size& size() const { return size_; }
  const sports_book& book() const { return book_; }
  const std::vector<sports_member>& members() const { return members_; }
  int64_t now_us() const {
    return first_us + static_cast<int64_t>(size_.days + 1) * day_us + 12 * hour_us;
  }

  /// One scoring from nothing.
  sports_scores score() const {
    const auto records = sports_records_of(book_);
    tier_state tiers;
    advance_tiers(tiers, *first_sports_day(book_), sports_day_of(now_us()), members_, records,
                  book_.rules());
    return score_sports(now_us(), members_, tiers, records, {}, book_.rules());
  }

  /// A line with what all have in common, one per game, then one per prediction.
  void write_rows(std::ostream& out) const {
    out << nlohmann::json{{"miners", size_.miners},
                          {"games", book_.games().size()},
                          {"slots", book_.rules().slots},
                          {"first", *first_sports_day(book_)},
                          {"today", sports_day_of(now_us())}}
        << '\n';
    for (const auto& [id, x] : book_.games())
      out << nlohmann::json{id, x.start_us, double_of(x.team_a_odds), double_of(x.team_b_odds)}
          << '\n';
    for (const auto& [number, x] : book_.predictions()) {
      char row[256];
      std::snprintf(
        row, sizeof row, "[%u,\"%s\",%u,%lld,%.17g,%lld,%lld,\"%s\",%.17g]\n",
        static_cast<unsigned>(x.uid.value), x.game_id.c_str(), static_cast<unsigned>(x.outcome),
        static_cast<long long>(x.received_us), double_of(x.odds), static_cast<long long>(x.wager),
        static_cast<long long>(x.payout), std::string{name_of(x.state)}.c_str(), x.entropy);
      out << row;
    }
  }

private:
  /// Miners send what they have for a day together.
  void add_day(uint64_t day) {
    std::vector<sports_game> games;
    for (uint64_t i = 0; i < size_.games_per_day; ++i)
      games.push_back(add_game(day, i));
    for (uint64_t miner = 0; miner < size_.miners; ++miner)
      for (uint64_t i = 0; i < size_.games_per_day; ++i)
        if ((miner + size_.miners - i * size_.picks_per_game % size_.miners) % size_.miners
            < size_.picks_per_game)
          add_pick(games[i], members_[miner]);
  }

  sports_game add_game(uint64_t day, uint64_t number) {
    sports_game game;
    game.external_id = "g-" + std::to_string(day) + '-' + std::to_string(number);
    game.team_a = "Home";
    game.team_b = "Away";
    game.start_us = first_us + static_cast<int64_t>(day + 1) * day_us
                    + static_cast<int64_t>(number % 24) * hour_us;
    game.team_a_odds = odds();
    game.team_b_odds = odds();
    game.outcome = static_cast<game_outcome>(chance_() % 2);
    game.state = game_state::decided;
    book_.put(game);
    return game;
  }

  void add_pick(const sports_game& game, const sports_member& who) {
    stored_prediction x;
    x.number = ++number_;
    x.prediction_id = "p-" + std::to_string(number_);
    x.game_id = game.external_id;
    x.key = who.key;
    x.uid = who.uid;
    x.received_us = game.start_us - day_us / 2 + int64_t{who.uid.value} * 1'000'000;
    // The higher its uid, the more often a miner is right.
    const bool right = chance_() % 1000 < 400U + who.uid.value;
    x.outcome = right ? game.outcome : static_cast<game_outcome>(chance_() % 2);
    x.odds = *odds_of(game, x.outcome) + static_cast<nano>(chance_() % 3) * (nano_one / 100);
    x.wager = static_cast<nano>(5 + chance_() % 16) * nano_one;
    x.entropy = static_cast<double>(chance_() % 20'001) / 1000 - 10;
    x.state = x.outcome == game.outcome ? prediction_state::won : prediction_state::lost;
    x.payout = x.state == prediction_state::won ? *payout_of(x.wager, x.odds) : 0;
    if (!book_.apply(std::move(x))) {
      std::fprintf(stderr, "sports_bench: a prediction cannot be applied\n");
      std::exit(2);
    }
  }

  nano odds() { return static_cast<nano>(140 + chance_() % 260) * (nano_one / 100); }

  scoring_size size_;
  std::mt19937_64 chance_{20'251'203};
  sports_book book_;
  std::vector<sports_member> members_;
  uint64_t number_ = 0;
};

class sports_scoring {
public:
  static constexpr double ratio_min = 20;

  /// 0 when scoring is at least `ratio_min` times as fast as the model, and both agree.
  int run() {
    const bool fast = compare();
    games_grow();
    pools_grow();
    return fast ? 0 : 1;
  }

private:
  static constexpr int rounds = 7;

  static double cpu_s() {
    timespec x{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &x);
    return static_cast<double>(x.tv_sec) + static_cast<double>(x.tv_nsec) * 1e-9;
  }

  template <class F>
  static double median_s(F what) {
    std::vector<double> all;
    for (int i = 0; i < rounds; ++i) {
      const auto begin = cpu_s();
      what();
      all.push_back(cpu_s() - begin);
    }
    std::ranges::sort(all);
    return all[all.size() / 2];
  }

  bool compare() const {
    const scoring_world world{{}};
    sports_scores scores;
    const auto ours = median_s([&] { scores = world.score(); });
    const auto model = run_model(world);
    std::printf(
      "scoring: %zu miners, %zu games a day, %zu days, %zu predictions\n",
      static_cast<size_t>(world.size().miners), static_cast<size_t>(world.size().games_per_day),
      static_cast<size_t>(world.size().days), static_cast<size_t>(world.size().predictions()));
    std::printf("  ours          %9.2f ms\n", ours * 1000);
    if (model.is_null()) {
      std::printf("  plain Python  not measured: there is no python3\n");
      return false;
    }
    const auto theirs = model.at("seconds").get<double>();
    const bool same = agrees(scores, model);
    const bool good = same && theirs >= ratio_min * ours;
    std::printf("  plain Python  %9.2f ms  %.1f x\n", theirs * 1000, theirs / ours);
    std::printf("  same tiers, scores and weights: %s; at least %.0f x: %s\n", same ? "yes" : "NO",
                ratio_min, good ? "yes" : "NO");
    return good;
  }

  static nlohmann::json run_model(const scoring_world& world) {
    const test::scratch_folder folder;
    {
      std::ofstream out{folder.at("rows.jsonl")};
      world.write_rows(out);
    }
    test::run_options options;
    options.patience = std::chrono::seconds{600};
    const auto made
      = test::run_program("/usr/bin/env",
                          {"python3", "-B", SOURCE_DIR "/tests/rules/sports/plain_model.py",
                           "--scoring", folder.at("rows.jsonl")},
                          options);
    if (made.code == 0)
      return nlohmann::json::parse(made.out);
    std::fputs(made.err.c_str(), stderr);
    return {};
  }

  static bool agrees(const sports_scores& ours, const nlohmann::json& model) {
    const auto near
      = [](double a, double b) { return std::fabs(a - b) <= std::max(1e-9, 1e-9 * std::fabs(b)); };
    for (size_t i = 0; i < ours.miners.size(); ++i) {
      const auto& x = ours.miners[i];
      if (x.tier != model.at("tiers")[i].get<int>()
          || !near(x.tier_score, model.at("scores")[i].get<double>())
          || !near(x.weight, model.at("weights")[i].get<double>()))
        return false;
    }
    return ours.miners.size() == model.at("tiers").size();
  }

  /// More games, the same picks on each: a constant part (tiers), and one for each prediction.
  static void games_grow() {
    std::printf("games grow, 50 picks on each:\n");
    double last_s = 0;
    double last_predictions = 0;
    for (const uint64_t games : {25, 50, 100, 200}) {
      const scoring_world world{{200, games, 45, 50}};
      const auto took = median_s([&] { world.score(); });
      const auto n = static_cast<double>(world.size().predictions());
      std::printf("  %4zu a day, %7.0f predictions  %8.2f ms", static_cast<size_t>(games), n,
                  took * 1000);
      if (last_predictions > 0)
        std::printf("  %6.1f ns for each one more", (took - last_s) * 1e9 / (n - last_predictions));
      std::printf("\n");
      last_s = took;
      last_predictions = n;
    }
  }

  /// Entropy at acceptance: a pick is compared with each earlier one of its pool.
  static void pools_grow() {
    std::printf("a pool grows: entropy of its picks, each once, at acceptance\n");
    for (const size_t picks : {50, 100, 200, 400, 800, 1600}) {
      double sum = 0;
      const auto took = median_s([&] { sum += entropy_of_pool(picks); });
      const auto n = static_cast<double>(picks);
      std::printf("  %5zu picks  %9.1f us  %6.2f us a pick  %5.2f ns a pair%s\n", picks, took * 1e6,
                  took * 1e6 / n, took * 1e9 / (n * (n - 1) / 2), std::isfinite(sum) ? "" : "?");
    }
  }

  static double entropy_of_pool(size_t picks) {
    std::vector<pool_pick> pool;
    std::vector<double> raw;
    double sum = 0;
    for (size_t i = 0; i < picks; ++i) {
      const pool_pick x{1.5 + static_cast<double>(i % 7) / 100,
                        1 + static_cast<double>(i * 37 % 90), static_cast<double>(i) * 60};
      raw.push_back(raw_entropy_of(similarity_of(x, pool), contrarian_of(i, 2 * i)));
      const auto ends = std::ranges::minmax(raw);
      sum += scaled_entropy(raw.back(), ends.min, ends.max);
      pool.push_back(x);
    }
    return sum;
  }
};

} // namespace sluice::bench
