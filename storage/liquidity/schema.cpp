#include "storage/data_dir.hpp"
#include "storage/liquidity/tables.hpp"

namespace sluice::storage {

namespace {

/// Every row of a table of an older schema in today's form; `version`: of its field list then. Rows
/// that an earlier step has rewritten already stay.
template <class Key, class Value>
result<nothing> rewrite(const data_dir& dir, const table<Key, Value>& one, uint32_t schema,
                        uint8_t version, batch& writes) {
  const auto* env = dir.find_store(one.store);
  std::optional<fault> bad;
  auto walked = env->scan(one.name, key_range{}, [&](std::string_view k, std::string_view v) {
    if (decode<Value>(v))
      return true;
    auto value = decode_older<Value>(v, schema, version);
    if (!value) {
      bad = fault{value.error().code, "table " + std::string{one.name} + ", row " + to_hex(k) + ": "
                                        + value.error().what};
      return false;
    }
    writes.writes.push_back(
      {std::string{one.store}, std::string{one.name}, std::string{k}, encode(*value), false});
    return true;
  });
  return bad ? result<nothing>{*bad} : walked;
}

/// Pools got a kind, plans, metrics and positions what staking needs.
result<batch> to_schema_2(const data_dir& dir) {
  batch writes;
  if (auto done = rewrite(dir, tables::jobs, 1, 1, writes); !done)
    return done.error();
  if (auto done = rewrite(dir, tables::rounds, 1, 1, writes); !done)
    return done.error();
  if (auto done = rewrite(dir, tables::predictions, 1, 1, writes); !done)
    return done.error();
  return writes;
}

/// Rounds state the rules that they are scored by; what is there was scored by the first ones.
result<batch> to_schema_4(const data_dir& dir) {
  batch writes;
  if (auto done = rewrite(dir, tables::jobs, 3, 2, writes); !done)
    return done.error();
  if (auto done = rewrite(dir, tables::rounds, 3, 2, writes); !done)
    return done.error();
  if (auto done = rewrite(dir, tables::predictions, 3, 2, writes); !done)
    return done.error();
  if (auto done = rewrite(dir, tables::live_executions, 3, 1, writes); !done)
    return done.error();
  if (auto done = rewrite(dir, tables::job_orders, 3, 1, writes); !done)
    return done.error();
  return writes;
}

} // namespace

schema_part liquidity_schema() {
  using namespace tables;
  return {names_of(jobs, rounds, predictions, miner_scores, participation, live_executions,
                   job_orders, job_paces, removed_rounds_of_jobs, block_runs, feed_blocks,
                   checkpoints),
          {{1, "lets pools be of Slipstream and plans be staked", {}, to_schema_2},
           {3, "states by which rules a round was scored", {}, to_schema_4}}};
}

} // namespace sluice::storage
