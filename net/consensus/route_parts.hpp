/// What the files of the consensus routes share.
#pragma once

#include "net/consensus/body_object.hpp"
#include "net/consensus/routes.hpp"
#include "net/http/router.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace sluice::net {

struct consensus_routes {
  std::shared_ptr<consensus_backend> backend;
  std::shared_ptr<consensus_pages> pages;
  consensus_routes_terms terms;
};
using shared_consensus = std::shared_ptr<const consensus_routes>;

/// `answer` makes a response of a T; a fault becomes its status, with `what` before its sentence
/// where that status is 500 or above.
template <class T, class Answer>
consensus_reply<T> answering(http_reply reply, Answer answer, std::string_view what = {}) {
  return [reply = std::move(reply), answer = std::move(answer), what](result<T> x) {
    if (x)
      return reply(answer(*std::move(x)));
    const bool ours = consensus_fault(x.error()).status >= 500;
    reply(consensus_fault(x.error(), ours ? what : std::string_view{}));
  };
}

/// The address of the worker who has signed this request (rules/consensus/signed_call.hpp), or what
/// the request is answered with: 400 or 401.
std::variant<hotkey, http_response>
worker_of(const consensus_routes& x, const http_request& request);

/// The routes of tasks: of clients, and of workers that poll.
void add_task_routes(http_router& out, const shared_consensus& all);

/// The mechanism's numbers, as Prometheus reads them and as JSON.
void add_metrics_routes(http_router& out, const shared_consensus& all);

/// What a route takes and answers, by "METHOD /path"; every route of add_consensus_routes has one.
/// An unknown name throws std::invalid_argument.
http_route_terms consensus_route_terms(std::string_view route);
/// The schemas that they refer to.
void add_consensus_schemas(http_router& out);

} // namespace sluice::net
