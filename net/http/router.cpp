#include "net/http/router.hpp"

#include <atomic>
#include <stdexcept>
#include <utility>

namespace sluice::net {

struct http_reply::once {
  explicit once(send_function x) : send(std::move(x)) {}
  ~once() { answer(http_error(500, "the request was not answered")); }

  void answer(http_response x) {
    if (!answered.exchange(true))
      std::exchange(send, {})(std::move(x));
  }

  send_function send;
  std::atomic<bool> answered{false};
};

http_reply::http_reply(send_function send) : once_(std::make_shared<once>(std::move(send))) {}

void http_reply::operator()(http_response x) const {
  once_->answer(std::move(x));
}

http_handler answer_with(std::function<http_response(const http_request&)> answer) {
  return [answer = std::move(answer)](const http_request& request, const http_reply& reply) {
    reply(answer(request));
  };
}

void http_router::serve(std::string method, std::string path, http_handler handler) {
  add({std::move(method), std::move(path), std::move(handler), {}});
}

void http_router::upgrade(std::string path, websocket_handler handler) {
  add({"GET", std::move(path), {}, std::move(handler)});
}

void http_router::add(http_route x) {
  for (const auto& other : routes_)
    if (other.method == x.method && other.path == x.path)
      throw std::invalid_argument("two routes for " + x.method + ' ' + x.path);
  routes_.push_back(std::move(x));
}

http_router::found http_router::find(std::string_view method, std::string_view path) const {
  found out;
  const http_route* get = nullptr;
  const auto allow = [&out](std::string_view name) {
    out.allow.append(out.allow.empty() ? "" : ", ").append(name);
  };
  for (const auto& x : routes_) {
    if (x.path != path)
      continue;
    if (x.method == method)
      return {&x, {}};
    allow(x.method);
    if (x.method == "GET" && x.handler) {
      get = &x;
      allow("HEAD");
    }
  }
  if (method == "HEAD" && get)
    return {get, {}};
  return out;
}

} // namespace sluice::net
