#include "net/metrics/page.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <gtest/gtest.h>

#include <string>

namespace sluice::net {
namespace {

std::vector<metric> sample_page() {
  metric rounds{"sluice_job_rounds_total", "Rounds completed", metric_kind::counter, {}};
  rounds.points.push_back({{{"job", "weth-\"usdc\""}}, 7, {}, 0});
  metric times{"sluice_job_checkpoint_seconds", "As the job tells", metric_kind::histogram, {}};
  times.points.push_back({{}, 0.75, {{0.1, 2}, {0.5, 3}}, 4});
  return {rounds, times, {"sluice_empty", "Nobody", metric_kind::gauge, {}}};
}

/// What an HTTP client hears from this port of the loopback.
std::string get(uint16_t port, const std::string& target) {
  namespace asio = boost::asio;
  asio::io_context context;
  asio::ip::tcp::socket socket{context};
  socket.connect({asio::ip::make_address("127.0.0.1"), port});
  asio::write(socket, asio::buffer("GET " + target + " HTTP/1.0\r\nHost: localhost\r\n\r\n"));
  std::string text;
  boost::system::error_code over;
  asio::read(socket, asio::dynamic_buffer(text), over);
  return text;
}

TEST(metrics_page, metrics_are_written_as_prometheus_reads_them) {
  EXPECT_EQ(metrics_text(sample_page()), "# HELP sluice_job_rounds_total Rounds completed\n"
                                         "# TYPE sluice_job_rounds_total counter\n"
                                         "sluice_job_rounds_total{job=\"weth-\\\"usdc\\\"\"} 7\n"
                                         "# HELP sluice_job_checkpoint_seconds As the job tells\n"
                                         "# TYPE sluice_job_checkpoint_seconds histogram\n"
                                         "sluice_job_checkpoint_seconds_count 4\n"
                                         "sluice_job_checkpoint_seconds_sum 0.75\n"
                                         "sluice_job_checkpoint_seconds_bucket{le=\"0.1\"} 2\n"
                                         "sluice_job_checkpoint_seconds_bucket{le=\"0.5\"} 3\n"
                                         "sluice_job_checkpoint_seconds_bucket{le=\"+Inf\"} 4\n");
}

TEST(metrics_page, a_page_is_served_on_the_address_that_was_named_and_no_other) {
  int asked = 0;
  auto page = metrics_page::open({"127.0.0.1", 0}, [&asked] {
    ++asked;
    return sample_page();
  });
  ASSERT_TRUE(page) << page.error().what;
  ASSERT_NE(page->port(), 0);
  const auto text = get(page->port(), "/metrics");
  EXPECT_NE(text.find("200 OK"), std::string::npos) << text;
  EXPECT_NE(text.find("sluice_job_rounds_total"), std::string::npos) << text;
  EXPECT_EQ(asked, 1);
  EXPECT_NE(get(page->port(), "/etc/passwd").find("404"), std::string::npos);
  boost::asio::io_context context;
  boost::asio::ip::tcp::socket elsewhere{context};
  boost::system::error_code refused;
  elsewhere.connect({boost::asio::ip::make_address("127.0.0.2"), page->port()}, refused);
  EXPECT_TRUE(refused);
}

TEST(metrics_page, a_port_that_is_taken_is_told) {
  auto first = metrics_page::open({"127.0.0.1", 0}, sample_page);
  ASSERT_TRUE(first);
  const auto second = metrics_page::open({"127.0.0.1", first->port()}, sample_page);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ec::unreachable);
  EXPECT_NE(second.error().what.find("cannot listen on 127.0.0.1:"), std::string::npos);
}

} // namespace
} // namespace sluice::net
