#include "net/leads/routes.hpp"

#include "net/leads/route_answers.hpp"
#include "net/leads/route_bodies.hpp"
#include "net/leads/route_docs.hpp"
#include "rules/chain/sha256.hpp"

#include <utility>
#include <variant>

namespace sluice::net {

namespace {

constexpr std::string_view buy_path = "/api/leads";

/// A body that was read and whose caller is known.
struct opened_call {
  io::json object;
  leads_caller caller;
};

/// What all of these routes share.
struct leads_routes {
  std::shared_ptr<leads_backend> backend;
  leads_routes_terms terms;
};
using shared_routes = std::shared_ptr<const leads_routes>;

/// Of a call without a signature: no two have the same.
std::string fresh_body_name() {
  const auto chance = random_bytes();
  return sha256_hex({reinterpret_cast<const char*>(chance.data()), chance.size()});
}

/// `field`: what clients of the original sign the bare value of.
std::variant<opened_call, http_response>
open_call(const leads_routes& x, const http_request& request, std::string_view field) {
  const std::string_view text = request.body.empty() ? std::string_view{"{}"} : request.body;
  const auto body = read_signed_body(text);
  if (!body)
    return http_error(400, "the body is not the JSON that is taken: " + body.error().what);
  opened_call made;
  if (!body->wallet && !body->signature && x.terms.open.contains(request.path)) {
    made.caller.body = fresh_body_name();
  } else {
    const auto window = window_of_signature(*body, field, x.terms.unix_ms(), x.terms.schemes);
    if (!window)
      return http_error(window.error().code == ec::refused ? 401 : 400, window.error().what);
    made.caller.wallet = {*body->wallet};
    made.caller.body = body_name(*body->wallet, request.path, *window, signed_payload(*body));
  }
  auto object = leads_body_object(text);
  if (!object)
    return http_error(400, object.error().what);
  made.object = *std::move(object);
  return made;
}

/// `answer` makes a response of a T. Whatever throws in it is a 500 (net/http/connection.cpp).
template <class T, class Answer>
leads_reply<T> replying(http_reply reply, Answer answer) {
  return [reply = std::move(reply), answer = std::move(answer)](result<T> x) {
    reply(x ? answer(*std::move(x)) : answer_of_fault(x.error()));
  };
}

/// A route whose body is read and signed; `take(routes, call, reply)` answers, or gives what is
/// wrong with the body.
template <class Take>
void serve_call(http_router& out, const shared_routes& all, std::string path, std::string field,
                Take take, uint64_t answer_ms = 0) {
  auto terms = leads_route_terms("POST", path);
  terms.answer_ms = answer_ms;
  out.serve(
    "POST", std::move(path),
    [all, field = std::move(field), take](const http_request& request, const http_reply& reply) {
      auto opened = open_call(*all, request, field);
      if (const auto* no = std::get_if<http_response>(&opened))
        return reply(*no);
      const std::optional<fault> wrong = take(*all, std::get<opened_call>(opened), reply);
      if (wrong)
        reply(answer_of_fault(*wrong));
    },
    std::move(terms));
}

using taken = std::optional<fault>;

void serve_leads(http_router& out, const shared_routes& all) {
  out.serve(
    "GET", "/leads",
    [all](const http_request& request, const http_reply& reply) {
      const auto limit = limit_of_query(request.query);
      if (!limit)
        return reply(answer_of_fault(limit.error()));
      all->backend->list_leads(
        *limit, replying<std::vector<lead>>(reply, [](const auto& x) { return answer_of(x); }));
    },
    leads_route_terms("GET", "/leads"));
  serve_call(out, all, "/leads", "leads",
             [](const leads_routes& x, opened_call& call, const http_reply& reply) -> taken {
               auto leads = leads_of_body(call.object, "leads", 1);
               if (!leads)
                 return leads.error();
               x.backend->store_leads(
                 {std::move(call.caller), *std::move(leads)},
                 replying<leads_stored>(reply, [](const auto& y) { return answer_of(y); }));
               return {};
             });
  serve_call(out, all, "/prospects", "prospects",
             [](const leads_routes& x, opened_call& call, const http_reply& reply) -> taken {
               auto prospects = leads_of_body(call.object, "prospects", 1);
               if (!prospects)
                 return prospects.error();
               x.backend->queue_prospects(
                 {std::move(call.caller), *std::move(prospects)},
                 replying<uint64_t>(reply, [](uint64_t y) { return answer_of("queued", y); }));
               return {};
             });
}

/// PATH/fetch and PATH/ack.
void serve_queue(http_router& out, const shared_routes& all, const std::string& path,
                 lead_queue queue) {
  const bool many = queue == lead_queue::prospects;
  serve_call(
    out, all, path + "/fetch", many ? "limit" : "",
    [queue, many](const leads_routes& x, opened_call& call, const http_reply& reply) -> taken {
      const auto limit = many ? limit_of_body(call.object) : result<uint64_t>{1};
      if (!limit)
        return limit.error();
      x.backend->fetch({std::move(call.caller), queue, *limit},
                       replying<std::vector<leased_item>>(
                         reply, [queue](const auto& y) { return answer_of(queue, y); }));
      return {};
    });
  serve_call(out, all, path + "/ack", "",
             [queue](const leads_routes& x, opened_call& call, const http_reply& reply) -> taken {
               auto lease = lease_of_body(call.object);
               if (!lease)
                 return lease.error();
               x.backend->acknowledge({std::move(call.caller), queue, *std::move(lease)},
                                      replying<uint64_t>(reply, [](uint64_t y) {
                                        return answer_of("acknowledged", y);
                                      }));
               return {};
             });
}

/// A request, and the answer to one. `id`: the field that names it.
void serve_requests(http_router& out, const shared_routes& all, const std::string& request_path,
                    const std::string& result_path, lead_queue queue, const std::string& id) {
  serve_call(
    out, all, request_path, "",
    [queue, id](const leads_routes& x, opened_call& call, const http_reply& reply) -> taken {
      auto asked = asked_of_body(call.object, true);
      if (!asked)
        return asked.error();
      x.backend->queue_request(
        {std::move(call.caller), queue, asked->num_leads, std::move(asked->business_desc)},
        replying<std::string>(reply, [id](const std::string& y) { return answer_of(id, y); }));
      return {};
    });
  serve_call(
    out, all, result_path, "",
    [queue, id](const leads_routes& x, opened_call& call, const http_reply& reply) -> taken {
      auto request = request_id_of_body(call.object, id);
      if (!request)
        return request.error();
      auto leads = leads_of_body(call.object, "leads", 0);
      if (!leads)
        return leads.error();
      x.backend->store_result(
        {std::move(call.caller), queue, *std::move(request), *std::move(leads)},
        replying<nothing>(reply, [](const nothing&) { return stored_answer(); }));
      return {};
    });
}

void serve_result(http_router& out, const shared_routes& all) {
  out.serve(
    "GET", "/curate/result/{id}",
    [all](const http_request& request, const http_reply& reply) {
      const auto& id = request.parameters.at("id");
      if (!is_request_id(id))
        return reply(http_error(400, "the id of a request is 1 to 64 of A-Z a-z 0-9 . _ -"));
      all->backend->find_result(id, replying<std::optional<request_result>>(
                                      reply, [](const auto& x) { return answer_of(x); }));
    },
    leads_route_terms("GET", "/curate/result/{id}"));
}

void serve_weights(http_router& out, const shared_routes& all) {
  serve_call(out, all, "/validator_weights", "weights",
             [](const leads_routes& x, opened_call& call, const http_reply& reply) -> taken {
               auto weights = weights_of_body(call.object);
               if (!weights)
                 return weights.error();
               x.backend->store_weights(
                 {std::move(call.caller), *std::move(weights)},
                 replying<nothing>(reply, [](const nothing&) { return stored_answer(); }));
               return {};
             });
}

void serve_buyers(http_router& out, const shared_routes& all) {
  serve_call(
    out, all, std::string{buy_path}, "",
    [](const leads_routes& x, opened_call& call, const http_reply& reply) -> taken {
      auto asked = asked_of_body(call.object, false);
      if (!asked)
        return asked.error();
      const auto begin = x.terms.unix_ms();
      const auto now = x.terms.unix_ms;
      x.backend->buy({std::move(call.caller), asked->num_leads, std::move(asked->business_desc)},
                     [reply, begin, now](const result<buy_leads_answer>& got) {
                       const auto end = now();
                       // A fault has the form of this route as well.
                       const auto answer
                         = got ? *got
                               : buy_leads_answer{
                                 got.error().code == ec::timeout       ? buy_outcome::timeout
                                 : got.error().code == ec::unreachable ? buy_outcome::no_miners
                                                                       : buy_outcome::failed,
                                 got.error().what,
                                 {}};
                       reply(answer_of(answer, end > begin ? end - begin : 0));
                     });
      return {};
    },
    all->terms.buyer_answer_ms);
}

} // namespace

void add_leads_routes(http_router& out, std::shared_ptr<leads_backend> backend,
                      leads_routes_terms terms) {
  const auto all
    = std::make_shared<const leads_routes>(leads_routes{std::move(backend), std::move(terms)});
  add_leads_schemas(out);
  serve_leads(out, all);
  serve_queue(out, all, "/prospects", lead_queue::prospects);
  serve_requests(out, all, "/curate", "/curate/result", lead_queue::requests, "request_id");
  serve_queue(out, all, "/curate", lead_queue::requests);
  serve_requests(out, all, "/curate/miner_request", "/curate/miner_result",
                 lead_queue::miner_requests, "miner_request_id");
  serve_queue(out, all, "/curate/miner_request", lead_queue::miner_requests);
  serve_queue(out, all, "/curate/miner_result", lead_queue::miner_results);
  serve_result(out, all);
  serve_weights(out, all);
  serve_buyers(out, all);
}

} // namespace sluice::net
