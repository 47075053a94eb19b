#include "net/consensus/task_texts.hpp"

#include "net/consensus/page_texts.hpp"
#include "rules/json_text.hpp"

#include <set>
#include <string>
#include <string_view>

namespace sluice::net {

namespace {

/// A time; 0 is none.
std::string time_json(uint64_t unix_ms) {
  return unix_ms == 0 ? "null" : json_text(utc_text(unix_ms));
}

json_object task_success() {
  return json_object{}.add("success", true);
}

http_response task_answer(const json_object& x) {
  return {200, "application/json", x.text() + '\n'};
}

std::string response_json(const task_response& x) {
  return json_object{}
    .add("miner_uid", x.uid.value)
    .add("hotkey", std::string_view{x.key.value})
    .add("result", std::string_view{x.result})
    .add("accuracy", x.accuracy)
    .add("speed", x.speed)
    .add("score", x.score)
    .raw("rating", json_of(x.rating))
    .add("processing_ms", x.processing_ms)
    .raw("received_at", time_json(x.received_ms))
    .text();
}

std::string assignments_json(const task_record& x) {
  json_list all;
  for (const auto& one : x.assignments)
    all.raw(json_object{}
              .add("assignment_id", std::string_view{one.id})
              .add("miner_uid", one.uid.value)
              .add("hotkey", std::string_view{one.key.value})
              .add("attempt", one.attempt)
              .add("status", name_of(one.state))
              .raw("assigned_at", time_json(one.assigned_ms))
              .text());
  return all.text();
}

std::string responses_json(const task_record& x) {
  json_list all;
  for (const auto& one : x.responses)
    all.raw(response_json(one));
  return all.text();
}

std::string best_json(const task_record& x) {
  const auto* best = best_of(x);
  return best ? response_json(*best) : "null";
}

/// What every form of a task has.
json_object task_object(const task_record& x) {
  std::set<uint16_t> assigned;
  for (const auto& one : x.assignments)
    assigned.insert(one.uid.value);
  json_list miners;
  for (const auto uid : assigned)
    miners.raw(std::to_string(uid));
  return json_object{}
    .add("task_id", std::string_view{x.id})
    .add("task_type", name_of(x.type))
    .add("status", name_of(x.state))
    .add("priority", name_of(x.priority))
    .add("required_miner_count", x.required_miner_count)
    .add("min_miner_count", x.min_miner_count)
    .add("max_miner_count", x.max_miner_count)
    .raw("assigned_miners", miners.text())
    .add("responses", x.responses.size())
    .raw("best_miner", x.best ? std::to_string(x.best->value) : "null")
    .add("retries", x.retries)
    .add("reason", std::string_view{x.reason})
    .raw("created_at", time_json(x.created_ms))
    .raw("updated_at", time_json(x.updated_ms))
    .raw("distributed_at", time_json(x.distributed_ms))
    .raw("completed_at", time_json(x.completed_ms))
    .raw("ended_at", time_json(x.ended_ms));
}

} // namespace

http_response answer_of(const submitted_task& x) {
  return task_answer(task_success()
                       .add("task_id", std::string_view{x.task_id})
                       .add("status", name_of(x.state))
                       .add("is_new", x.is_new));
}

http_response answer_of(const task_record& x) {
  const auto task = task_object(x)
                      .add("payload", std::string_view{x.payload})
                      .raw("assignments", assignments_json(x))
                      .raw("miner_responses", responses_json(x))
                      .raw("best_response", best_json(x))
                      .text();
  return task_answer(task_success().raw("task", task));
}

http_response answer_of(const std::vector<task_record>& x) {
  json_list all;
  for (const auto& one : x)
    all.raw(task_object(one).text());
  return task_answer(task_success().add("total", x.size()).raw("tasks", all.text()));
}

http_response answer_of(const changed_task& x) {
  return task_answer(task_success()
                       .add("task_id", std::string_view{x.task_id})
                       .add("status", name_of(x.state))
                       .raw("best_miner", x.best ? std::to_string(x.best->value) : "null"));
}

http_response answer_of(const std::vector<task_work>& x) {
  json_list all;
  for (const auto& one : x)
    all.raw(json_object{}
              .add("assignment_id", std::string_view{one.assignment_id})
              .add("task_id", std::string_view{one.task_id})
              .add("task_type", name_of(one.type))
              .add("payload", std::string_view{one.payload})
              .raw("assigned_at", time_json(one.assigned_ms))
              .raw("deadline", time_json(one.deadline_ms))
              .text());
  return task_answer(task_success().raw("tasks", all.text()));
}

http_response answer_of(const answered_task& x) {
  return task_answer(task_success()
                       .add("task_id", std::string_view{x.task_id})
                       .add("status", name_of(x.state))
                       .add("responses", x.responses));
}

http_response answer_of(const task_stats& x) {
  return task_answer(
    task_success()
      .raw("duplicate_protection", json_object{}
                                     .add("responses", x.responses)
                                     .add("refused_duplicates", x.refused_duplicates)
                                     .add("refused_unassigned", x.refused_unassigned)
                                     .add("refused_late", x.refused_late)
                                     .add("repeated_submissions", x.repeated_submissions)
                                     .text())
      .raw("tasks", json_object{}
                      .raw("by_status", json_of(x.by_state))
                      .add("total_assignments", x.total_assignments)
                      .add("available_miners", x.available_miners)
                      .add("health", name_of(x.health))
                      .text()));
}

http_response answer_of(const registered_miner& x) {
  return task_answer(
    task_success().add("miner_uid", x.uid.value).add("hotkey", std::string_view{x.key.value}));
}

http_response status_answer_of(const task_record& x) {
  return task_answer(task_success()
                       .add("task_id", std::string_view{x.id})
                       .add("status", name_of(x.state))
                       .add("is_terminal", is_terminal(x.state))
                       .add("responses", x.responses.size())
                       .raw("best_miner", x.best ? std::to_string(x.best->value) : "null")
                       .add("reason", std::string_view{x.reason})
                       .raw("updated_at", time_json(x.updated_ms)));
}

http_response responses_answer_of(const task_record& x) {
  return task_answer(task_success()
                       .add("task_id", std::string_view{x.id})
                       .add("status", name_of(x.state))
                       .raw("responses", responses_json(x))
                       .raw("best_response", best_json(x)));
}

} // namespace sluice::net
