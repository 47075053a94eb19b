#include "actors/trading/audit.hpp"

#include "actors/audit_check.hpp"
#include "rules/trading/name.hpp"
#include "storage/tables.hpp"
#include "storage/trading/queries.hpp"
#include "storage/trading/tables.hpp"

#include <map>
#include <optional>
#include <string>

namespace sluice {

namespace {

namespace tables = storage::tables;

using step_row = std::pair<uint64_t, trading_step>;

audit_finding finding_of(const storage::integrity_report& x) {
  audit_finding found{"ledger of trades", "", 0};
  found.checked = x.tables_verified + x.books_verified + x.positions_verified + x.trades_verified
                  + x.legs_verified + x.events_verified;
  if (x.errors != 0)
    found.difference = (x.faults.empty() ? std::string{"rows differ"} : x.faults.front())
                       + (x.errors > 1 ? " (and " + std::to_string(x.errors - 1) + " more)" : "");
  return found;
}

/// How far the chain moves in a step, by the moments of the last two; 0 where they do not say.
result<uint64_t>
blocks_between_steps(const storage::data_dir& disk, const dev_chain& chain, const step_row& last) {
  const auto before = tables::trading_steps.find(disk, last.first - 1);
  if (!before)
    return before.error();
  const auto block_us = static_cast<int64_t>(chain.params.block_seconds) * 1'000'000;
  const auto apart = *before ? last.second.now_us - (*before)->now_us : 0;
  return apart > 0 && block_us > 0 && apart % block_us == 0
           ? static_cast<uint64_t>(apart / block_us)
           : 0;
}

/// Were the stored scores handed in after this very step? Only in its epoch can they be. Between a
/// step of trades and the chain's own, where a kill or a copy may be, the chain stands at another.
bool is_of_step(const dev_chain& chain, const mechanism_scores& scores, uint64_t step,
                uint64_t blocks_per_step) {
  if (step == 0 || chain.block <= 1 || (chain.block - 1) % step != 0)
    return false;
  const auto blocks = (chain.block - 1) / step;
  if (blocks_per_step != 0 && blocks != blocks_per_step)
    return false;
  return epoch_at(chain.block, chain.params) == scores.epoch
         && epoch_at(chain.block - blocks, chain.params) != scores.epoch;
}

result<audit_finding>
audit_standing(const std::vector<miner_performance>& miners, const step_row& last) {
  audit_check check{{"standing after step " + std::to_string(last.first), "", 0}};
  uint64_t registered = 0;
  uint64_t scored = 0;
  std::map<std::string, double> weights;
  for (const auto& x : miners) {
    registered += x.is_registered ? 1 : 0;
    scored += x.weight > 0 ? 1 : 0;
    weights[x.hotkey] = x.weight;
  }
  check.same("miners", last.second.miners, registered);
  check.same("scored", last.second.scored, scored);
  for (const auto& [key, weight] : last.second.best)
    check.same("weight of " + key, weight, weights[key]);
  return check.found;
}

audit_finding audit_mechanism_scores(const std::vector<miner_performance>& miners,
                                     const mechanism_scores& stored) {
  audit_check check{{"scores of trades", "", 0}};
  std::map<miner_uid, double> weights;
  for (const auto& x : miners)
    if (x.uid && x.status != trading_status::blacklisted)
      weights[{*x.uid}] = x.weight;
  check.same("miners with scores", stored.scores.size(), weights.size());
  for (const auto& [uid, weight] : stored.scores)
    check.same("uid " + std::to_string(uid.value), weight, weights[uid]);
  return check.found;
}

} // namespace

result<std::vector<audit_finding>> audit_trading(const storage::data_dir& disk) {
  std::vector<audit_finding> all;
  const auto setup = storage::stored_setup(disk);
  if (!setup)
    return setup.error();
  if (!*setup)
    return all;
  const auto checked = storage::check_ledger(disk, **setup);
  if (!checked)
    return checked.error();
  all.push_back(finding_of(*checked));
  const auto last = tables::trading_steps.last(disk);
  if (!last)
    return last.error();
  if (!*last || (*last)->second.now_us != (*setup)->terms.now_us)
    return all; // a step is under way
  const auto miners = storage::all_performance(disk, **setup);
  if (!miners)
    return miners.error();
  auto standing = audit_standing(*miners, **last);
  if (!standing)
    return standing.error();
  all.push_back(*std::move(standing));
  const auto scores = tables::scores_of_mechanisms.find(disk, std::string{trading_name});
  const auto chain = tables::chain_state.find(disk, tables::chain_key);
  if (!scores || !chain)
    return scores ? chain.error() : scores.error();
  if (!*scores || !*chain)
    return all;
  const auto blocks = blocks_between_steps(disk, **chain, **last);
  if (!blocks)
    return blocks.error();
  if (is_of_step(**chain, **scores, (*last)->first, *blocks))
    all.push_back(audit_mechanism_scores(*miners, **scores));
  return all;
}

} // namespace sluice
