#include "net/metrics/page.hpp"

#include <prometheus/collectable.h>
#include <prometheus/exposer.h>
#include <prometheus/text_serializer.h>

#include <exception>
#include <limits>

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

std::vector<prometheus::MetricFamily> families_of(const std::vector<metric>& all) {
  std::vector<prometheus::MetricFamily> out;
  for (const auto& x : all) {
    if (x.points.empty())
      continue;
    prometheus::MetricFamily family;
    family.name = x.name;
    family.help = x.help;
    family.type = x.kind == metric_kind::counter ? prometheus::MetricType::Counter
                  : x.kind == metric_kind::gauge ? prometheus::MetricType::Gauge
                                                 : prometheus::MetricType::Histogram;
    for (const auto& point : x.points)
      family.metric.push_back(point_of(point, x.kind));
    out.push_back(std::move(family));
  }
  return out;
}

class collected : public prometheus::Collectable {
public:
  explicit collected(metrics_page::collect_function collect) : collect_(std::move(collect)) {}
  std::vector<prometheus::MetricFamily> Collect() const override { return families_of(collect_()); }

private:
  metrics_page::collect_function collect_;
};

} // namespace

struct metrics_page::parts {
  std::shared_ptr<collected> source;
  std::unique_ptr<prometheus::Exposer> server;
};

std::string metrics_text(const std::vector<metric>& all) {
  return prometheus::TextSerializer{}.Serialize(families_of(all));
}

result<metrics_page> metrics_page::open(const endpoint& where, collect_function collect) {
  auto made = std::make_unique<parts>();
  made->source = std::make_shared<collected>(std::move(collect));
  try {
    made->server = std::make_unique<prometheus::Exposer>(to_string(where), 1);
  } catch (const std::exception&) {
    return fault{ec::unreachable, "metrics: cannot listen on " + to_string(where)
                                    + ": is the port free, and the address this machine's own?"};
  }
  made->server->RegisterCollectable(made->source);
  return metrics_page{std::move(made)};
}

metrics_page::metrics_page(std::unique_ptr<parts> x) : parts_(std::move(x)) {}
metrics_page::metrics_page(metrics_page&&) noexcept = default;
metrics_page::~metrics_page() = default;

uint16_t metrics_page::port() const {
  const auto ports = parts_->server->GetListeningPorts();
  return ports.empty() ? 0 : static_cast<uint16_t>(ports.front());
}

} // namespace sluice::net
