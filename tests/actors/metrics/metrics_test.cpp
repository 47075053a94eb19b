#include "actors/metrics/metrics.hpp"
#include "actors/observed/actor_stats.hpp"
#include "messages/admin.hpp"
#include "tests/support/actor_test.hpp"
#include "tests/support/bare_socket.hpp"

namespace sluice::test {
namespace {

class metrics : public actor_test {
protected:
  metrics() {
    auto opened = net::listening_socket::open("127.0.0.1:0");
    socket = std::make_shared<const net::listening_socket>(*std::move(opened));
  }

  caf::actor open() {
    return spawn_metrics(sys, {"0.1.0", all_mechanisms()}, {disk, root, {}, {}, socket});
  }

  std::string get(const std::string& path) const {
    const bare_socket peer{socket->port()};
    peer.send("GET " + path + " HTTP/1.0\r\n\r\n");
    return peer.read_until();
  }

  std::shared_ptr<storage::data_dir> disk = open_disk();
  std::shared_ptr<actor_slot> root = std::make_shared<actor_slot>("node");
  std::shared_ptr<const net::listening_socket> socket;
};

TEST_F(metrics, states_where_it_serves) {
  const auto view = ask<std::string>(keep(open()), atom::look_v);
  EXPECT_EQ(view, R"({"address":")" + socket->address() + R"("})");
}

TEST_F(metrics, serves_what_tools_read_and_nothing_else) {
  keep(open());
  settle();
  const auto page = get("/metrics");
  EXPECT_TRUE(page.starts_with("HTTP/1.1 200 OK\r\n")) << page;
  EXPECT_NE(page.find("sluice_build_info{version=\"0.1.0\"} 1\n"), std::string::npos) << page;
  EXPECT_TRUE(get("/healthz").starts_with("HTTP/1.1 200 OK\r\n"));
  const auto starting = get("/readyz");
  EXPECT_TRUE(starting.starts_with("HTTP/1.1 503 ")) << starting;
  EXPECT_NE(starting.find(R"("detail":"the node is starting")"), std::string::npos) << starting;
  const auto node = std::make_shared<actor_stats>();
  const auto conductor = std::make_shared<actor_stats>();
  root->taken(node, {});
  node->add_slot("conductor")->taken(conductor, {});
  EXPECT_NE(get("/readyz").find("the first step has not begun"), std::string::npos);
  conductor->count("steps");
  EXPECT_TRUE(get("/readyz").ends_with("{\"status\":\"ready\"}\n"));
  EXPECT_TRUE(get("/").starts_with("HTTP/1.1 404 "));
}

TEST_F(metrics, serves_again_at_the_same_port_after_a_restart) {
  for (int i = 0; i < 2; ++i) {
    const auto server = open();
    settle();
    EXPECT_TRUE(get("/healthz").starts_with("HTTP/1.1 200 "));
    caf::anon_send_exit(server, caf::exit_reason::kill);
    settle();
  }
}

} // namespace
} // namespace sluice::test
