#include "net/metrics/routes.hpp"

#include <utility>

namespace sluice::net {

namespace {

constexpr size_t readers_max = 16;
constexpr std::string_view text_format = "text/plain; version=0.0.4; charset=utf-8";

http_response status_is(std::string_view status) {
  return {200, "application/json", "{\"status\":\"" + std::string{status} + "\"}\n"};
}

} // namespace

http_router metrics_router(metrics_sources sources) {
  http_router out;
  out.serve("GET", "/metrics",
            answer_with([collect = std::move(sources.collect)](const http_request&) {
              return http_response{200, std::string{text_format}, metrics_text(collect())};
            }));
  out.serve("GET", "/healthz", answer_with([](const http_request&) { return status_is("ok"); }));
  out.serve("GET", "/readyz",
            answer_with([not_ready = std::move(sources.not_ready)](const http_request&) {
              const auto why = not_ready();
              return why ? http_error(503, *why) : status_is("ready");
            }));
  return out;
}

http_limits metrics_limits() {
  http_limits x;
  x.body_bytes = 0;
  x.connections_max = x.connections_per_network = readers_max;
  return x;
}

} // namespace sluice::net
