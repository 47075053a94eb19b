#include "actors/consensus/task_views.hpp"

#include "storage/consensus/task_tables.hpp"

#include <array>

namespace sluice {

namespace {

namespace tables = storage::tables;
using views::json;
using views::number;

constexpr uint64_t tasks_shown = 20;
constexpr uint64_t tasks_listed = 200;
constexpr size_t text_shown = 60;

json task_moment(uint64_t ms) {
  constexpr uint64_t ms_per_s = 1000;
  return views::time_of(ms / ms_per_s);
}

/// The beginning of a text in one line.
std::string shortened(const std::string& text) {
  auto made = text.substr(0, text_shown);
  for (auto& c : made)
    if (static_cast<unsigned char>(c) < ' ')
      c = ' ';
  return text.size() > text_shown ? made + "..." : made;
}

json best_json(const task_record& x) {
  return x.best ? json(x.best->value) : json(nullptr);
}

json task_row(const task_record& x) {
  uint64_t open = 0;
  for (const auto& one : x.assignments)
    open += one.state == assignment_state::open ? 1 : 0;
  return {{"task", x.id},
          {"type", name_of(x.type)},
          {"priority", name_of(x.priority)},
          {"state", name_of(x.state)},
          {"wanted", x.required_miner_count},
          {"waiting_for", open},
          {"answered", x.responses.size()},
          {"best", best_json(x)},
          {"retries", x.retries},
          {"client", x.client},
          {"created", task_moment(x.created_ms)}};
}

json assignment_rows(const task_record& x) {
  json rows = json::array();
  for (const auto& one : x.assignments)
    rows.push_back({{"uid", one.uid.value},
                    {"hotkey", one.key.value},
                    {"attempt", one.attempt},
                    {"state", name_of(one.state)},
                    {"assigned", task_moment(one.assigned_ms)},
                    {"handed_out", task_moment(one.handed_out_ms)}});
  return rows;
}

json response_rows(const task_record& x) {
  json rows = json::array();
  for (const auto& one : x.responses)
    rows.push_back({{"uid", one.uid.value},
                    {"hotkey", one.key.value},
                    {"score", number(one.score)},
                    {"accuracy", number(one.accuracy)},
                    {"rated", one.rating.has_value()},
                    {"speed", number(one.speed)},
                    {"processing_ms", one.processing_ms},
                    {"received", task_moment(one.received_ms)},
                    {"result", shortened(one.result)}});
  return rows;
}

result<json> chosen_task_view(const storage::data_dir& disk, const admin::call& what) {
  const auto name = what.what->name;
  if (name == "tasks")
    return tasks_at_a_glance(disk);
  if (name == "tasks list") {
    list_tasks_call call;
    call.state = task_state_of(what.argument_at(0));
    call.limit = tasks_listed;
    return task_list(disk, call);
  }
  if (name == "tasks show")
    return task_shown(disk, std::string{what.argument_at(0)});
  if (name == "tasks miners")
    return task_miners(disk);
  return fault{ec::invalid_argument, std::string{name} + " is not answered from disk"};
}

} // namespace

result<std::string> task_view(const storage::data_dir& disk, const admin::call& what) {
  const auto shown = chosen_task_view(disk, what);
  return shown ? result<std::string>{views::text_of(*shown)} : shown.error();
}

result<json> tasks_at_a_glance(const storage::data_dir& disk) {
  std::array<uint64_t, task_state_names.size()> counts{};
  const auto read = tables::consensus_task_places.for_each(
    disk, [&counts](const task_place& place, const task_summary&) {
      ++counts.at(static_cast<size_t>(place.state));
    });
  if (!read)
    return read.error();
  json made = json::object();
  for (size_t i = 0; i < counts.size(); ++i)
    made[std::string{task_state_names.at(i)}] = counts.at(i);
  list_tasks_call newest;
  newest.limit = tasks_shown;
  auto rows = task_list(disk, newest);
  if (!rows)
    return rows.error();
  made["tasks"] = *std::move(rows);
  return made;
}

result<json> task_list(const storage::data_dir& disk, const list_tasks_call& call) {
  const auto all = storage::list_tasks(disk, call);
  if (!all)
    return all.error();
  json rows = json::array();
  for (const auto& x : *all)
    rows.push_back(task_row(x));
  return rows;
}

result<json> task_shown(const storage::data_dir& disk, const std::string& id) {
  const auto found = tables::consensus_tasks.find(disk, id);
  if (!found)
    return found.error();
  if (!*found)
    return fault{ec::no_such_key, "there is no task " + id + "; `tasks` lists them"};
  const auto& x = **found;
  json made{{"task", x.id},
            {"number", x.number},
            {"type", name_of(x.type)},
            {"priority", name_of(x.priority)},
            {"state", name_of(x.state)},
            {"reason", x.reason},
            {"client", x.client},
            {"required_miner_count", x.required_miner_count},
            {"min_miner_count", x.min_miner_count},
            {"max_miner_count", x.max_miner_count},
            {"retries", x.retries},
            {"created", task_moment(x.created_ms)},
            {"distributed", task_moment(x.distributed_ms)},
            {"completed", task_moment(x.completed_ms)},
            {"ended", task_moment(x.ended_ms)},
            {"payload", x.payload},
            {"best", best_json(x)}};
  if (const auto* best = best_of(x))
    made["result"] = best->result;
  made["assignments"] = assignment_rows(x);
  made["responses"] = response_rows(x);
  return made;
}

result<json> task_miners(const storage::data_dir& disk) {
  json rows = json::array();
  const auto read
    = tables::consensus_task_work.for_each(disk, [&rows](const hotkey& key, const miner_work& x) {
        constexpr double ms_per_s = 1000;
        const auto average = x.answered == 0 ? json(nullptr)
                                             : number(static_cast<double>(x.processing_ms)
                                                      / static_cast<double>(x.answered) / ms_per_s);
        rows.push_back({{"uid", x.uid.value},
                        {"hotkey", key.value},
                        {"assigned", x.all.total},
                        {"answered", x.answered},
                        {"accepted", x.all.successes},
                        {"average_s", average},
                        {"last_seen", task_moment(x.last_seen_ms)}});
      });
  if (!read)
    return read.error();
  return rows;
}

} // namespace sluice
