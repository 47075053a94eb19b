#include "storage/data_dir.hpp"
#include "storage/liquidity/tables.hpp"

namespace sluice::storage {

namespace {

/// Every row of a table of schema 1 in today's form.
template <class Key, class Value>
result<nothing> rewrite(const data_dir& dir, const table<Key, Value>& one, batch& writes) {
  const auto* env = dir.find_store(one.store);
  std::optional<fault> bad;
  auto walked = env->scan(one.name, key_range{}, [&](std::string_view k, std::string_view v) {
    auto value = decode_schema_1<Value>(v);
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
  if (auto done = rewrite(dir, tables::jobs, writes); !done)
    return done.error();
  if (auto done = rewrite(dir, tables::rounds, writes); !done)
    return done.error();
  if (auto done = rewrite(dir, tables::predictions, writes); !done)
    return done.error();
  return writes;
}

} // namespace

schema_part liquidity_schema() {
  using namespace tables;
  return {names_of(jobs, rounds, predictions, miner_scores, participation, live_executions,
                   job_orders, feed_blocks, checkpoints),
          {{1, "lets pools be of Slipstream and plans be staked", {}, to_schema_2}}};
}

} // namespace sluice::storage
