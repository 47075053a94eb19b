/// Numbers as Prometheus reads them.
#pragma once

#include <cstdint>
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

} // namespace sluice::net
