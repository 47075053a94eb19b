#include "net/sports/routes.hpp"

#include "net/sports/hub.hpp"
#include "net/sports/route_docs.hpp"
#include "net/sports/route_query.hpp"
#include "rules/json_text.hpp"

#include <algorithm>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace sluice::net {

namespace {

using shared_connections = std::shared_ptr<sports_connections>;

http_response sports_fault(const fault& x) {
  switch (x.code) {
  case ec::bad_input:
  case ec::invalid_argument:
  case ec::out_of_range:
    return http_error(400, x.what);
  case ec::unreachable:
  case ec::busy: {
    auto made = http_error(503, x.what);
    made.headers.push_back({"Retry-After", "5"});
    return made;
  }
  case ec::timeout:
    return http_error(504, x.what);
  default:
    return http_error(500, x.what);
  }
}

http_response sports_answer(sports_hub& hub, std::string_view type, std::string data) {
  return {200, "application/json", hub.text_of(type, std::move(data)) + '\n'};
}

/// A body whose sender is proved. `key` means something only without a refusal.
struct opened_body {
  std::optional<http_response> refusal;
  sports_envelope envelope;
  hotkey key;
  sports_nonce nonce;
};

/// Everything but that the nonce is durable. In this order: what it costs to find out.
opened_body open_body(sports_hub& hub, const std::string& body, std::string_view type) {
  opened_body made;
  auto read = read_sports_envelope(body, sports_wire::miner_body_bytes_max);
  if (!read) {
    made.refusal = http_error(400, read.error().what);
    return made;
  }
  made.envelope = *std::move(read);
  made.key = {made.envelope.sender};
  const auto& terms = hub.terms();
  if (made.envelope.type != type)
    made.refusal = http_error(400, "type: expected " + std::string{type});
  else if (!hub.online())
    made.refusal = sports_fault({ec::unreachable, "this node takes nothing at the moment"});
  else if (const auto good
           = check_signed(made.envelope, hub.now_us(), terms.transport.freshness_s, terms.schemes);
           !good)
    made.refusal = http_error(401, good.error().what);
  else if (!hub.backend()->registered(made.key))
    made.refusal = http_error(403, sports_wire::not_registered);
  return made;
}

/// Uses the nonce up; `then` comes when that is durable.
void with_nonce(const std::shared_ptr<sports_hub>& hub, opened_body& body, const http_reply& reply,
                std::function<void()> then) {
  const auto& x = body.envelope;
  if (!hub->take_nonce(body.key, x.nonce, x.timestamp, body.nonce))
    return reply(http_error(409, "nonce: it was used before; use another one for every message"));
  hub->backend()->keep_nonces({body.nonce},
                              [reply, then = std::move(then)](const result<nothing>& stored) {
                                if (!stored)
                                  return reply(sports_fault(stored.error()));
                                then();
                              });
}

void take_predictions(const std::shared_ptr<sports_hub>& hub, const http_request& request,
                      const http_reply& reply) {
  auto body = open_body(*hub, request.body, sports_wire::prediction);
  if (body.refusal)
    return reply(*body.refusal);
  if (!hub->backend()->takes_predictions())
    return reply(sports_fault({ec::unreachable, std::string{sports_wire::no_prediction_handler}}));
  auto claims = claims_of_data(body.envelope.data);
  if (!claims)
    return reply(sports_fault(claims.error()));
  const auto received = hub->now_us();
  const auto submit = [hub, key = body.key, received, reply, claims = *std::move(claims)] {
    hub->count([n = claims.size()](auto& x) { x.http_predictions += n; });
    hub->backend()->submit({key, prediction_way::http, received, claims},
                           [hub, key, reply](const result<std::vector<prediction_answer>>& got) {
                             if (!got)
                               return reply(sports_fault(got.error()));
                             hub->count([n = got->size()](auto& x) { x.confirmations_sent += n; });
                             const auto standing = hub->backend()->standing(key);
                             reply(sports_answer(*hub, sports_wire::confirmation,
                                                 results_data(*got, hub->now_us(), standing)));
                           });
  };
  with_nonce(hub, body, reply, submit);
}

void take_ids(const std::shared_ptr<sports_hub>& hub, const http_request& request,
              const http_reply& reply) {
  auto body = open_body(*hub, request.body, sports_wire::confirmation);
  if (body.refusal)
    return reply(*body.refusal);
  const auto ids = ids_of_data(body.envelope.data);
  if (!ids)
    return reply(sports_fault(ids.error()));
  const auto ask = [hub, key = body.key, reply, ids = *ids] {
    hub->backend()->confirmations(
      key, ids,
      [hub, reply, ids](const result<std::vector<std::optional<stored_prediction>>>& got) {
        if (!got)
          return reply(sports_fault(got.error()));
        std::vector<sports_confirmed> all;
        for (size_t i = 0; i < std::min(ids.size(), got->size()); ++i)
          all.push_back(confirmed_of(ids[i], (*got)[i]));
        reply(sports_answer(*hub, sports_wire::confirmation, confirmed_data(all, hub->now_us())));
      });
  };
  with_nonce(hub, body, reply, ask);
}

void show_games(const std::shared_ptr<sports_hub>& hub, const http_request& request,
                const http_reply& reply) {
  auto query = games_query_of(request.query);
  if (!query)
    return reply(sports_fault(query.error()));
  if (!hub->online())
    return reply(sports_fault({ec::unreachable, "this node answers nothing at the moment"}));
  const auto asked = *query;
  hub->backend()->games(asked, [hub, reply, asked](const result<std::vector<sports_game>>& got) {
    if (!got)
      return reply(sports_fault(got.error()));
    sports_games_page page;
    page.games = *got;
    page.more = got->size() >= asked.limit;
    page.since_us = got->empty() ? asked.since_us : changed_us(got->back());
    page.after_id = got->empty() ? asked.after_id : got->back().external_id;
    reply(sports_answer(*hub, sports_wire::game_update, games_page_data(page, hub->now_us())));
  });
}

void serve_socket(http_router& out, const shared_connections& connections) {
  out.upgrade(
    std::string{sports_socket_path},
    [connections](websocket_request request) { connections->take(std::move(request)); },
    sports_route_terms("GET /ws"));
  out.serve("GET", std::string{sports_health_path},
            answer_with([hub = connections->hub()](const http_request&) -> http_response {
              const auto counts = hub->counts();
              return {200, "application/json",
                      json_object{}
                          .add("status", hub->online() ? "online" : "offline")
                          .add("connections", counts.connections)
                          .add("active_connections", counts.active)
                          .add("uptime", hub->uptime_s())
                          .text()
                        + '\n'};
            }),
            sports_route_terms("GET /ws/health"));
}

void serve_fallback(http_router& out, const shared_connections& connections) {
  const auto add = [&out, &connections](std::string method, std::string_view path, auto handler) {
    out.serve(
      method, std::string{path},
      [handler, connections](const http_request& request, const http_reply& reply) {
        handler(connections->hub(), request, reply);
      },
      sports_route_terms(method + ' ' + std::string{path}));
  };
  add("POST", sports_predictions_path, take_predictions);
  add("GET", sports_games_path, show_games);
  add("POST", sports_confirmations_path, take_ids);
}

} // namespace

void add_sports_routes(http_router& out, std::shared_ptr<sports_connections> connections,
                       std::shared_ptr<sports_backend> backend) {
  connections->open(std::move(backend));
  out.on_stop({[connections] { connections->stop(); },
               [connections] { return connections->counts().connections == 0; }});
  add_sports_schemas(out);
  const auto& transport = connections->hub()->terms().transport;
  if (transport.websocket)
    serve_socket(out, connections);
  if (transport.http_fallback)
    serve_fallback(out, connections);
}

} // namespace sluice::net
