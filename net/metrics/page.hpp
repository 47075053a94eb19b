/// Numbers as Prometheus reads them.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace sluice::net {

enum class metric_kind : uint8_t { counter = 0, gauge, histogram };

/// One line of a metric, or one histogram. `value` is in the base unit that the metric's name ends
/// in: seconds, bytes, or a count. `count`: all measurements of a histogram, not below the last of
/// `at_most`. Not checked here.
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

/// As Prometheus reads them (text format 0.0.4). Values that are not finite are written as
/// Prometheus has them (NaN, +Inf). Errors: none.
std::string metrics_text(const std::vector<metric>& all);

} // namespace sluice::net
