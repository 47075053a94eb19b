#include "storage/consensus/task_loads.hpp"

#include "storage/consensus/task_tables.hpp"

#include <optional>
#include <string>
#include <tuple>
#include <vector>

namespace sluice::storage {

result<std::map<uint16_t, uint64_t>> open_task_loads(const data_dir& from) {
  std::vector<std::string> ids;
  auto read = tables::consensus_task_places.for_prefix(
    from, std::tuple{task_state::assigned},
    [&](const task_place& place, const task_summary&) { ids.push_back(place.id); });
  if (!read)
    return read.error();
  std::map<uint16_t, uint64_t> loads;
  for (const auto& id : ids) {
    const auto task = tables::consensus_tasks.find(from, id);
    if (!task)
      return task.error();
    if (*task) // else it ended in between
      for (const auto& one : (*task)->assignments)
        loads[one.uid.value] += one.state == assignment_state::open ? 1 : 0;
  }
  std::erase_if(loads, [](const auto& x) { return x.second == 0; });
  return loads;
}

} // namespace sluice::storage
