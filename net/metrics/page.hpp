/// Numbers on a page that Prometheus reads.
#pragma once

#include "rules/endpoint.hpp"
#include "rules/result.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace sluice::net {

enum class metric_kind : uint8_t { counter = 0, gauge, histogram };

/// One line of a metric, or one histogram.
struct metric_point {
  std::vector<std::pair<std::string, std::string>> labels;
  double value = 0;
  /// Histograms: how many were at most so many seconds, rising in both; `value` is their sum.
  std::vector<std::pair<double, uint64_t>> at_most;
  uint64_t count = 0;
};

struct metric {
  std::string name; // by Prometheus' conventions: base units, _total for counters
  std::string help;
  metric_kind kind = metric_kind::gauge;
  std::vector<metric_point> points;
};

/// As Prometheus reads them (text format 0.0.4).
std::string metrics_text(const std::vector<metric>& all);

/// Serves /metrics over HTTP until it goes.
class metrics_page {
public:
  using collect_function = std::function<std::vector<metric>()>;

  /// `collect` is called in a thread of the page, once per reading; it must not wait long.
  /// unreachable when the place cannot be listened on.
  static result<metrics_page> open(const endpoint& where, collect_function collect);

  metrics_page(metrics_page&&) noexcept;
  metrics_page& operator=(metrics_page&&) = delete;
  ~metrics_page();

  uint16_t port() const;

private:
  struct parts;
  explicit metrics_page(std::unique_ptr<parts> x);
  std::unique_ptr<parts> parts_;
};

} // namespace sluice::net
