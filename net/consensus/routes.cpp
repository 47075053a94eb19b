#include "net/consensus/routes.hpp"

#include "net/consensus/pages.hpp"
#include "net/consensus/report_body.hpp"
#include "net/consensus/route_parts.hpp"
#include "net/http/cached_body.hpp"
#include "net/miner_gateway/wire_text.hpp"
#include "rules/json_text.hpp"

#include <limits>
#include <optional>
#include <utility>

namespace sluice::net {

namespace {

constexpr uint64_t uid_max = std::numeric_limits<uint16_t>::max();
constexpr std::string_view report_failed = "Failed to process miner status: ";

http_response answer_of_page(found_page x) {
  if (x.page)
    return cached_answer(std::move(x.page));
  auto made = http_error(x.status, x.detail);
  if (x.status == 503)
    made.headers.push_back({"Retry-After", "5"});
  return made;
}

/// What a report without a signature is refused for; none when the key is its validator's.
std::optional<http_response>
wrong_key(const consensus_routes& x, const consensus_report_call& call) {
  const auto& caller = call.caller;
  if (caller.role == api_role::validator) {
    if (!caller.validator_uid || caller.validator_uid->value == call.report.validator_uid)
      return {}; // of a key that is for a hotkey the backend knows the uid
    return http_error(403, "this key is of validator " + std::to_string(caller.validator_uid->value)
                             + ", the report states " + std::to_string(call.report.validator_uid));
  }
  if (caller.role == api_role::none && x.terms.unproved_reports)
    return {};
  if (caller.role == api_role::none)
    return http_error(401, "a report needs a validator's key in X-API-Key, or hotkey, issued and"
                           " signature; see docs/consensus-api.md, \"Reports\"");
  return http_error(403, "a key of role " + std::string{name_of(caller.role)}
                           + " stands for no validator; make one with sluice api-key new --role"
                             " validator, or sign the report");
}

/// Is it proved whose report it is, as far as can be seen here?
std::optional<http_response>
unproved(const consensus_routes& x, const consensus_report_call& call) {
  if (call.report.hotkey.empty())
    return wrong_key(x, call);
  const auto good = check_signed_report(
    call.report, x.terms.unix_ms(),
    [&x](auto address, auto text, const auto& signature) {
      return verify_by(x.terms.schemes, address, text, signature);
    },
    x.terms.freshness);
  if (good)
    return {};
  return http_error(good.error().code == ec::refused ? 401 : 400, good.error().what);
}

http_response answer_of_report(const consensus_report_answer& x, uint16_t uid, uint64_t epoch) {
  if (x.success)
    return {200, "application/json",
            json_object{}
                .add("success", true)
                .add("miners_processed", x.miners_processed)
                .add("consensus_updated", x.consensus_updated)
                .add("validator_uid", uid)
                .add("epoch", epoch)
                .text()
              + '\n'};
  return {400, "application/json",
          json_object{}
              .add("success", false)
              .add("error", std::string_view{x.error})
              .add("validator_uid", uid)
              .add("detail", std::string_view{x.error})
              .add("error_type", "bad_request")
              .add("message", reason_phrase(400))
              .text()
            + '\n'};
}

void take_report(const consensus_routes& x, consensus_report_call call, const http_reply& reply) {
  if (const auto no = unproved(x, call))
    return reply(*no);
  const auto uid = call.report.validator_uid;
  const auto epoch = call.report.epoch;
  x.backend->take_report(std::move(call),
                         [reply, uid, epoch](const result<consensus_report_answer>& got) {
                           if (got)
                             return reply(answer_of_report(*got, uid, epoch));
                           const auto status = consensus_fault(got.error()).status;
                           const std::string_view what = status == 400   ? "Invalid JSON data: "
                                                         : status == 500 ? report_failed
                                                                         : "";
                           reply(consensus_fault(got.error(), what));
                         });
}

/// The members of an object as a list with one item; `uid` may be called `miner_uid`.
std::string item_list(const std::vector<wire::member>& members) {
  std::string item;
  for (const auto& x : members) {
    if (x.name == "validator_uid" || x.name == "epoch")
      continue;
    item.append(item.empty() ? "" : ",")
      .append(x.name == "miner_uid" ? "\"uid\"" : x.quoted_name)
      .append(1, ':')
      .append(x.value);
  }
  return "[{" + item + "}]";
}

/// POST /miners/performance: a report about one miner, which needs no list.
void take_performance(const consensus_routes& x, const http_request& request,
                      const http_reply& reply) {
  auto read = body_object::read(request.body);
  if (!read)
    return reply(http_error(400, read.error().what));
  std::vector<field_issue> issues;
  for (const auto* name : {"validator_uid", "epoch"})
    if (!read->has(name))
      issues.push_back(missing_field("body", name));
  if (!read->has("miner_uid") && !read->has("uid"))
    issues.push_back(missing_field("body", "miner_uid"));
  consensus_report_call call;
  call.caller = request.caller;
  call.report.validator_uid = static_cast<uint16_t>(read->whole("validator_uid", 0, uid_max, 0));
  call.report.epoch = read->whole("epoch", 0, std::numeric_limits<int64_t>::max(), 0);
  (void)read->whole("miner_uid", 0, uid_max, 0);
  (void)read->whole("uid", 0, uid_max, 0);
  issues.insert(issues.end(), read->issues().begin(), read->issues().end());
  if (!issues.empty())
    return reply(unprocessable(issues));
  if (const auto members = wire::members_of(request.body))
    call.report.miner_statuses = item_list(*members);
  take_report(x, std::move(call), reply);
}

void serve_reports(http_router& out, const shared_consensus& all) {
  out.serve(
    "POST", "/api/v1/validators/miner-status",
    [all](const http_request& request, const http_reply& reply) {
      auto read = read_report(request);
      if (const auto* no = std::get_if<http_response>(&read))
        return reply(*no);
      take_report(*all, std::get<consensus_report_call>(std::move(read)), reply);
    },
    consensus_route_terms("POST /api/v1/validators/miner-status"));
  out.serve(
    "POST", "/miners/performance",
    [all](const http_request& request, const http_reply& reply) {
      take_performance(*all, request, reply);
    },
    consensus_route_terms("POST /miners/performance"));
}

/// The uid in the path or query; none, with an issue, for anything else.
std::optional<uint16_t> uid_of(std::string_view place, std::string_view field,
                               std::string_view text, std::vector<field_issue>& issues) {
  const auto uid = integer_field(place, field, text, uid_max, issues);
  return issues.empty() ? std::optional{static_cast<uint16_t>(uid)} : std::nullopt;
}

void serve_page(http_router& out, const shared_consensus& all, const std::string& path,
                found_page (consensus_pages::*find)() const) {
  out.serve(
    "GET", path,
    [all, find](const http_request&, const http_reply& reply) {
      reply(answer_of_page(((*all->pages).*find)()));
    },
    consensus_route_terms("GET " + path));
}

void serve_reads(http_router& out, const shared_consensus& all) {
  out.serve(
    "GET", "/api/v1/miners/{miner_uid}/consensus",
    [all](const http_request& request, const http_reply& reply) {
      std::vector<field_issue> issues;
      const auto uid = uid_of("path", "miner_uid", request.parameters.at("miner_uid"), issues);
      reply(uid ? answer_of_page(all->pages->miner(*uid)) : unprocessable(issues));
    },
    consensus_route_terms("GET /api/v1/miners/{miner_uid}/consensus"));
  serve_page(out, all, "/api/v1/miners/network-status", &consensus_pages::network_status);
  serve_page(out, all, "/api/v1/validators/consensus-stats", &consensus_pages::statistics);
  serve_page(out, all, "/api/v1/miners", &consensus_pages::miners);
  serve_page(out, all, "/health", &consensus_pages::health);
  serve_page(out, all, "/api/v1/health", &consensus_pages::health);
}

void serve_stream(http_router& out, const shared_consensus& all) {
  out.upgrade(
    "/api/v1/stream",
    [all](websocket_request request) {
      const auto query = read_form(request.request().query);
      if (!query)
        return all->pages->refuse(std::move(request),
                                  "the query cannot be read: " + query.error().what);
      std::optional<uint16_t> uid;
      if (const auto at = query->find("uid"); at != query->end()) {
        std::vector<field_issue> issues;
        uid = uid_of("query", "uid", at->second, issues);
        if (!uid)
          return all->pages->refuse(std::move(request), "uid: " + issues.front().message);
      }
      all->pages->subscribe(std::move(request), uid);
    },
    consensus_route_terms("GET /api/v1/stream"));
}

} // namespace

void add_consensus_routes(http_router& out, std::shared_ptr<consensus_backend> backend,
                          std::shared_ptr<consensus_pages> pages, consensus_routes_terms terms) {
  const auto all = std::make_shared<const consensus_routes>(
    consensus_routes{std::move(backend), std::move(pages), std::move(terms)});
  add_consensus_schemas(out);
  serve_reports(out, all);
  serve_reads(out, all);
  serve_stream(out, all);
  add_task_routes(out, all);
  if (all->terms.metrics)
    add_metrics_routes(out, all);
}

} // namespace sluice::net
