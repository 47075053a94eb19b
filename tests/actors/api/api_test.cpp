#include "actors/api/api.hpp"
#include "tests/support/actor_test.hpp"
#include "tests/support/bare_socket.hpp"

namespace sluice::test {
namespace {

class api : public actor_test {
protected:
  api() {
    auto opened = net::listening_socket::open("127.0.0.1:0");
    socket = std::make_shared<const net::listening_socket>(*std::move(opened));
  }

  std::string get(const std::string& path) const {
    const bare_socket peer{socket->port()};
    peer.send("GET " + path + " HTTP/1.0\r\n\r\n");
    return peer.read_until();
  }

  std::shared_ptr<const net::listening_socket> socket;
};

TEST_F(api, serves_the_routes_that_it_was_given_and_nothing_else) {
  net::http_router routes;
  routes.serve("GET", "/one", net::answer_with([](const net::http_request&) {
                 return net::http_response{200, "text/plain", "first"};
               }));
  const auto server = keep(spawn_api(sys, {socket, std::move(routes)}));
  settle();
  const auto got = get("/one");
  EXPECT_TRUE(got.starts_with("HTTP/1.1 200 ")) << got;
  EXPECT_TRUE(got.ends_with("\r\n\r\nfirst")) << got;
  EXPECT_TRUE(get("/other").starts_with("HTTP/1.1 404 "));
  EXPECT_EQ(ask<std::string>(server, atom::look_v),
            R"({"address":")" + socket->address() + R"(","routes":1})");
}

TEST_F(api, serves_again_at_the_same_port_after_a_restart) {
  for (int i = 0; i < 2; ++i) {
    const auto server = spawn_api(sys, {socket, {}});
    settle();
    EXPECT_TRUE(get("/").starts_with("HTTP/1.1 404 "));
    caf::anon_send_exit(server, caf::exit_reason::kill);
    settle();
  }
}

} // namespace
} // namespace sluice::test
