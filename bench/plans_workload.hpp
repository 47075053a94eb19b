/// A window of 5,000 swaps in 450 blocks and plans for it.
#pragma once

#include "sim/evaluate/batch.hpp"
#include "sim/math/liquidity_math.hpp"
#include "swap_workload.hpp"

#include <cstdlib>
#include <map>

namespace sluice::bench {

/// A window of so many blocks, the workload's swaps spread over them.
inline window window_of(const workload& work, size_t swaps, size_t blocks) {
  window made;
  made.terms = {500, 10, 18, 6};
  made.from = 1;
  made.to = blocks;
  made.start_pool = std::make_shared<pool>(work.start);
  made.start = {work.start.state().sqrt_price_x96, work.start.state().tick};
  pool at = work.start;
  size_t next = 0;
  for (size_t b = 0; b < blocks; ++b) {
    auto record = std::make_shared<block_record>();
    record->block.number = b + 1;
    record->block.time = 1'700'000'000 + 2 * b;
    for (; next < swaps * (b + 1) / blocks; ++next) {
      pool_event e;
      e.kind = pool_event_kind::swap;
      struct steps : swap_observer {
        explicit steps(block_record& into, bool z) : into(into), z(z) {}
        void on_step(const swap_step& x) override {
          path_step seen{x.sqrt_price_from_x96, x.sqrt_price_to_x96, x.liquidity, {}, {}};
          (z ? seen.fee0 : seen.fee1) = x.lp_fee;
          into.steps.push_back(seen);
        }
        block_record& into;
        bool z;
      } log(*record, work.orders[next].zero_for_one);
      const auto done = at.swap(work.orders[next], 1, {}, &log);
      if (!done)
        std::abort();
      e.asked = work.orders[next];
      record->block.events.push_back(e);
      record->swaps.push_back({static_cast<uint32_t>(record->steps.size()),
                               at.state().sqrt_price_x96, at.state().tick, work.orders[next]});
    }
    record->sqrt_price_x96 = at.state().sqrt_price_x96;
    record->tick = at.state().tick;
    made.blocks.push_back(std::move(record));
  }
  return made;
}

/// Plans with one to three positions around the price.
inline std::vector<plan> plans_for(const window& market, size_t count) {
  std::mt19937_64 luck(11);
  std::vector<plan> plans(count);
  for (auto& what : plans) {
    what.start = {u256{1'000'000'000'000'000'000U}, u256{3'000'000'000U}};
    for (auto n = 1 + luck() % 3; n > 0; --n) {
      const auto width = 10 * static_cast<int32_t>(2 + luck() % 200);
      const auto lower = (market.start.tick - 10 * static_cast<int32_t>(luck() % 200)) / 10 * 10;
      what.positions.push_back(
        {lower, lower + width, u128{1'000'000'000'000'000U} + luck() % 10'000'000'000'000'000U});
    }
  }
  return plans;
}

struct setting {
  window market;
  std::vector<plan> plans;
};
inline const setting& setting_of(size_t plans, bool exact_input_only) {
  static std::map<std::pair<size_t, bool>, setting> made;
  auto& here = made[{plans, exact_input_only}];
  if (here.plans.empty()) {
    auto work = mixed();
    if (exact_input_only)
      work.orders = only_inputs(work);
    here.market = window_of(work, 5000, 450);
    here.plans = plans_for(here.market, plans);
  }
  return here;
}

} // namespace sluice::bench
