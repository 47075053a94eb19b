#include "actors/liquidity/work/engine_digest.hpp"

#include "actors/base/thrown_fault.hpp"
#include "actors/liquidity/work/work_messages.hpp"
#include "rules/chain/sha256.hpp"
#include "sim/evaluate/batch.hpp"
#include "sim/evaluate/market.hpp"
#include "storage/codec.hpp"

namespace sluice {

namespace {

/// Sixty blocks of a busy market, from its tenth on.
window small_market() {
  market_terms terms;
  terms.pool = {500, 10, 18, 6};
  terms.trades_per_block = 2;
  market source{terms, 7};
  auto moving = replica::of_pool(terms.pool);
  window seen{terms.pool, 10, 69, {}, {}, {}};
  while (source.next_number() <= seen.to) {
    if (source.next_number() == seen.from) {
      seen.start = moving.price();
      seen.start_pool = moving.snapshot();
    }
    auto block = moving.apply(source.next());
    if (!block)
      throw thrown_fault("the engine does not replay its own market: ", block.error());
    if ((*block)->block.number >= seen.from)
      seen.blocks.push_back(*std::move(block));
  }
  return seen;
}

/// Wide and narrow, moving and not, and one that cannot be played.
std::vector<plan> some_plans(const window& seen) {
  std::vector<plan> plans;
  for (int32_t i = 0; i < 12; ++i) {
    plan what;
    what.start = {u256{10'000'000'000'000'000'000U}, u256{30'000'000'000U}};
    const auto tick = seen.start.tick / 10 * 10;
    const auto width = 10 * (1 + i * i);
    what.opening = {{tick - width, tick + width, what.start.amount0, what.start.amount1, {}}};
    if (i % 3 == 0)
      what.rebalances = {{30, {{tick, tick + 50, what.start.amount0, 0, {}}}}};
    if (i == 11)
      what.rebalances = {{40, {}}, {30, {}}};
    plans.push_back(std::move(what));
  }
  return plans;
}

} // namespace

std::string engine_digest() {
  const auto seen = small_market();
  const auto plans = some_plans(seen);
  std::string all;
  for (const auto model : {pool_model::observed, pool_model::replayed})
    for (const auto& how : {evaluation_options{}, {range_measure::value, valuing_price::market}})
      all += storage::encode(
        work_done_message{0, to_wire(evaluate_all(seen, plans, model, 10, how))});
  for (const auto& block : seen.blocks)
    all += storage::encode(to_wire(*block));
  return sha256_hex(all);
}

} // namespace sluice
