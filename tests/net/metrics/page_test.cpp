#include "net/metrics/page.hpp"

#include <gtest/gtest.h>

#include <string>

namespace sluice::net {
namespace {

std::vector<metric> sample_page() {
  metric rounds{"sluice_job_rounds_total", "Rounds completed", metric_kind::counter, {}};
  rounds.points.push_back({{{"job", "weth-\"usdc\""}}, 7, {}, 0});
  metric times{
    "sluice_job_checkpoint_seconds", "As reported by the job", metric_kind::histogram, {}};
  times.points.push_back({{}, 0.75, {{0.1, 2}, {0.5, 3}}, 4});
  return {rounds, times, {"sluice_empty", "Nobody", metric_kind::gauge, {}}};
}

TEST(metrics_text, metrics_are_written_as_prometheus_reads_them) {
  EXPECT_EQ(metrics_text(sample_page()),
            "# HELP sluice_job_rounds_total Rounds completed\n"
            "# TYPE sluice_job_rounds_total counter\n"
            "sluice_job_rounds_total{job=\"weth-\\\"usdc\\\"\"} 7\n"
            "# HELP sluice_job_checkpoint_seconds As reported by the job\n"
            "# TYPE sluice_job_checkpoint_seconds histogram\n"
            "sluice_job_checkpoint_seconds_count 4\n"
            "sluice_job_checkpoint_seconds_sum 0.75\n"
            "sluice_job_checkpoint_seconds_bucket{le=\"0.1\"} 2\n"
            "sluice_job_checkpoint_seconds_bucket{le=\"0.5\"} 3\n"
            "sluice_job_checkpoint_seconds_bucket{le=\"+Inf\"} 4\n");
}

} // namespace
} // namespace sluice::net
