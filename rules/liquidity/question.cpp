#include "rules/liquidity/question.hpp"

#include "rules/pool/price.hpp"

#include <utility>

namespace sluice {

rebalance_query question_at(uint64_t block, const job_config& job, const round_id& round,
                            const pool_terms& terms, const plan_outcome& stands) {
  rebalance_query query;
  query.job = job.id;
  query.vault = job.vault;
  query.pair_address = job.pair_address;
  query.chain_id = job.chain_id;
  query.round = round;
  query.block_number = block;
  query.current_price = whole_price(stands.sqrt_price_x96, terms);
  query.sqrt_price_x96 = stands.sqrt_price_x96;
  query.tick = stands.tick;
  query.terms = terms;
  query.current_positions = stands.end.positions;
  query.inventory_remaining = stands.end.free;
  query.rebalances_so_far = stands.metrics.rebalances;
  query.deadline_ms = job.reply_timeout_ms;
  return query;
}

std::vector<miner_uid>
asking_order(std::vector<miner_uid> who, const round_id& round, uint64_t block) {
  auto state = block * 2 + static_cast<uint64_t>(round.kind) + (round.number.value << 32);
  for (const char c : round.job.value)
    state = state * 0x100000001b3 ^ static_cast<unsigned char>(c);
  for (size_t left = who.size(); left > 1; --left) { // Fisher and Yates, with splitmix64
    auto x = state += 0x9e3779b97f4a7c15;
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
    x = (x ^ x >> 27) * 0x94d049bb133111eb;
    std::swap(who[left - 1], who[(x ^ x >> 31) % left]);
  }
  return who;
}

void apply(plan& what, uint64_t block, bool opening, std::vector<desired_position> desired) {
  if (opening)
    what.opening = std::move(desired);
  else
    what.rebalances.push_back({block, std::move(desired)});
}

plan carried_over(const holdings& end) {
  plan next;
  next.start = end.free;
  for (const auto& x : end.positions) {
    next.start.amount0 += x.fees0;
    next.start.amount1 += x.fees1;
    next.positions.push_back({x.tick_lower, x.tick_upper, x.liquidity});
  }
  return next;
}

} // namespace sluice
