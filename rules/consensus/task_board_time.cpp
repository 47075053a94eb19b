// What time does to tasks, how they are given to miners, and how the board keeps its own lists.
#include "rules/consensus/best_response.hpp"
#include "rules/consensus/task_board.hpp"

#include <algorithm>

namespace sluice {

namespace {

constexpr uint64_t task_ms_per_s = 1000;

bool is_due(uint64_t since_ms, uint64_t seconds, uint64_t now_ms) {
  return now_ms >= since_ms + seconds * task_ms_per_s;
}

} // namespace

task_place place_of(const task_record& x) {
  return {x.state, is_terminal(x.state) ? x.ended_ms : x.created_ms, x.id};
}

task_summary summary_of(const task_record& x) {
  return {x.number, x.type, x.priority, x.client, x.digest, x.best};
}

// ---- the board's lists --------------------------------------------------------------------------

task_board::pending_key task_board::pending_key_of(const task_record& x) {
  return {-static_cast<int>(x.priority), x.created_ms, x.id};
}

task_work task_board::work_of(const task_record& x, const task_assignment& y, uint64_t answer_s) {
  return {y.id, x.id, x.type, x.payload, y.assigned_ms, y.assigned_ms + answer_s * task_ms_per_s};
}

void task_board::insert(task_record x) {
  last_number_ = std::max(last_number_, x.number);
  enlist(x);
  const auto id = x.id;
  open_.insert_or_assign(id, std::move(x));
}

void task_board::enlist(const task_record& x) {
  ++by_state_[static_cast<size_t>(x.state)];
  ++by_client_[x.client];
  if (x.state == task_state::pending)
    pending_.insert(pending_key_of(x));
  for (const auto& one : x.assignments)
    if (one.state == assignment_state::open)
      by_worker_[one.key].insert(x.id);
}

void task_board::delist(const task_record& x) {
  --by_state_[static_cast<size_t>(x.state)];
  if (const auto at = by_client_.find(x.client); --at->second == 0)
    by_client_.erase(at);
  pending_.erase(pending_key_of(x));
  for (const auto& one : x.assignments)
    if (const auto at = by_worker_.find(one.key); at != by_worker_.end()) {
      at->second.erase(x.id);
      if (at->second.empty())
        by_worker_.erase(at);
    }
}

void task_board::restore(task_record x) {
  insert(std::move(x));
}

void task_board::restore(const task_place& place, const task_summary& x) {
  last_number_ = std::max(last_number_, x.number);
  ++by_state_[static_cast<size_t>(place.state)];
  ended_by_time_.emplace(place.moment_ms, place.id);
  ended_[place.id] = {place, x};
}

void task_board::edit(task_record& x, uint64_t now_ms, task_changes& out,
                      const std::function<void()>& f) {
  out.places[place_of(x)] = std::nullopt;
  delist(x);
  f();
  x.updated_ms = now_ms;
  enlist(x);
  out.places[place_of(x)] = summary_of(x);
  out.tasks[x.id] = x;
}

/// The reference is to what is gone afterwards.
void task_board::end(task_record& x, task_state state, std::string reason, uint64_t now_ms,
                     task_changes& out) {
  edit(x, now_ms, out, [&] {
    x.state = state;
    x.reason = std::move(reason);
    x.ended_ms = now_ms;
    for (auto& one : x.assignments)
      if (one.state == assignment_state::open)
        one.state = assignment_state::withdrawn;
  });
  const auto place = place_of(x);
  const auto summary = summary_of(x);
  delist(x);
  open_.erase(place.id);
  restore(place, summary);
  forget_ended(now_ms, out);
}

void task_board::forget_ended(uint64_t now_ms, task_changes& out) {
  while (!ended_by_time_.empty()) {
    const auto [ended_ms, id] = *ended_by_time_.begin();
    if (ended_.size() <= terms().ended_max && !is_due(ended_ms, terms().purge_s, now_ms))
      break;
    const auto at = ended_.find(id);
    --by_state_[static_cast<size_t>(at->second.place.state)];
    out.tasks[id] = std::nullopt;
    out.places[at->second.place] = std::nullopt;
    ended_.erase(at);
    ended_by_time_.erase(ended_by_time_.begin());
  }
}

// ---- time ---------------------------------------------------------------------------------------

void task_board::add_outcome(const hotkey& key, const work_outcome& one, task_changes& out) {
  auto& x = work_[key];
  x = with_outcome(std::move(x), one);
  out.work[key] = x;
}

/// What was answered counts once, when the task has ended: then its accuracy is final.
void task_board::settle(const task_record& x, uint64_t now_ms, task_changes& out) {
  for (const auto& one : x.responses)
    add_outcome(
      one.key,
      {one.uid, x.type, true, one.accuracy >= terms().accepted_accuracy, one.processing_ms, now_ms},
      out);
}

void task_board::miss_open(task_record& x, uint64_t now_ms, task_changes& out) {
  for (auto& one : x.assignments)
    if (one.state == assignment_state::open) {
      one.state = assignment_state::missed;
      add_outcome(one.key, {one.uid, x.type, false, false, 0, now_ms}, out);
    }
}

void task_board::complete(task_record& x, uint64_t now_ms, task_changes& out) {
  edit(x, now_ms, out, [&] {
    miss_open(x, now_ms, out);
    judge_responses(x.responses, terms());
    x.best = best_of_responses(x.responses, terms());
    x.state = task_state::completed;
    x.completed_ms = now_ms;
  });
  if (terms().review_s == 0)
    apply_time(x, now_ms, out);
}

void task_board::fail_attempt(task_record& x, uint64_t now_ms, task_changes& out) {
  if (x.retries < terms().max_retries) {
    edit(x, now_ms, out, [&] {
      miss_open(x, now_ms, out);
      x.state = task_state::pending;
      ++x.retries;
      x.not_before_ms = x.waiting_ms = now_ms + terms().retry_delay_s * task_ms_per_s;
    });
    return;
  }
  edit(x, now_ms, out, [&] { miss_open(x, now_ms, out); });
  end(x, task_state::failed,
      "nobody answered in " + std::to_string(x.retries + 1) + " attempt"
        + (x.retries == 0 ? "" : "s") + " of " + std::to_string(terms().answer_s) + " s",
      now_ms, out);
}

void task_board::apply_time(task_record& x, uint64_t now_ms, task_changes& out) {
  switch (x.state) {
  case task_state::pending:
    if (terms().pending_s > 0 && is_due(x.waiting_ms, terms().pending_s, now_ms))
      end(x, task_state::failed,
          "no miner was found within " + std::to_string(terms().pending_s) + " s", now_ms, out);
    return;
  case task_state::assigned:
    if (x.responses.empty() && is_due(x.distributed_ms, terms().answer_s, now_ms))
      fail_attempt(x, now_ms, out);
    else if (!x.responses.empty() && is_due(x.distributed_ms, terms().settle_s, now_ms))
      complete(x, now_ms, out);
    return;
  case task_state::completed:
    if (is_due(x.completed_ms, terms().review_s, now_ms)) {
      settle(x, now_ms, out);
      end(x, task_state::done, "", now_ms, out);
    }
    return;
  default:
    return;
  }
}

task_record* task_board::open_now(const std::string& id, uint64_t now_ms, task_changes& out) {
  auto at = open_.find(id);
  if (at == open_.end())
    return nullptr;
  apply_time(at->second, now_ms, out);
  at = open_.find(id);
  return at == open_.end() ? nullptr : &at->second;
}

void task_board::expire(uint64_t now_ms, task_changes& out) {
  std::vector<std::string> ids;
  ids.reserve(open_.size());
  for (const auto& [id, x] : open_)
    ids.push_back(id);
  for (const auto& id : ids)
    open_now(id, now_ms, out);
  forget_ended(now_ms, out);
  for (auto i = work_.begin(); i != work_.end();)
    if (is_due(std::max(i->second.updated_ms, i->second.last_seen_ms), terms().purge_s, now_ms)) {
      out.work[i->first] = std::nullopt;
      i = work_.erase(i);
    } else {
      ++i;
    }
}

distribute_result
task_board::distribute(std::vector<available_miner> miners, const std::set<hotkey>& connected,
                       uint64_t now_ms, task_changes& out) {
  std::erase_if(miners, [&](const available_miner& x) {
    const hotkey key{x.hotkey};
    return x.hotkey.empty()
           || (terms().only_reachable && !connected.contains(key) && !is_seen(key, now_ms));
  });
  for (auto& x : miners)
    if (const auto at = by_worker_.find({x.hotkey}); at != by_worker_.end())
      x.load = std::max(x.load, static_cast<double>(at->second.size()));
  distribute_result made;
  made.available = static_cast<uint64_t>(std::ranges::count_if(miners, is_free));
  const std::vector<pending_key> waiting{pending_.begin(), pending_.end()};
  for (const auto& [priority, created_ms, id] : waiting) {
    if (made.tasks >= terms().batch || std::ranges::none_of(miners, is_free))
      break;
    auto* x = open_now(id, now_ms, out);
    if (!x || x->state != task_state::pending || now_ms < x->not_before_ms)
      continue;
    std::set<miner_uid> avoid;
    for (const auto& one : x->assignments)
      avoid.insert(one.uid);
    const auto chosen = assign_miners(miners, name_of(x->type), x->required_miner_count,
                                      x->min_miner_count, avoid, settings_);
    if (chosen.empty())
      continue;
    const auto attempt = x->retries + 1;
    edit(*x, now_ms, out, [&] {
      for (const auto i : chosen)
        x->assignments.push_back(
          {x->id + '-' + std::to_string(attempt) + '-' + std::to_string(miners[i].uid.value),
           miners[i].uid,
           {miners[i].hotkey},
           attempt,
           now_ms,
           0,
           assignment_state::open});
      x->state = task_state::assigned;
      x->distributed_ms = now_ms;
    });
    ++made.tasks;
    made.assignments += chosen.size();
  }
  return made;
}

// ---- what is so ---------------------------------------------------------------------------------

const task_record* task_board::find(const std::string& id) const {
  const auto at = open_.find(id);
  return at == open_.end() ? nullptr : &at->second;
}

std::vector<open_assignment> task_board::open_assignments() const {
  std::vector<std::pair<uint64_t, const task_record*>> tasks;
  for (const auto& [id, x] : open_)
    if (x.state == task_state::assigned)
      tasks.emplace_back(x.number, &x);
  std::ranges::sort(tasks, {}, &std::pair<uint64_t, const task_record*>::first);
  std::vector<open_assignment> made;
  for (const auto& [number, x] : tasks) {
    const auto first = made.size();
    for (const auto& one : x->assignments)
      if (one.state == assignment_state::open)
        made.push_back({one.uid, one.key, work_of(*x, one, terms().answer_s)});
    std::sort(made.begin() + static_cast<std::ptrdiff_t>(first), made.end(),
              [](const auto& a, const auto& b) { return a.uid < b.uid; });
  }
  return made;
}

task_stats task_board::stats() const {
  task_stats made;
  for (size_t i = 0; i < by_state_.size(); ++i)
    made.by_state[std::string{task_state_names[i]}] = by_state_[i];
  for (const auto& [key, tasks] : by_worker_)
    made.total_assignments += tasks.size();
  made.responses = responses_;
  made.refused_duplicates = refused_duplicates_;
  made.refused_unassigned = refused_unassigned_;
  made.refused_late = refused_late_;
  made.repeated_submissions = repeated_submissions_;
  return made;
}

} // namespace sluice
