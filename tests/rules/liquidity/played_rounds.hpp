/// Rounds as miners played them, made from what each held after every question.
#pragma once

#include "rules/liquidity/plan_history.hpp"

#include <deque>
#include <map>
#include <string>
#include <vector>

namespace sluice::test {

/// Liquidity by range.
using held_ranges = std::map<std::pair<int32_t, int32_t>, u128>;

/// One miner's round: the questions put to it (indices) and what it held after each question of
/// the round; `held` is empty when it kept what the vault has.
struct played {
  std::string key;
  miner_verdict verdict = miner_verdict::scored;
  std::vector<size_t> asked{};
  std::vector<held_ranges> held{};
};

/// A round of 450 blocks with a question before it and one after every 100 blocks.
class played_round {
public:
  static constexpr size_t questions = 5;

  explicit played_round(held_ranges vault = {}, uint64_t start = 4500)
    : span_{{start / 450}, start, start + 449}, vault_(std::move(vault)) {}

  // Its plans point into it.
  played_round(const played_round&) = delete;
  played_round(played_round&&) = default;

  uint64_t block_of(size_t question) const {
    return question == 0 ? span_.start_block - 1 : span_.start_block + 100 * question;
  }

  /// The miner was asked everything and held the same from the first question on.
  void steady(const std::string& key, const held_ranges& held) {
    add({key, miner_verdict::scored, {0, 1, 2, 3, 4}, {held, held, held, held, held}});
  }

  void add(const played& x) {
    auto& asked = questions_.emplace_back();
    for (const auto i : x.asked)
      asked.push_back({block_of(i), answer_result::accepted});
    const plan_outcome* outcome = nullptr;
    if (!x.held.empty())
      outcome = &outcomes_.emplace_back(outcome_of(x));
    plans_.push_back({{x.key}, x.verdict, asked, outcome});
  }

  void book(plan_history& in) const {
    std::vector<start_position> start;
    for (const auto& [range, liquidity] : vault_)
      start.push_back({range.first, range.second, liquidity});
    in.absorb(span_, start, plans_);
  }

private:
  /// A position exists as long as the liquidity of its range stays the same; half of them are two
  /// positions.
  plan_outcome outcome_of(const played& x) const {
    plan_outcome out;
    std::map<std::pair<int32_t, int32_t>, std::pair<u128, uint64_t>> alive; // liquidity, since
    const auto end = [&](const auto& range, const auto& was, uint64_t block) {
      const auto part = was.first % 2 == 0 ? was.first / 2 : 0;
      out.positions.push_back(
        {range.first, range.second, was.first - part, was.second, block, {}, {}, {}, {}, {}, {}});
      if (part > 0)
        out.positions.push_back(
          {range.first, range.second, part, was.second, block, {}, {}, {}, {}, {}, {}});
    };
    for (const auto& [range, liquidity] : vault_)
      alive[range] = {liquidity, span_.start_block};
    for (size_t i = 0; i < x.held.size(); ++i) {
      const auto block = std::max(block_of(i), span_.start_block);
      const auto& now = x.held[i];
      std::erase_if(alive, [&](const auto& was) {
        const auto still = now.find(was.first);
        if (still != now.end() && still->second == was.second.first)
          return false;
        end(was.first, was.second, block);
        return true;
      });
      for (const auto& [range, liquidity] : now)
        alive.try_emplace(range, liquidity, block);
    }
    for (const auto& [range, was] : alive)
      end(range, was, span_.end_block);
    return out;
  }

  round_span span_;
  held_ranges vault_;
  std::deque<std::vector<asked_question>> questions_;
  std::deque<plan_outcome> outcomes_;
  std::vector<played_plan> plans_;
};

} // namespace sluice::test
