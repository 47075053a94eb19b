/// Events and keys for tests of the trading mechanism, and the smallest ledger there is.
#pragma once

#include "rules/trading/event.hpp"
#include "rules/trading/event_merge.hpp"
#include "rules/trading/ledger.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::test {

inline constexpr int64_t april_2025_us = int64_t{1'743'465'600} * us_per_second; // 2025-04-01

/// Something that looks like a key.
inline std::string some_key(uint64_t number) {
  constexpr std::string_view letters = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
  std::mt19937_64 random{number + 1};
  std::string key = "5";
  while (key.size() < key_bytes)
    key.push_back(letters[random() % letters.size()]);
  return key;
}

/// Seconds after the first of April; blocks of 12 s from 5'200'000 on.
inline book_event book_event_at(int64_t seconds, stake_action action, int64_t tao, int64_t alpha) {
  book_event x;
  x.time_us = april_2025_us + seconds * us_per_second;
  x.block = 5'200'000 + static_cast<uint64_t>(seconds / 12);
  x.action = action;
  x.tao = tao;
  x.alpha = alpha;
  x.extrinsic = std::to_string(x.block) + "-" + std::to_string(seconds);
  return x;
}
inline book_event stake_at(int64_t seconds, int64_t tao, int64_t alpha) {
  return book_event_at(seconds, stake_action::stake, tao, alpha);
}
inline book_event unstake_at(int64_t seconds, int64_t tao, int64_t alpha) {
  return book_event_at(seconds, stake_action::unstake, tao, alpha);
}

inline const key_texts no_texts = [](uint64_t) { return std::string_view{}; };

/// A book of a miner that counts from the beginning.
inline const book_facts known_miner{false, true, "miner", 0};
inline constexpr int64_t much_later_us = april_2025_us + 400 * us_per_day;

/// The rules once more, straight and with long doubles: what each lot and leg must be near to.
struct straight_leg {
  size_t lot = 0;
  long double alpha = 0;
  long double tao = 0;
  long double cost = 0;
};
struct straight_ledger {
  struct lot {
    int64_t rest = 0;
    bool closed = false;
    const book_event* event = nullptr;
  };
  std::vector<lot> lots;
  std::vector<straight_leg> legs;
  std::vector<int64_t> unmatched; // per trade
  size_t ignored = 0;

  void play(const book_event& x, int64_t dust) {
    if (x.action == stake_action::stake) {
      lots.push_back({x.alpha, false, &x});
      return;
    }
    int64_t left = x.alpha;
    bool any = false;
    for (size_t i = 0; i < lots.size() && left > 0; ++i) {
      auto& lot = lots[i];
      if (lot.closed)
        continue;
      any = true;
      const int64_t alpha = std::min(lot.rest, left);
      legs.push_back(
        {i, static_cast<long double>(alpha),
         static_cast<long double>(x.tao - x.fee) * alpha / x.alpha,
         static_cast<long double>(lot.event->tao + lot.event->fee) * alpha / lot.event->alpha});
      left -= alpha;
      lot.rest -= alpha;
      if (lot.rest <= dust) {
        lot.rest = 0;
        lot.closed = true;
      }
    }
    if (any)
      unmatched.push_back(left);
    else
      ++ignored;
  }
};

/// Seeded events of one book in the order of time: amounts from tiny to large, now and then equal
/// times, fees, unstakes that are too large or meet nothing.
inline std::vector<book_event> random_book(std::mt19937_64& random, size_t count) {
  std::vector<book_event> out;
  int64_t seconds = 0;
  for (size_t i = 0; i < count; ++i) {
    seconds += static_cast<int64_t>(random() % 20'000);
    const auto action = random() % 2 == 0 ? stake_action::stake : stake_action::unstake;
    const int64_t scale = random() % 4 == 0 ? 5000 : 40'000'000'000;
    auto x = book_event_at(seconds, action, 1 + static_cast<int64_t>(random() % scale),
                           1 + static_cast<int64_t>(random() % scale));
    x.fee = random() % 4 == 0 ? static_cast<int64_t>(random() % static_cast<uint64_t>(x.tao)) : 0;
    if (random() % 5 == 0)
      x.block = 0;
    x.hotkey = random() % 3;
    x.extrinsic += '-' + std::to_string(i);
    out.push_back(x);
  }
  return merge_events({}, out, no_texts).events;
}

} // namespace sluice::test
