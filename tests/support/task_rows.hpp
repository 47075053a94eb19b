/// The rows of a task board in memory, as a disk would hold them.
#pragma once

#include "rules/consensus/task_board.hpp"

#include <map>
#include <string>

namespace sluice::test {

struct task_rows {
  std::map<std::string, task_record> tasks;
  std::map<task_place, task_summary> places;
  std::map<hotkey, miner_work> work;

  void take(const task_changes& changes) {
    take_some(tasks, changes.tasks);
    take_some(places, changes.places);
    take_some(work, changes.work);
  }

  task_board board(const consensus_settings& settings) const {
    task_board made{settings};
    for (const auto& [place, x] : places)
      if (is_terminal(place.state))
        made.restore(place, x);
      else
        made.restore(tasks.at(place.id));
    for (const auto& [key, x] : work)
      made.restore(key, x);
    return made;
  }

private:
  template <class Map, class Changes>
  static void take_some(Map& rows, const Changes& changes) {
    for (const auto& [key, x] : changes)
      if (x)
        rows[key] = *x;
      else
        rows.erase(key);
  }
};

} // namespace sluice::test
