/// A plan that is evaluated onward: a window's blocks pass once, and it can be asked in between.
#pragma once

#include "sim/evaluate/performance.hpp"

#include <memory>
#include <optional>
#include <span>

namespace sluice {

/// A window of which only the blocks that pass just now are there. Evaluations that are open read
/// them; what has passed is let go of. No function here fails.
class passing_window {
public:
  /// The moment before the first block of a window: of `opening` the terms, `from`, the start and
  /// its pool count, its blocks do not. `model` is that of every evaluation.
  passing_window(const window& opening, pool_model model);
  passing_window(const passing_window&) = delete;
  passing_window& operator=(const passing_window&) = delete;

  /// The next blocks, ascending, none above block number `to` (not checked): the window now ends
  /// there. `to` ascends, the opening's end being from - 1.
  void show(std::span<const std::shared_ptr<const block_record>> blocks, uint64_t to);

  /// The window's terms and bounds so far, with the blocks that were shown last and the price
  /// before them.
  const window& part() const { return part_; }
  const path_extents& extents() const { return extents_; }
  /// The pool's fee at the end, hundredths of a basis point (current_fee of all that has passed).
  uint32_t fee() const { return fee_; }
  pool_model model() const { return model_; }

private:
  window part_;
  pool_model model_;
  path_extents extents_; // observed only
  uint32_t fee_;
};

/// evaluate() of one plan, at any moment of its window and without going back. Faults are those of
/// evaluate(), ec::invalid_argument; they stay.
class open_evaluation {
public:
  /// At the opening. `market` must live as long. A proposal may have up to `positions_max`
  /// positions; rebalances that `what` has already are executed when their block has passed.
  open_evaluation(const passing_window& market, plan what, uint32_t positions_max);

  /// Takes what `market` shows; once after each show().
  void pass();
  /// An answer becomes part of the plan: before the window's first event, when nothing was shown
  /// yet, or after the last block so far. Allocations are smallest units; what is not allowed is
  /// noted as refused.
  void decide(bool opening, std::vector<desired_position> desired);
  /// Where the plan stands now: of evaluate()'s outcome the end, the price, the tick and the number
  /// of rebalances, which is all that a question is made of.
  result<plan_outcome> standing() const;
  /// evaluate() of the plan in the window so far.
  result<plan_outcome> outcome() const;

  const plan& what() const { return what_; }

private:
  void begin();
  void take_due(size_t& at);
  result<plan_outcome> unmoved() const;

  const passing_window* market_;
  plan what_;
  uint32_t positions_max_;
  std::unique_ptr<block_venue> venue_; // null until the first block passes
  std::optional<performance> run_;
  size_t done_ = 0; // rebalances of the plan
  std::optional<fault> wrong_;
};

} // namespace sluice
