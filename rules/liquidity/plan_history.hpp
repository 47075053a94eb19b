/// What the plans of a job's miners looked like in its last evaluation rounds: who plays like whom.
#pragma once

#include "rules/liquidity/answers.hpp"
#include "rules/liquidity/plan.hpp"
#include "rules/liquidity/schedule.hpp"

#include <compare>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace sluice {

/// How one miner played one evaluation round. What is pointed at need not live longer than the
/// call that it is given to.
struct played_plan {
  hotkey key;
  miner_verdict verdict = miner_verdict::scored;
  std::span<const asked_question> questions; // put to it, by block
  const plan_outcome* outcome = nullptr;     // null: it kept the vault's own plan
};

/// Of the questions that count for two miners, after how many their plans were equal.
struct plan_comparison {
  uint32_t questions = 0;
  uint32_t equal = 0;
  bool operator==(const plan_comparison&) const = default;
};

/// At least one question counts, and the plans were equal after at least 80 % of them. No error.
bool equal_plans(const plan_comparison& x);

/// Who asked first for what a group of miners shares: of every one of them the rounds in which it
/// was the first, and in how many rounds there was something shared.
struct plan_leads {
  std::vector<uint32_t> led; // in the order of the group
  uint32_t rounds = 0;
  bool operator==(const plan_leads&) const = default;
};

/// The last activity_rounds evaluation rounds of a job (docs/decisions/0036). A miner's plan after
/// a question is the liquidity that it then held in every range, whether the answer changed it or
/// not. Two plans are equal when their ranges are, and their liquidity in each is within 2 % of the
/// larger one. A question counts for two miners that were both asked it and did not refuse the
/// round, unless both then held exactly what the vault held at the round's start. Every round
/// compares all miners once (bench/plan_history_bench): 256 with 5 questions cost a few
/// milliseconds. Memory is bounded by activity_rounds and limits::miners_max; hotkeys beyond it are
/// not compared. Pure: the same rounds in the same order give the same history. No function fails.
class plan_history {
public:
  /// Books one evaluation round; of a hotkey that comes twice the first counts. `vault`: its
  /// positions at the round's start.
  void absorb(const round_span& round, std::span<const start_position> vault,
              std::span<const played_plan> plans);

  /// Where a hotkey stands for `compare`, until the next round; none: it is in no round.
  std::optional<uint32_t> find(const hotkey& key) const;
  /// All zero when one of them is in no round, and for one with itself.
  plan_comparison compare(std::optional<uint32_t> a, std::optional<uint32_t> b) const;

  /// Of every round that range counts which two or more of `group` held after some question and
  /// the vault did not hold at the start; of several the one held after most questions, all of
  /// `group` added up, then the one asked for first, then the lowest. Its leader is the one who
  /// held it after an earlier question than all others did; with two such there is none. At most
  /// limits::miners_max different hotkeys.
  plan_leads leads(std::span<const hotkey> group) const;

private:
  struct held_range {
    int32_t tick_lower = 0;
    int32_t tick_upper = 0;
    u128 liquidity = 0;
    u128 slack = 0; // the most by which a smaller one may differ: 2 %
    friend auto operator<=>(const held_range&, const held_range&) = default;
  };
  /// By range, every range once.
  using plan_state = std::vector<held_range>;
  /// The same state after some questions in succession.
  struct run {
    uint32_t until = 0; // index of the question behind it
    uint32_t state = 0; // index into round::states, or not_asked
  };
  struct played_miner {
    uint32_t slot = 0;
    std::vector<run> runs; // of all questions of the round
  };
  struct round {
    std::vector<plan_state> states;   // 0: the vault's own
    std::vector<played_miner> miners; // by hotkey
  };
  struct slot_entry {
    uint32_t index = 0;
    uint32_t rounds = 0; // in which it was asked
  };
  struct range_use;
  using range_uses = std::map<std::pair<int32_t, int32_t>, range_use>;
  class round_builder;

  static constexpr uint32_t not_asked = UINT32_MAX;

  static bool equal(const plan_state& a, const plan_state& b);
  static plan_comparison compare(const round& x, const played_miner& a, const played_miner& b);
  static void add_use(const round& x, const played_miner& who, size_t member, range_uses& uses);
  static size_t pair_index(uint32_t a, uint32_t b);
  std::optional<uint32_t> take_slot(const hotkey& key);
  void drop_oldest();
  template <class Change>
  void change_totals(const round& x, Change change);

  std::deque<round> rounds_; // oldest first
  std::map<hotkey, slot_entry> slots_;
  std::map<uint32_t, hotkey> keys_; // by slot
  std::vector<uint32_t> free_slots_;
  std::vector<plan_comparison> totals_; // a triangle: every pair of slots once
};

} // namespace sluice
