/// Where one miner's scores, tier and weight come from: every number with those it is made of.
#pragma once

#include "rules/ids.hpp"
#include "rules/sports/book.hpp"
#include "rules/sports/config.hpp"
#include "rules/sports/scores.hpp"
#include "rules/sports/scoring.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace sluice {

/// A prediction with the numbers that it adds to its day. No units; `day`: days since 1970-01-01
/// UTC, of the start of its game.
struct explained_bet {
  stored_prediction what;
  int64_t day = 0;
  double closing = 0;  // last odds of its outcome; 0: none
  double clv = 0;      // odds / closing; 0 without closing odds
  double roi = 0;      // (payout - wager) / wager
  double expected = 0; // 0.95 / odds: how likely the odds call it
  double risk = 0;     // what it adds to the risk part
  bool counts = false; // it was won or lost
};

/// One tier (1 to 5) as the miner stands to it on the day of the scoring.
struct explained_tier {
  uint8_t tier = 0;
  tier_terms terms;
  double score = 0;      // mean daily composite over the tier's window
  int64_t wagered = 0;   // in the window, nano
  window_roi roi;        // of the ROI rule
  uint64_t capacity = 0; // miners that it holds
  uint64_t holders = 0;  // miners that are in it
  double worst = 0;      // the lowest score of its holders; 0 without any
  std::string fault;     // what it asks for and the miner has not; ""
};

/// exp(exponent * place / (of - 1)) + tier_step * below = raw; raw / total = weight.
struct explained_weight {
  uint64_t place = 0; // from the worst, 0 at first
  uint64_t of = 0;    // ranked miners; 0: this one is not ranked
  uint64_t below = 0; // populated tiers below its own
  double raw = 0;
  double total = 0; // over all that are ranked
  double weight = 0;
};

struct sports_explanation {
  sports_standing standing;
  int64_t day = 0; // of the scoring, days since 1970-01-01 UTC
  std::map<int64_t, daily_score> daily;
  std::vector<explained_bet> bets; // the newest first
  uint64_t bets_in_all = 0;
  std::vector<explained_tier> tiers; // 1 to 5
  std::string why_not_higher;        // a sentence
  explained_weight weight;
};

/// Of a miner that the scoring names; none: it names no such hotkey. `bets_max`: a count. The book
/// is that of the scoring, or a later one.
std::optional<sports_explanation>
explain_sports_miner(const sports_book& book, const sports_scores& scores, const hotkey& key,
                     size_t bets_max);

} // namespace sluice
