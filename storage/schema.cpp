#include "storage/schema.hpp"

#include "storage/tables.hpp"

namespace sluice::storage {

namespace {

template <class... Tables>
std::vector<table_name> names_of(const Tables&... all) {
  return {table_name{all.store, all.name}...};
}

} // namespace

const schema& current_schema() {
  using namespace tables;
  static const schema current{
    schema_version,
    names_of(jobs, rounds, predictions, miner_scores, participation, live_executions, score_sheets,
             published, feed_blocks, checkpoints, chain_state, extrinsics),
    {}, // version 1 is the first: there is nothing older to come from
  };
  return current;
}

} // namespace sluice::storage
