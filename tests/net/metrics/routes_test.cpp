#include "net/http/server.hpp"
#include "net/metrics/routes.hpp"
#include "tests/support/bare_socket.hpp"

#include <gtest/gtest.h>
#include <netinet/in.h>

namespace sluice::test {
namespace {

class metrics_routes : public ::testing::Test {
protected:
  metrics_routes() {
    net::metrics_sources sources;
    sources.collect = [this] {
      ++collected;
      net::metric x{"sluice_rounds_total", "Rounds", net::metric_kind::counter, {}};
      x.points.push_back({{}, 7, {}, 0});
      return std::vector{x};
    };
    sources.not_ready = [this] { return why_not; };
    net::http_server_terms terms;
    terms.limits = net::metrics_limits();
    auto started = net::http_server::start(*socket, terms, net::metrics_router(sources));
    EXPECT_TRUE(started);
    server = *std::move(started);
  }

  std::string ask(const std::string& line) const {
    const bare_socket peer{socket->port()};
    peer.send(line + " HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n");
    return peer.read_until();
  }

  result<net::listening_socket> socket = net::listening_socket::open("127.0.0.1:0");
  int collected = 0;
  std::optional<std::string> why_not;
  std::unique_ptr<net::http_server> server; // ends first
};

TEST_F(metrics_routes, prometheus_reads_its_text_form) {
  const auto got = ask("GET /metrics");
  EXPECT_TRUE(got.starts_with("HTTP/1.1 200 OK\r\n"
                              "Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n"))
    << got;
  EXPECT_TRUE(got.ends_with("# TYPE sluice_rounds_total counter\nsluice_rounds_total 7\n")) << got;
  EXPECT_EQ(collected, 1);
}

TEST_F(metrics_routes, health_is_that_the_process_answers) {
  why_not = "the first step has not begun";
  EXPECT_TRUE(ask("GET /healthz").ends_with("\r\n\r\n{\"status\":\"ok\"}\n"));
}

TEST_F(metrics_routes, readiness_states_why_not) {
  why_not = "the first step has not begun";
  const auto got = ask("GET /readyz");
  EXPECT_TRUE(got.starts_with("HTTP/1.1 503 Service Unavailable\r\n")) << got;
  EXPECT_TRUE(got.ends_with("{\"detail\":\"the first step has not begun\",\"error_type\":"
                            "\"service_unavailable\",\"message\":\"Service Unavailable\"}\n"))
    << got;
  why_not = {};
  EXPECT_TRUE(ask("GET /readyz").ends_with("\r\n\r\n{\"status\":\"ready\"}\n"));
}

TEST_F(metrics_routes, every_one_of_them_answers_head) {
  for (const auto* path : {"/metrics", "/healthz", "/readyz"}) {
    const auto got = ask("HEAD " + std::string{path});
    EXPECT_TRUE(got.starts_with("HTTP/1.1 200 OK\r\n")) << got;
    EXPECT_TRUE(got.ends_with("\r\n\r\n")) << got;
    EXPECT_EQ(got.find("Content-Length: 0\r\n"), std::string::npos) << got;
  }
}

TEST_F(metrics_routes, nothing_else_is_there) {
  for (const auto* path : {"/", "/metrics/", "/etc/passwd", "/miners", "/Metrics"})
    EXPECT_TRUE(ask("GET " + std::string{path}).starts_with("HTTP/1.1 404 ")) << path;
  const auto posted = ask("POST /metrics");
  EXPECT_TRUE(posted.starts_with("HTTP/1.1 405 ")) << posted;
  EXPECT_NE(posted.find("\r\nAllow: GET, HEAD, OPTIONS\r\n"), std::string::npos) << posted;
  EXPECT_EQ(collected, 0);
}

TEST_F(metrics_routes, are_on_the_address_that_was_named_and_no_other) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in elsewhere{};
  elsewhere.sin_family = AF_INET;
  elsewhere.sin_port = htons(socket->port());
  elsewhere.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1); // 127.0.0.2
  EXPECT_NE(::connect(fd, reinterpret_cast<const sockaddr*>(&elsewhere), sizeof elsewhere), 0);
  ::close(fd);
}

} // namespace
} // namespace sluice::test
