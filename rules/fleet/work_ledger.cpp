#include "rules/fleet/work_ledger.hpp"

#include <algorithm>
#include <utility>

namespace sluice {

namespace {

/// A part that so many far workers were lost over is calculated at home.
constexpr uint32_t far_losses_max = 2;

} // namespace

work_ledger::worker_id work_ledger::add_near() {
  workers_[next_] = {};
  return next_++;
}

work_ledger::worker_id work_ledger::add_far(uint32_t capacity) {
  auto& x = workers_[next_];
  x.far = true;
  x.capacity = std::max<uint32_t>(capacity, 1);
  return next_++;
}

void work_ledger::wait_again(part_id number, bool first) {
  auto& x = parts_.at(number);
  if (x.waiting)
    return;
  x.waiting = true;
  if (first)
    queue_.push_front(number);
  else
    queue_.push_back(number);
}

void work_ledger::lose(worker_id who) {
  const auto found = workers_.find(who);
  if (found == workers_.end())
    return;
  const auto had = std::move(found->second.has);
  const bool far = found->second.far;
  workers_.erase(found);
  for (auto i = had.rbegin(); i != had.rend(); ++i) { // the oldest comes to stand in front
    const auto at = parts_.find(i->first);
    if (at == parts_.end())
      continue;
    auto& x = at->second;
    x.with.erase(who);
    if (x.check == who) {
      x.check = 0;
      if (x.answered) {
        parts_.erase(at);
        continue;
      }
    }
    if (far && ++x.far_losses >= far_losses_max)
      x.near_only = true;
    if (x.with.empty())
      wait_again(i->first, true);
  }
}

work_ledger::part_id work_ledger::add_part() {
  parts_[next_] = {};
  wait_again(next_, false);
  return next_++;
}

void work_ledger::forget(part_id number) {
  // Whoever has it is still busy with it; the queue drops it when it comes to it.
  parts_.erase(number);
}

void work_ledger::decline(part_id number, worker_id who) {
  if (const auto worker = workers_.find(who); worker != workers_.end())
    worker->second.has.erase(number);
  const auto at = parts_.find(number);
  if (at == parts_.end())
    return;
  auto& x = at->second;
  x.with.erase(who);
  x.near_only = true;
  if (x.check == who)
    x.check = 0;
  if (x.answered)
    parts_.erase(at);
  else if (x.with.empty())
    wait_again(number, true);
}

uint64_t work_ledger::patience(const worker& x) const {
  return std::min(std::max(terms_.patience_ms, 4 * x.typical_ms), terms_.patience_max_ms);
}

void work_ledger::suspect_the_silent(uint64_t now_ms) {
  for (auto& [id, x] : workers_) {
    if (!x.far || x.suspect || x.has.empty())
      continue;
    const auto silent
      = [&, &worker = x](const auto& one) { return now_ms >= one.second + patience(worker); };
    if (!std::any_of(x.has.begin(), x.has.end(), silent))
      continue;
    x.suspect = true;
    for (auto i = x.has.rbegin(); i != x.has.rend(); ++i)
      if (const auto at = parts_.find(i->first);
          at != parts_.end() && !at->second.answered && at->second.with.size() == 1)
        wait_again(i->first, true);
  }
}

/// The least busy one, the oldest among equals; 0: nobody.
work_ledger::worker_id work_ledger::who_takes(const part& x) const {
  worker_id best = 0;
  const worker* least = nullptr;
  for (const auto& [id, one] : workers_) {
    if (one.has.size() >= one.capacity || x.with.contains(id) || one.suspect
        || (one.far && x.near_only))
      continue;
    if (least == nullptr || one.has.size() * least->capacity < least->has.size() * one.capacity) {
      best = id;
      least = &one;
    }
  }
  return best;
}

std::vector<work_ledger::order> work_ledger::deal(uint64_t now_ms) {
  suspect_the_silent(now_ms);
  std::vector<order> orders;
  std::deque<part_id> nobody;
  while (!queue_.empty()) {
    const auto number = queue_.front();
    queue_.pop_front();
    const auto at = parts_.find(number);
    if (at == parts_.end())
      continue; // forgotten
    auto& x = at->second;
    const auto who = who_takes(x);
    if (who == 0) {
      nobody.push_back(number);
      continue;
    }
    x.waiting = false;
    x.with.insert(who);
    auto& worker = workers_.at(who);
    worker.has[number] = now_ms;
    orders.push_back({number, who});
    if (worker.far && worker.dealt++ % terms_.sample == 0) {
      x.check = who;
      x.near_only = true; // the result is a near one
      wait_again(number, false);
    }
  }
  queue_ = std::move(nobody);
  return orders;
}

work_ledger::worth work_ledger::done(part_id number, worker_id who, uint64_t now_ms) {
  const auto found = workers_.find(who);
  if (found != workers_.end()) {
    auto& worker = found->second;
    if (const auto had = worker.has.find(number); had != worker.has.end()) {
      const auto took = now_ms - std::min(now_ms, had->second);
      worker.typical_ms = std::max(took, worker.typical_ms - worker.typical_ms / 8);
      worker.has.erase(had);
    }
    worker.suspect = false;
  }
  const auto at = parts_.find(number);
  if (at == parts_.end() || !at->second.with.contains(who))
    return worth::late;
  auto& x = at->second;
  x.with.erase(who);
  if (x.check == who) {
    x.check = 0;
    if (x.answered)
      parts_.erase(at);
    else if (x.with.empty())
      wait_again(number, true); // the near one is still to come
    return worth::checked;
  }
  if (x.answered)
    return worth::late;
  x.answered = true;
  if (x.check == 0)
    parts_.erase(at); // whoever else has it is late
  return worth::first;
}

bool work_ledger::failed(part_id number, worker_id who) {
  const auto at = parts_.find(number);
  bool again = true;
  if (at != parts_.end())
    again = !std::exchange(at->second.failed_before, true);
  lose(who);
  return again;
}

std::optional<uint64_t> work_ledger::next_look_ms() const {
  std::optional<uint64_t> next;
  for (const auto& [id, x] : workers_) {
    if (!x.far || x.suspect)
      continue;
    for (const auto& [number, since] : x.has)
      next = std::min(next.value_or(UINT64_MAX), since + patience(x));
  }
  return next;
}

size_t work_ledger::near() const {
  return static_cast<size_t>(
    std::count_if(workers_.begin(), workers_.end(), [](const auto& x) { return !x.second.far; }));
}

size_t work_ledger::far_capacity() const {
  size_t capacity = 0;
  for (const auto& [id, x] : workers_)
    capacity += x.far && !x.suspect ? x.capacity : 0;
  return capacity;
}

} // namespace sluice
