#include "net/consensus/report_body.hpp"
#include "net/consensus/route_parts.hpp"
#include "net/consensus/task_texts.hpp"
#include "rules/consensus/signed_call.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <map>
#include <optional>
#include <vector>

namespace sluice::net {

namespace {

constexpr size_t task_id_bytes_max = 64;

task_caller caller_of(const http_request& request) {
  return {request.caller.key_id, request.caller.role == api_role::admin};
}

bool is_name_text(std::string_view text, size_t bytes_max) {
  return !text.empty() && text.size() <= bytes_max && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.'
           || c == '_' || c == '-';
  });
}

/// The id in the path, or 404: nothing else can be the id of a task.
std::variant<std::string, http_response> task_id_of(const http_request& request) {
  const auto& id = request.parameters.at("id");
  if (!is_name_text(id, task_id_bytes_max))
    return http_error(404, "there is no such task");
  return id;
}

using read_body = std::variant<body_object, http_response>;

read_body body_of(const http_request& request) {
  auto made = body_object::read(request.body);
  if (!made)
    return http_error(400, made.error().what);
  return *std::move(made);
}

std::variant<submit_task_call, http_response> submission_of(const http_request& request) {
  auto read = body_of(request);
  if (const auto* no = std::get_if<http_response>(&read))
    return *no;
  auto& body = std::get<body_object>(read);
  submit_task_call call;
  call.caller = caller_of(request);
  call.type = static_cast<task_type>(body.one_of("task_type", task_type_names, {}));
  call.priority = static_cast<task_priority>(
    body.one_of("priority", task_priority_names, static_cast<size_t>(task_priority::normal)));
  constexpr uint64_t most = task_limits::miners_max;
  call.required_miner_count = body.whole("required_miner_count", 1, most, 0);
  call.min_miner_count = body.whole("min_miner_count", 1, most, 0);
  call.max_miner_count = body.whole("max_miner_count", 1, most, 0);
  call.payload = body.text("payload", 1, task_limits::payload_bytes_max);
  if (!body.issues().empty())
    return unprocessable(body.issues());
  call.idempotency = request.header("idempotency-key");
  if (!call.idempotency.empty()
      && !is_name_text(call.idempotency, task_limits::idempotency_bytes_max))
    return http_error(400, "Idempotency-Key is 1 to "
                             + std::to_string(task_limits::idempotency_bytes_max)
                             + " of A-Z a-z 0-9 . _ -");
  return call;
}

std::variant<list_tasks_call, http_response> listing_of(const http_request& request) {
  const auto query = read_form(request.query);
  if (!query)
    return http_error(400, "the query cannot be read: " + query.error().what);
  list_tasks_call call;
  if (const auto caller = caller_of(request); !caller.admin)
    call.client = caller.client;
  std::vector<field_issue> issues;
  if (const auto at = query->find("limit"); at != query->end()) {
    call.limit = integer_field("query", "limit", at->second, task_limits::listed_max, issues);
    if (call.limit == 0 && issues.empty())
      issues.push_back(out_of_bounds("query", "limit", 1, task_limits::listed_max));
  }
  if (const auto at = query->find("status"); at != query->end()) {
    call.state = task_state_of(at->second);
    if (!call.state)
      issues.push_back({"query", "status", "value is no status of a task", "value_error.const"});
  }
  if (!issues.empty())
    return unprocessable(issues);
  return call;
}

void serve_submit(http_router& out, const shared_consensus& all) {
  out.serve(
    "POST", "/tasks",
    [all](const http_request& request, const http_reply& reply) {
      auto call = submission_of(request);
      if (const auto* no = std::get_if<http_response>(&call))
        return reply(*no);
      all->backend->submit_task(
        std::get<submit_task_call>(std::move(call)),
        answering<submitted_task>(reply, [](const auto& x) { return answer_of(x); }));
    },
    consensus_route_terms("POST /tasks"));
  out.serve(
    "GET", "/tasks",
    [all](const http_request& request, const http_reply& reply) {
      auto call = listing_of(request);
      if (const auto* no = std::get_if<http_response>(&call))
        return reply(*no);
      all->backend->list_tasks(
        std::get<list_tasks_call>(std::move(call)),
        answering<std::vector<task_record>>(reply, [](const auto& x) { return answer_of(x); }));
    },
    consensus_route_terms("GET /tasks"));
}

/// GET of one task, shown as `show` does.
void serve_task(http_router& out, const shared_consensus& all, const std::string& path,
                http_response (*show)(const task_record&)) {
  out.serve(
    "GET", path,
    [all, show](const http_request& request, const http_reply& reply) {
      auto id = task_id_of(request);
      if (const auto* no = std::get_if<http_response>(&id))
        return reply(*no);
      all->backend->find_task(caller_of(request), std::get<std::string>(std::move(id)),
                              answering<task_record>(reply, show));
    },
    consensus_route_terms("GET " + path));
}

void serve_endings(http_router& out, const shared_consensus& all) {
  out.serve(
    "POST", "/tasks/{id}/cancel",
    [all](const http_request& request, const http_reply& reply) {
      auto id = task_id_of(request);
      if (const auto* no = std::get_if<http_response>(&id))
        return reply(*no);
      auto read = body_of(request);
      if (const auto* no = std::get_if<http_response>(&read))
        return reply(*no);
      auto& body = std::get<body_object>(read);
      auto reason = body.text("reason", 0, task_limits::reason_bytes_max);
      if (!body.issues().empty())
        return reply(unprocessable(body.issues()));
      all->backend->cancel_task(
        {caller_of(request), std::get<std::string>(std::move(id)), std::move(reason)},
        answering<changed_task>(reply, [](const auto& x) { return answer_of(x); }));
    },
    consensus_route_terms("POST /tasks/{id}/cancel"));
  out.serve(
    "POST", "/tasks/{id}/approve",
    [all](const http_request& request, const http_reply& reply) {
      auto id = task_id_of(request);
      if (const auto* no = std::get_if<http_response>(&id))
        return reply(*no);
      auto read = body_of(request);
      if (const auto* no = std::get_if<http_response>(&read))
        return reply(*no);
      auto& body = std::get<body_object>(read);
      std::map<miner_uid, double> ratings;
      for (const auto& [uid, rating] : body.ratings("ratings", task_limits::listed_max))
        ratings[{uid}] = rating;
      if (!body.issues().empty())
        return reply(unprocessable(body.issues()));
      all->backend->approve_task(
        {caller_of(request), std::get<std::string>(std::move(id)), std::move(ratings)},
        answering<changed_task>(reply, [](const auto& x) { return answer_of(x); }));
    },
    consensus_route_terms("POST /tasks/{id}/approve"));
}

/// Routes that a worker signs: `take(routes, worker, request, body, reply)` answers.
template <class Take>
void serve_worker(http_router& out, const shared_consensus& all, const std::string& path,
                  Take take) {
  out.serve(
    "POST", path,
    [all, take](const http_request& request, const http_reply& reply) {
      auto worker = worker_of(*all, request);
      if (const auto* no = std::get_if<http_response>(&worker))
        return reply(*no);
      auto read = body_of(request);
      if (const auto* no = std::get_if<http_response>(&read))
        return reply(*no);
      take(*all, std::get<hotkey>(std::move(worker)), request, std::get<body_object>(read), reply);
    },
    consensus_route_terms("POST " + path));
}

void serve_workers(http_router& out, const shared_consensus& all) {
  serve_worker(out, all, "/miners/register",
               [](const consensus_routes& x, hotkey worker, const http_request&, body_object&,
                  const http_reply& reply) {
                 x.backend->register_miner(
                   std::move(worker),
                   answering<registered_miner>(reply, [](const auto& y) { return answer_of(y); }));
               });
  serve_worker(out, all, "/tasks/fetch",
               [](const consensus_routes& x, hotkey worker, const http_request&, body_object& body,
                  const http_reply& reply) {
                 const auto limit = body.whole("limit", 1, task_limits::fetched_max, 1);
                 if (!body.issues().empty())
                   return reply(unprocessable(body.issues()));
                 x.backend->fetch_tasks({std::move(worker), limit},
                                        answering<std::vector<task_work>>(
                                          reply, [](const auto& y) { return answer_of(y); }));
               });
  serve_worker(out, all, "/task/{id}/responses",
               [](const consensus_routes& x, hotkey worker, const http_request& request,
                  body_object& body, const http_reply& reply) {
                 auto id = task_id_of(request);
                 if (const auto* no = std::get_if<http_response>(&id))
                   return reply(*no);
                 auto text = body.text("result", 1, task_limits::result_bytes_max);
                 if (!body.issues().empty())
                   return reply(unprocessable(body.issues()));
                 x.backend->answer_task(
                   {std::move(worker), std::get<std::string>(std::move(id)), std::move(text)},
                   answering<answered_task>(reply, [](const auto& y) { return answer_of(y); }));
               });
}

} // namespace

std::variant<hotkey, http_response>
worker_of(const consensus_routes& x, const http_request& request) {
  signed_call call;
  call.method = request.method;
  call.target = request.path + (request.query.empty() ? "" : "?" + request.query);
  call.hotkey = request.header("x-hotkey");
  call.signature = request.header("x-signature");
  call.body = request.body;
  const auto issued = request.header("x-issued");
  if (call.hotkey.empty() || call.signature.empty() || issued.empty())
    return http_error(401, "a worker signs what it asks for: X-Hotkey, X-Issued and X-Signature"
                           " are expected; see docs/consensus-api.md, \"Workers\"");
  const auto* end = issued.data() + issued.size();
  const auto read = std::from_chars(issued.data(), end, call.issued_ms);
  if (read.ec != std::errc{} || read.ptr != end)
    return http_error(400, "X-Issued: expected milliseconds since 1970-01-01 UTC");
  const auto good = check_signed_call(call, x.terms.unix_ms(),
                                      [&x](auto address, auto text, const auto& signature) {
                                        return verify_by(x.terms.schemes, address, text, signature);
                                      });
  if (!good)
    return http_error(good.error().code == ec::refused ? 401 : 400, good.error().what);
  return hotkey{std::move(call.hotkey)};
}

void add_task_routes(http_router& out, const shared_consensus& all) {
  serve_submit(out, all);
  serve_task(out, all, "/tasks/{id}", answer_of);
  serve_task(out, all, "/task/{id}/status", status_answer_of);
  serve_task(out, all, "/task/{id}/responses", responses_answer_of);
  serve_endings(out, all);
  serve_workers(out, all);
  out.serve(
    "GET", "/duplicate-protection/stats",
    [all](const http_request&, const http_reply& reply) {
      all->backend->task_statistics(
        answering<task_stats>(reply, [](const auto& x) { return answer_of(x); }));
    },
    consensus_route_terms("GET /duplicate-protection/stats"));
}

} // namespace sluice::net
