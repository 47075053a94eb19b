#include "sim/evaluate/path_extents.hpp"

#include <algorithm>

namespace sluice {

namespace {

void include(path_extent& all, const u256& price) {
  all.lowest = std::min(all.lowest, price);
  all.highest = std::max(all.highest, price);
}

} // namespace

path_extents::path_extents(const window& market) {
  blocks_.reserve(market.blocks.size());
  u256 before = market.start.sqrt_price_x96;
  for (const auto& block : market.blocks) {
    path_extent all{before, before, block->swaps.size()};
    for (const auto& step : block->steps) {
      include(all, step.sqrt_price_from_x96);
      include(all, step.sqrt_price_to_x96);
    }
    before = block->sqrt_price_x96;
    include(all, before); // every swap ends where one of its steps does, or where it began
    if (blocks_.size() % chunk_blocks == 0) {
      chunks_.push_back(all);
    } else {
      auto& chunk = chunks_.back();
      include(chunk, all.lowest);
      include(chunk, all.highest);
      chunk.swaps += all.swaps;
    }
    blocks_.push_back(all);
  }
}

} // namespace sluice
