#include "net/metrics/page.hpp"

#include <prometheus/text_serializer.h>

#include <limits>
#include <utility>

namespace sluice::net {

namespace {

prometheus::ClientMetric point_of(const metric_point& x, metric_kind kind) {
  prometheus::ClientMetric out;
  for (const auto& [name, value] : x.labels)
    out.label.push_back({name, value});
  if (kind == metric_kind::counter)
    out.counter.value = x.value;
  else if (kind == metric_kind::gauge)
    out.gauge.value = x.value;
  else {
    out.histogram.sample_count = x.count;
    out.histogram.sample_sum = x.value;
    for (const auto& [bound, count] : x.at_most)
      out.histogram.bucket.push_back({count, bound});
    out.histogram.bucket.push_back({x.count, std::numeric_limits<double>::infinity()});
  }
  return out;
}

prometheus::MetricType prometheus_type(metric_kind kind) {
  switch (kind) {
  case metric_kind::counter:
    return prometheus::MetricType::Counter;
  case metric_kind::gauge:
    return prometheus::MetricType::Gauge;
  case metric_kind::histogram:
    return prometheus::MetricType::Histogram;
  }
  return prometheus::MetricType::Untyped;
}

} // namespace

std::string metrics_text(const std::vector<metric>& all) {
  std::vector<prometheus::MetricFamily> families;
  for (const auto& x : all) {
    if (x.points.empty())
      continue;
    prometheus::MetricFamily family;
    family.name = x.name;
    family.help = x.help;
    family.type = prometheus_type(x.kind);
    for (const auto& point : x.points)
      family.metric.push_back(point_of(point, x.kind));
    families.push_back(std::move(family));
  }
  return prometheus::TextSerializer{}.Serialize(families);
}

} // namespace sluice::net
