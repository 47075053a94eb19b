#include "rules/consensus/task_board.hpp"

#include "rules/chain/sha256.hpp"
#include "rules/consensus/best_response.hpp"

#include <algorithm>

namespace sluice {

namespace {

/// As a UUID is written: 8-4-4-4-12 of the hash's digits.
std::string task_id_of(std::string_view text) {
  const auto digits = sha256_hex(text);
  return digits.substr(0, 8) + '-' + digits.substr(8, 4) + '-' + digits.substr(12, 4) + '-'
         + digits.substr(16, 4) + '-' + digits.substr(20, 12);
}

std::string task_digest_of(const submit_task_call& call) {
  return sha256_hex(std::string{name_of(call.type)} + '\n' + call.payload);
}

bool is_task_name(std::string_view text, size_t bytes_max) {
  return text.size() <= bytes_max && std::ranges::all_of(text, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
                  || c == '.' || c == '_' || c == '-';
         });
}

fault no_such_task(const std::string& id) {
  return {ec::no_such_key, "task " + id + " is not there"};
}

std::string ended_text(const std::string& id, task_state state) {
  return "task " + id + " has ended: " + std::string{name_of(state)};
}

} // namespace

result<submitted_task>
task_board::submit(submit_task_call call, uint64_t now_ms, task_changes& out) {
  if (auto why = why_not_taken(call))
    return *why;
  const auto digest = task_digest_of(call);
  const auto id
    = call.idempotency.empty()
        ? task_id_of("task " + std::to_string(last_number_ + 1) + ' ' + std::to_string(now_ms)
                     + '\n' + call.caller.client + '\n' + digest)
        : task_id_of("repeated " + call.caller.client + '\n' + call.idempotency);
  const auto open = open_.find(id);
  const auto ended = ended_.find(id);
  if (open != open_.end() || ended != ended_.end()) {
    const bool is_open = open != open_.end();
    if ((is_open ? open->second.digest : ended->second.summary.digest) != digest)
      return fault{ec::refused, "another task was submitted as " + call.idempotency
                                  + "; choose another idempotency key"};
    ++repeated_submissions_;
    return submitted_task{id, is_open ? open->second.state : ended->second.place.state, false};
  }
  const auto of_client = by_client_.find(call.caller.client);
  if (open_.size() >= terms().open_max)
    return fault{ec::busy, "the board holds " + std::to_string(terms().open_max)
                             + " tasks, which is the most; try again when some have ended"};
  if (of_client != by_client_.end() && of_client->second >= terms().client_open_max)
    return fault{ec::busy, "the board holds " + std::to_string(terms().client_open_max)
                             + " tasks of this client, which is the most; try again when some have "
                               "ended"};
  task_record x;
  x.id = id;
  x.number = last_number_ + 1;
  x.type = call.type;
  x.priority = call.priority;
  x.max_miner_count = call.max_miner_count != 0 ? call.max_miner_count : terms().max_miners;
  x.required_miner_count = call.required_miner_count != 0
                             ? call.required_miner_count
                             : std::min(terms().required_miners, x.max_miner_count);
  x.min_miner_count = call.min_miner_count != 0
                        ? call.min_miner_count
                        : std::min(terms().min_miners, x.required_miner_count);
  x.payload = std::move(call.payload);
  x.client = std::move(call.caller.client);
  x.digest = digest;
  x.created_ms = x.updated_ms = x.waiting_ms = now_ms;
  out.tasks[id] = x;
  out.places[place_of(x)] = summary_of(x);
  insert(std::move(x));
  return submitted_task{id, task_state::pending, true};
}

std::optional<fault> task_board::why_not_taken(const submit_task_call& call) const {
  const auto bad = [](const std::string& what) { return fault{ec::bad_input, what}; };
  const auto span = [](uint64_t x) { return "1 to " + std::to_string(x); };
  if (call.payload.empty() || call.payload.size() > task_limits::payload_bytes_max)
    return bad("payload: expected " + span(task_limits::payload_bytes_max) + " bytes, got "
               + std::to_string(call.payload.size()));
  if (!is_task_text(call.payload))
    return bad("payload: expected no control characters but tabs and line ends");
  if (call.caller.client.size() > task_limits::client_bytes_max)
    return bad("client: expected at most " + std::to_string(task_limits::client_bytes_max)
               + " bytes, got " + std::to_string(call.caller.client.size()));
  if (!is_task_name(call.idempotency, task_limits::idempotency_bytes_max))
    return bad("idempotency key: expected at most "
               + std::to_string(task_limits::idempotency_bytes_max) + " of A-Z a-z 0-9 . _ -");
  const auto most = call.max_miner_count != 0 ? call.max_miner_count : terms().max_miners;
  if (most > terms().max_miners)
    return bad("max_miner_count: expected " + span(terms().max_miners) + ", got "
               + std::to_string(most));
  const auto required = call.required_miner_count != 0 ? call.required_miner_count
                                                       : std::min(terms().required_miners, most);
  if (required > most)
    return bad("required_miner_count: expected " + span(most) + ", got "
               + std::to_string(required));
  if (call.min_miner_count > required)
    return bad("min_miner_count: expected " + span(required) + ", got "
               + std::to_string(call.min_miner_count));
  return {};
}

result<task_record*> task_board::of_caller(const task_caller& who, const std::string& id,
                                           uint64_t now_ms, task_changes& out) {
  auto* x = open_now(id, now_ms, out);
  if (!x || (!who.admin && x->client != who.client))
    return no_such_task(id);
  return x;
}

result<changed_task>
task_board::cancel(const cancel_task_call& call, uint64_t now_ms, task_changes& out) {
  if (call.reason.size() > task_limits::reason_bytes_max)
    return fault{ec::bad_input, "reason: expected at most "
                                  + std::to_string(task_limits::reason_bytes_max) + " bytes, got "
                                  + std::to_string(call.reason.size())};
  if (const auto x = of_caller(call.caller, call.task_id, now_ms, out)) {
    auto& task = **x;
    if (task.state == task_state::completed)
      settle(task, now_ms, out);
    const auto best = task.best;
    end(task, task_state::cancelled, call.reason, now_ms, out);
    return changed_task{call.task_id, task_state::cancelled, best};
  }
  const auto at = ended_.find(call.task_id);
  if (at == ended_.end() || (!call.caller.admin && at->second.summary.client != call.caller.client))
    return no_such_task(call.task_id);
  if (at->second.place.state != task_state::cancelled)
    return fault{ec::refused, ended_text(call.task_id, at->second.place.state)};
  return changed_task{call.task_id, task_state::cancelled, at->second.summary.best};
}

result<changed_task>
task_board::approve(const approve_task_call& call, uint64_t now_ms, task_changes& out) {
  const auto x = of_caller(call.caller, call.task_id, now_ms, out);
  if (!x) {
    const auto at = ended_.find(call.task_id);
    if (at == ended_.end()
        || (!call.caller.admin && at->second.summary.client != call.caller.client))
      return no_such_task(call.task_id);
    if (at->second.place.state != task_state::approved)
      return fault{ec::refused, ended_text(call.task_id, at->second.place.state)};
    return changed_task{call.task_id, task_state::approved, at->second.summary.best};
  }
  auto& task = **x;
  if (task.state != task_state::completed)
    return fault{ec::refused, "task " + call.task_id + " is " + std::string{name_of(task.state)}
                                + "; it can be approved once it is completed"};
  auto responses = task.responses;
  for (const auto& [uid, rating] : call.ratings) {
    const auto at = std::ranges::find(responses, uid, &task_response::uid);
    if (at == responses.end() || !(rating >= 0 && rating <= 1))
      return fault{ec::bad_input,
                   at == responses.end()
                     ? "ratings: miner " + std::to_string(uid.value) + " has not answered this task"
                     : "ratings: of miner " + std::to_string(uid.value)
                         + " expected a number from 0 to 1"};
    at->rating = rating;
  }
  judge_responses(responses, terms());
  task.responses = std::move(responses);
  task.best = best_of_responses(task.responses, terms());
  settle(task, now_ms, out);
  const auto best = task.best;
  end(task, task_state::approved, "", now_ms, out);
  return changed_task{call.task_id, task_state::approved, best};
}

// ---- workers ------------------------------------------------------------------------------------

void task_board::see(const hotkey& worker, uint64_t now_ms) {
  constexpr size_t seen_max = 65'536; // one per uid that there can be
  if (seen_ms_.size() >= seen_max && !seen_ms_.contains(worker))
    std::erase_if(seen_ms_, [&](const auto& x) { return !is_seen(x.first, now_ms); });
  if (seen_ms_.size() < seen_max || seen_ms_.contains(worker))
    seen_ms_[worker] = now_ms;
  if (const auto at = work_.find(worker); at != work_.end())
    at->second.last_seen_ms = std::max(at->second.last_seen_ms, now_ms);
}

bool task_board::is_seen(const hotkey& key, uint64_t now_ms) const {
  constexpr uint64_t ms_per_s = 1000;
  const auto at = seen_ms_.find(key);
  return at != seen_ms_.end() && now_ms <= at->second + terms().poll_seen_s * ms_per_s;
}

std::vector<task_work>
task_board::fetch(const fetch_tasks_call& call, uint64_t now_ms, task_changes& out) {
  see(call.worker, now_ms);
  std::vector<std::pair<uint64_t, std::string>> ids; // by number
  if (const auto at = by_worker_.find(call.worker); at != by_worker_.end())
    for (const auto& id : at->second)
      ids.emplace_back(open_.at(id).number, id);
  std::ranges::sort(ids);
  std::vector<task_work> made;
  const auto limit = std::min<uint64_t>(call.limit, task_limits::fetched_max);
  for (const auto& [number, id] : ids) {
    if (made.size() >= limit)
      break;
    const auto* x = open_now(id, now_ms, out);
    if (!x || x->state != task_state::assigned)
      continue;
    hand_out(id, call.worker, now_ms, out);
    for (const auto& one : x->assignments)
      if (one.key == call.worker && one.state == assignment_state::open)
        made.push_back(work_of(*x, one, terms().answer_s));
  }
  return made;
}

void task_board::hand_out(const std::string& task_id, const hotkey& worker, uint64_t now_ms,
                          task_changes& out) {
  const auto at = open_.find(task_id);
  if (at == open_.end())
    return;
  auto& x = at->second;
  for (auto& one : x.assignments)
    if (one.key == worker && one.state == assignment_state::open && one.handed_out_ms == 0)
      edit(x, now_ms, out, [&one, now_ms] { one.handed_out_ms = now_ms; });
}

result<answered_task>
task_board::answer(const answer_task_call& call, std::optional<uint64_t> processing_ms,
                   uint64_t now_ms, task_changes& out) {
  if (call.result.size() > task_limits::result_bytes_max)
    return fault{ec::bad_input, "result: expected at most "
                                  + std::to_string(task_limits::result_bytes_max) + " bytes, got "
                                  + std::to_string(call.result.size())};
  if (!is_task_text(call.result))
    return fault{ec::bad_input, "result: expected no control characters but tabs and line ends"};
  see(call.worker, now_ms);
  auto* x = open_now(call.task_id, now_ms, out);
  if (!x) {
    const auto at = ended_.find(call.task_id);
    if (at == ended_.end())
      return no_such_task(call.task_id);
    ++refused_late_;
    return fault{ec::refused, ended_text(call.task_id, at->second.place.state)};
  }
  if (std::ranges::find(x->responses, call.worker, &task_response::key) != x->responses.end()) {
    ++refused_duplicates_;
    return fault{ec::read_only, "this miner has answered task " + call.task_id
                                  + " before; one answer of each miner counts"};
  }
  const auto mine = std::ranges::find_if(x->assignments, [&call](const task_assignment& one) {
    return one.key == call.worker && one.state == assignment_state::open;
  });
  if (mine == x->assignments.end()) {
    ++refused_unassigned_;
    return fault{ec::refused, "task " + call.task_id + " is not assigned to this miner"};
  }
  const auto since = mine->handed_out_ms != 0 ? mine->handed_out_ms : mine->assigned_ms;
  task_response made;
  made.uid = mine->uid;
  made.key = call.worker;
  made.result = call.result;
  made.received_ms = now_ms;
  made.processing_ms = processing_ms.value_or(now_ms > since ? now_ms - since : 0);
  edit(*x, now_ms, out, [&] {
    mine->state = assignment_state::answered;
    x->responses.push_back(std::move(made));
    judge_responses(x->responses, terms());
  });
  ++responses_;
  const auto count = x->responses.size();
  const bool all_answered = std::ranges::none_of(
    x->assignments, [](const task_assignment& one) { return one.state == assignment_state::open; });
  if (all_answered)
    complete(*x, now_ms, out);
  const auto at = open_.find(call.task_id);
  return answered_task{call.task_id, at != open_.end() ? at->second.state : task_state::done,
                       count};
}

} // namespace sluice
