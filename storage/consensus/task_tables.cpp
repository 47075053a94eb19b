#include "storage/consensus/task_tables.hpp"

namespace sluice::storage {

std::vector<table_name> task_tables() {
  using namespace tables;
  return names_of(consensus_tasks, consensus_task_places, consensus_task_work, consensus_task_turn);
}

void add_task_changes(batch& out, const task_changes& changes) {
  for (const auto& [id, x] : changes.tasks)
    x ? tables::consensus_tasks.put(out, id, *x) : tables::consensus_tasks.erase(out, id);
  for (const auto& [place, x] : changes.places)
    x ? tables::consensus_task_places.put(out, place, *x)
      : tables::consensus_task_places.erase(out, place);
  for (const auto& [key, x] : changes.work)
    x ? tables::consensus_task_work.put(out, key, *x) : tables::consensus_task_work.erase(out, key);
}

SLUICE_ROWS_CODED_HERE(task_record)
SLUICE_ROWS_CODED_HERE(task_summary)
SLUICE_ROWS_CODED_HERE(miner_work)
SLUICE_ROWS_CODED_HERE(task_turn_report)

} // namespace sluice::storage
