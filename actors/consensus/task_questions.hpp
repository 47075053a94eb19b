/// Which assignments their miners have been asked about, and one round of questions in stepped
/// time.
#pragma once

#include "messages/miner.hpp"
#include "rules/consensus/task_board.hpp"
#include "rules/consensus/task_exchange.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace sluice {

/// Every assignment is asked once by each handle of its miner; after a failure again, at most
/// tries_max times. A miner that has another handle by now is asked anew. Not for several threads.
class task_questions {
public:
  /// Counts: questions to one miner at a time, and by one handle.
  static constexpr size_t open_max = task_limits::questions_max;
  static constexpr size_t tries_max = 3;

  /// Forgets assignments that are not among these.
  void keep_only(const std::vector<open_assignment>& all);
  /// May it be asked now? Then the question is under way and has this number, from 1; else 0.
  uint64_t begin(const open_assignment& x, const miner_actor& whom);
  /// The question of this number has been answered, or has failed. One that is not under way any
  /// more changes nothing.
  void end(const open_assignment& x, uint64_t number, bool answered);
  /// Under way now; a count.
  size_t size() const;

private:
  struct asked {
    hotkey key;
    miner_actor by;
    size_t tries = 0;
    uint64_t number = 0; // of the question under way; 0: none is
    bool is_answered = false;
  };
  void close(asked& x);

  uint64_t last_ = 0;
  std::map<std::string, asked> all_; // by assignment
  std::map<hotkey, size_t> open_;    // questions under way
};

/// Questions that are waited for together. The last one that is closed calls `then`, once.
class task_round {
public:
  task_round(size_t count, std::function<void(task_round&)> then)
    : open_(count, true), left_(count), then_(std::move(then)), taken_(count) {}

  bool is_open(size_t i) const { return open_[i]; }
  /// Counted from 0; only what is open. No answer: the miner is silent, or cannot be read.
  void close(size_t i, const open_assignment& x, std::optional<task_answer> answer);
  /// Without any question it is over at once.
  void close_if_empty() {
    if (open_.empty())
      then_(*this);
  }
  /// In the order of the questions.
  std::vector<std::pair<open_assignment, task_answer>> answers() const;

private:
  std::vector<bool> open_;
  size_t left_;
  std::function<void(task_round&)> then_;
  std::vector<std::optional<std::pair<open_assignment, task_answer>>> taken_;
};

} // namespace sluice
