#include "rules/consensus/task_notices.hpp"

namespace sluice {

std::vector<std::pair<hotkey, task_notice>> notices_of(const task_changes& changes) {
  std::vector<std::pair<hotkey, task_notice>> made;
  for (const auto& [id, x] : changes.tasks) {
    if (!x || (x->state != task_state::done && x->state != task_state::approved))
      continue;
    for (const auto& one : x->responses)
      made.emplace_back(one.key, task_notice{id, std::string{name_of(x->state)}, one.accuracy,
                                             one.speed, one.score, one.uid == x->best});
  }
  return made;
}

} // namespace sluice
