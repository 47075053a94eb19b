#include "actors/consensus/task_questions.hpp"

#include <set>

namespace sluice {

void task_questions::keep_only(const std::vector<open_assignment>& all) {
  std::set<std::string> wanted;
  for (const auto& x : all)
    wanted.insert(x.work.assignment_id);
  std::erase_if(
    all_, [&wanted](const auto& x) { return !x.second.is_open && !wanted.contains(x.first); });
}

bool task_questions::begin(const open_assignment& x, const miner_actor& whom) {
  const auto open = open_.find(x.key);
  if (open != open_.end() && open->second >= open_max)
    return false;
  auto& one = all_[x.work.assignment_id];
  if (one.is_open || one.is_answered)
    return false;
  if (one.by != whom) {
    one.by = whom;
    one.tries = 0;
  }
  if (one.tries >= tries_max)
    return false;
  ++one.tries;
  one.key = x.key;
  one.is_open = true;
  ++open_[x.key];
  return true;
}

void task_questions::end(const open_assignment& x, bool answered) {
  const auto at = all_.find(x.work.assignment_id);
  if (at == all_.end() || !at->second.is_open)
    return;
  at->second.is_open = false;
  at->second.is_answered = answered;
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
