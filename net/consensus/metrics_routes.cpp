#include "net/consensus/route_parts.hpp"
#include "rules/json_text.hpp"

#include <array>

namespace sluice::net {

namespace {

std::string_view kind_name(metric_kind x) {
  constexpr std::array<std::string_view, 3> names{"counter", "gauge", "histogram"};
  return names[static_cast<size_t>(x)];
}

/// Of a histogram `value` is the sum, and `buckets` count what was at most so many seconds.
std::string point_json(const metric_point& x, metric_kind kind) {
  json_object labels;
  for (const auto& [name, value] : x.labels)
    labels.add(name, std::string_view{value});
  json_object made;
  made.raw("labels", labels.text()).add("value", x.value);
  if (kind == metric_kind::histogram) {
    json_list buckets;
    for (const auto& [most, count] : x.at_most)
      buckets.raw(json_object{}.add("at_most", most).add("count", count).text());
    made.add("count", x.count).raw("buckets", buckets.text());
  }
  return made.text();
}

std::string metrics_json(const std::vector<metric>& all) {
  json_list list;
  for (const auto& x : all) {
    json_list points;
    for (const auto& y : x.points)
      points.raw(point_json(y, x.kind));
    list.raw(json_object{}
               .add("name", std::string_view{x.name})
               .add("help", std::string_view{x.help})
               .add("kind", kind_name(x.kind))
               .raw("points", points.text())
               .text());
  }
  return json_object{}.add("success", true).raw("metrics", list.text()).text() + '\n';
}

} // namespace

void add_metrics_routes(http_router& out, const shared_consensus& all) {
  out.serve("GET", "/metrics", answer_with([all](const http_request&) {
              return http_response{200, "text/plain; version=0.0.4; charset=utf-8",
                                   metrics_text(all->terms.metrics())};
            }),
            consensus_route_terms("GET /metrics"));
  out.serve("GET", "/metrics/json", answer_with([all](const http_request&) {
              return http_response{200, "application/json", metrics_json(all->terms.metrics())};
            }),
            consensus_route_terms("GET /metrics/json"));
}

} // namespace sluice::net
