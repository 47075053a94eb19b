/// When a job stores a full checkpoint: a function of the blocks that are stored since the last.
#pragma once

#include "sim/evaluate/window.hpp"
#include "storage/liquidity/market_history.hpp"

#include <cstdint>
#include <memory>
#include <vector>

namespace sluice {

/// The same over any number of restarts: whoever takes up a job counts what it replays.
class full_checkpoints {
public:
  /// `after`: what it may cost to replay the blocks since the last full one (storage::replay_cost),
  /// from 1.
  explicit full_checkpoints(uint64_t after = storage::full_checkpoint_after) : after_(after) {}

  /// The feed was taken up after blocks that cost so much to replay.
  void restored(uint64_t cost) { cost_ = cost; }

  /// Counts the blocks of a round that has ended. Does it end in a full checkpoint?
  bool round_ends(const std::vector<std::shared_ptr<const block_record>>& blocks) {
    for (const auto& x : blocks)
      cost_ += storage::replay_cost(x->block);
    if (cost_ < after_)
      return false;
    cost_ = 0;
    return true;
  }

private:
  uint64_t after_;
  uint64_t cost_ = 0;
};

} // namespace sluice
