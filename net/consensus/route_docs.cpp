#include "net/consensus/route_parts.hpp"

#include <map>
#include <set>
#include <stdexcept>
#include <vector>

namespace sluice::net {

namespace {

using statuses = std::vector<unsigned>;

/// What each error of these routes means.
std::string_view meaning_of(unsigned status) {
  switch (status) {
  case 400:
    return "The body, the query or a header cannot be read; `detail` states where.";
  case 401:
    return "Nothing proves who calls: no key, or a signature that is not this hotkey's, or too"
           " old.";
  case 403:
    return "This caller may not do that.";
  case 404:
    return "There is none.";
  case 409:
    return "It was taken before.";
  case 415:
    return "Neither a form nor JSON.";
  case 422:
    return "A field is missing or has a value that it cannot have.";
  case 500:
    return "The store has failed; `detail` states how.";
  case 503:
    return "Who answers this is not there at the moment, or has too much to do; try again later.";
  default:
    return "No answer in time; try again later.";
  }
}

std::string reference(std::string_view schema) {
  return R"({"$ref":"#/components/schemas/)" + std::string{schema} + "\"}";
}

/// A route of the table: `answer` names the schema of its 200.
struct route_row {
  http_access access;
  std::string_view tag;
  std::string_view summary;
  std::string_view answer;
  statuses errors;
  std::string_view body{}; // a schema's name
  std::string_view description{};
};

constexpr std::string_view of_consensus = "consensus";
constexpr std::string_view of_tasks = "tasks";
constexpr std::string_view of_workers = "workers";

std::set<api_role> reporters() {
  return {api_role::validator};
}
std::set<api_role> clients() {
  return {api_role::client};
}

std::map<std::string_view, route_row> consensus_rows() {
  return {
    {"POST /api/v1/validators/miner-status",
     {access_signed(reporters()),
      of_consensus,
      "Report what a validator sees of miners",
      "ConsensusReportTaken",
      {400, 401, 403, 409, 415, 422, 500, 503, 504},
      "ConsensusReport",
      "A form or JSON, with a validator's key or signed by its hotkey. It is durable when it is"
      " answered. An item that cannot be read is passed over; a list that is none is refused."}},
    {"POST /miners/performance",
     {access_for(reporters()),
      of_consensus,
      "Report on one miner",
      "ConsensusReportTaken",
      {400, 401, 403, 409, 422, 500, 503, 504},
      "ConsensusPerformance",
      "The same as a report with one item, with a validator's key."}},
    {"GET /api/v1/miners/{miner_uid}/consensus",
     {access_read(),
      of_consensus,
      "The merged status of one miner",
      "ConsensusOfMiner",
      {404, 422, 500, 503}}},
    {"GET /api/v1/miners/network-status",
     {access_read(),
      of_consensus,
      "All miners: merged where validators agree, else as one of them reports",
      "ConsensusNetwork",
      {500}}},
    {"GET /api/v1/validators/consensus-stats",
     {access_read(),
      of_consensus,
      "Reports, validators, agreement",
      "ConsensusStatistics",
      {500, 503}}},
    {"GET /api/v1/miners",
     {access_read(),
      of_consensus,
      "The miners that tasks may go to, and their availability",
      "ConsensusMiners",
      {500, 503}}},
    {"GET /health",
     {access_open(),
      of_consensus,
      "Whether consensus works, with a check each for coverage, participation, conflict rate and"
      " confidence",
      "ConsensusHealth",
      {500, 503}}},
    {"GET /api/v1/health",
     {access_open(), of_consensus, "The same as /health", "ConsensusHealth", {500, 503}}},
    {"GET /metrics",
     {access_read(), of_consensus, "Numbers of consensus and tasks, for Prometheus", "", {}}},
    {"GET /metrics/json",
     {access_read(), of_consensus, "The same numbers as JSON", "ConsensusMetrics", {}}},
    {"GET /api/v1/stream",
     {access_read(),
      of_consensus,
      "A WebSocket: one JSON text per change of a record",
      "",
      {},
      "",
      "First `{\"type\":\"snapshot\"}`, then a `change` for every record that changes; `?uid=` for"
      " one miner only. Who does not read fast enough is closed with a reason."}},
  };
}

std::map<std::string_view, route_row> task_rows() {
  return {
    {"POST /tasks",
     {access_for(clients()),
      of_tasks,
      "Submit a task",
      "TaskSubmitted",
      {400, 403, 422, 500, 503, 504},
      "TaskSubmission",
      "With an `Idempotency-Key`, the same submission again is answered with the task that there"
      " is."}},
    {"GET /tasks",
     {access_for(clients()),
      of_tasks,
      "Tasks of this client (of all, for an admin), newest first, without payloads",
      "TaskList",
      {400, 422, 500, 503, 504}}},
    {"GET /tasks/{id}",
     {access_for(clients()), of_tasks, "One task", "TaskFound", {404, 500, 503, 504}}},
    {"GET /task/{id}/status",
     {access_for(clients()), of_tasks, "How a task stands", "TaskStatus", {404, 500, 503, 504}}},
    {"GET /task/{id}/responses",
     {access_for(clients()),
      of_tasks,
      "What miners answered, and the best of it",
      "TaskResponses",
      {404, 500, 503, 504}}},
    {"POST /tasks/{id}/cancel",
     {access_for(clients()),
      of_tasks,
      "End a task",
      "TaskChanged",
      {400, 403, 404, 422, 500, 503, 504},
      "TaskCancellation"}},
    {"POST /tasks/{id}/approve",
     {access_for(clients()),
      of_tasks,
      "Accept a completed task, and rate its responses",
      "TaskChanged",
      {400, 403, 404, 422, 500, 503, 504},
      "TaskApproval"}},
    {"POST /miners/register",
     {access_signed(),
      of_workers,
      "A worker that polls shows that it is there",
      "WorkerRegistered",
      {400, 401, 403, 500, 503, 504},
      "Anything"}},
    {"POST /tasks/fetch",
     {access_signed(),
      of_workers,
      "Take the tasks that are assigned to this worker",
      "WorkerTasks",
      {400, 401, 403, 422, 500, 503, 504},
      "WorkerFetch"}},
    {"POST /task/{id}/responses",
     {access_signed(),
      of_workers,
      "Answer a task; the first answer of a worker counts",
      "WorkerAnswered",
      {400, 401, 403, 404, 409, 422, 500, 503, 504},
      "WorkerAnswer"}},
    {"GET /duplicate-protection/stats",
     {access_read(),
      of_tasks,
      "What was refused as a duplicate, and how tasks stand",
      "TaskStatistics",
      {500, 503, 504}}},
  };
}

constexpr std::string_view whole_uid = R"({"type":"integer","minimum":0,"maximum":65535})";

/// Those of the path, query and headers.
std::vector<http_parameter_doc> parameters_of(std::string_view route, const http_access& access) {
  std::vector<http_parameter_doc> all;
  if (route.find("{miner_uid}") != std::string_view::npos)
    all.push_back({"miner_uid", "path", "The miner's uid.", std::string{whole_uid}, true});
  if (route.find("{id}") != std::string_view::npos)
    all.push_back({"id", "path", "The task's id.", R"({"type":"string"})", true});
  if (route == "GET /api/v1/stream")
    all.push_back({"uid", "query", "Only changes of this miner.", std::string{whole_uid}, false});
  if (route == "GET /tasks") {
    all.push_back({"status", "query", "Only tasks of this status.",
                   R"({"$ref":"#/components/schemas/TaskState"})", false});
    all.push_back({"limit", "query", "At most so many; 100 when it is not there.",
                   R"({"type":"integer","minimum":1,"maximum":1000})", false});
  }
  if (route == "POST /tasks")
    all.push_back({"Idempotency-Key", "header", "1 to 64 of A-Z a-z 0-9 . _ -",
                   R"({"type":"string","maxLength":64})", false});
  if (access.signed_body && access.roles.empty()) {
    all.push_back(
      {"X-Hotkey", "header", "SS58 address of the worker.", R"({"type":"string"})", true});
    all.push_back(
      {"X-Issued", "header", "Milliseconds since 1970-01-01 UTC.", R"({"type":"integer"})", true});
    all.push_back({"X-Signature", "header",
                   "Base64 of the signature; docs/consensus-api.md has the text.",
                   R"({"type":"string"})", true});
  }
  return all;
}

http_route_terms terms_of(std::string_view route, const route_row& x) {
  http_route_terms made;
  made.access = x.access;
  auto& doc = made.doc;
  doc.summary = x.summary;
  doc.description = x.description;
  doc.tag = x.tag;
  doc.parameters = parameters_of(route, x.access);
  if (!x.body.empty())
    doc.body = reference(x.body);
  if (x.body == "ConsensusReport")
    doc.body_types.emplace_back("application/x-www-form-urlencoded");
  if (route == "GET /metrics")
    doc.responses.push_back({200, "Text format 0.0.4.", R"({"type":"string"})", "text/plain"});
  else if (!x.answer.empty())
    doc.responses.push_back({200, "Done.", reference(x.answer)});
  else
    doc.responses.push_back({101, "The WebSocket is open."});
  for (const auto status : x.errors)
    doc.responses.push_back({status, std::string{meaning_of(status)},
                             status == 422 ? reference("FieldIssues") : std::string{}});
  return made;
}

} // namespace

http_route_terms consensus_route_terms(std::string_view route) {
  static const auto of_consensus_routes = consensus_rows();
  static const auto of_task_routes = task_rows();
  for (const auto* rows : {&of_consensus_routes, &of_task_routes})
    if (const auto at = rows->find(route); at != rows->end())
      return terms_of(route, at->second);
  throw std::invalid_argument("no document for " + std::string{route});
}

} // namespace sluice::net
