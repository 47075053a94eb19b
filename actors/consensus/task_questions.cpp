#include "actors/consensus/task_questions.hpp"

#include <set>

namespace sluice {

void task_questions::keep_only(const std::vector<open_assignment>& all) {
  std::set<std::string> wanted;
  for (const auto& x : all)
    wanted.insert(x.work.assignment_id);
  std::erase_if(
    all_, [&wanted](const auto& x) { return x.second.number == 0 && !wanted.contains(x.first); });
}

uint64_t task_questions::begin(const open_assignment& x, const miner_actor& whom) {
  auto& one = all_[x.work.assignment_id];
  if (one.is_answered || (one.number != 0 && one.by == whom))
    return 0;
  close(one); // by a handle that is no more
  if (one.by != whom)
    one.tries = 0;
  const auto open = open_.find(x.key);
  if (one.tries >= tries_max || (open != open_.end() && open->second >= open_max))
    return 0;
  one.by = whom;
  one.key = x.key;
  one.number = ++last_;
  ++one.tries;
  ++open_[x.key];
  return one.number;
}

void task_questions::end(const open_assignment& x, uint64_t number, bool answered) {
  const auto at = all_.find(x.work.assignment_id);
  if (at == all_.end() || number == 0 || at->second.number != number)
    return;
  close(at->second);
  at->second.is_answered = answered;
}

void task_questions::close(asked& x) {
  if (std::exchange(x.number, 0) == 0)
    return;
  if (const auto open = open_.find(x.key); --open->second == 0)
    open_.erase(open);
}

size_t task_questions::size() const {
  size_t sum = 0;
  for (const auto& [key, count] : open_)
    sum += count;
  return sum;
}

void task_round::close(size_t i, const open_assignment& x, std::optional<task_answer> answer) {
  open_[i] = false;
  if (answer)
    taken_[i] = std::pair{x, *std::move(answer)};
  if (--left_ == 0)
    then_(*this);
}

std::vector<std::pair<open_assignment, task_answer>> task_round::answers() const {
  std::vector<std::pair<open_assignment, task_answer>> made;
  for (const auto& x : taken_)
    if (x)
      made.push_back(*x);
  return made;
}

} // namespace sluice
