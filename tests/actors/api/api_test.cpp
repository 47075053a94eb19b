#include "actors/api/api.hpp"
#include "io/api/key_file.hpp"
#include "tests/support/actor_test.hpp"
#include "tests/support/bare_socket.hpp"
#include "tests/support/scratch_folder.hpp"

#include <filesystem>

namespace sluice::test {
namespace {

class api : public actor_test {
protected:
  api() {
    auto opened = net::listening_socket::open("127.0.0.1:0");
    socket = std::make_shared<const net::listening_socket>(*std::move(opened));
  }

  std::string get(const std::string& path, const std::string& key = "") const {
    const bare_socket peer{socket->port()};
    peer.send("GET " + path + " HTTP/1.0\r\n" + (key.empty() ? "" : "X-API-Key: " + key + "\r\n")
              + "\r\n");
    return peer.read_until();
  }

  /// The text of a key that the folder has from now on.
  std::string make_key(uint8_t n) {
    std::string text;
    const auto made = io::change_api_keys(data, [&](std::vector<api_key>& all) -> result<nothing> {
      api_key_chance chance;
      chance.secret.fill(n);
      auto issued = issue_api_key({.role = api_role::client}, chance, all);
      all.push_back(issued.key);
      text = issued.text;
      return nothing{};
    });
    EXPECT_TRUE(made) << made.error().what;
    return text;
  }

  static net::http_router keyed() {
    net::http_router routes;
    routes.serve("GET", "/keyed", net::answer_with([](const net::http_request& x) {
                   return net::http_response{200, "text/plain", x.caller.key_id};
                 }),
                 {.access = net::access_for({api_role::client})});
    return routes;
  }

  scratch_folder keys_folder;
  std::string data = keys_folder.at("data");

  std::shared_ptr<const net::listening_socket> socket;
};

TEST_F(api, serves_the_routes_that_it_was_given_and_nothing_else) {
  net::http_router routes;
  routes.serve("GET", "/one", net::answer_with([](const net::http_request&) {
                 return net::http_response{200, "text/plain", "first"};
               }),
               {.access = net::access_open()});
  const auto server = keep(spawn_api(sys, {socket, std::move(routes)}));
  settle();
  const auto got = get("/one");
  EXPECT_TRUE(got.starts_with("HTTP/1.1 200 ")) << got;
  EXPECT_TRUE(got.ends_with("\r\n\r\nfirst")) << got;
  EXPECT_TRUE(get("/other").starts_with("HTTP/1.1 404 "));
  EXPECT_TRUE(get("/openapi.json").starts_with("HTTP/1.1 200 "));
  EXPECT_EQ(ask<std::string>(server, atom::look_v),
            R"({"address":")" + socket->address() + R"(","routes":2,"keys":0})");
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

TEST_F(api, looks_once_a_second_whether_the_keys_were_changed) {
  const auto first = make_key(1);
  const auto server = keep(spawn_api(sys, {socket, keyed(), {}, data}));
  settle();
  EXPECT_TRUE(get("/keyed").starts_with("HTTP/1.1 401 "));
  EXPECT_TRUE(get("/keyed", first).starts_with("HTTP/1.1 200 "));
  const auto second = make_key(2);
  EXPECT_TRUE(get("/keyed", second).starts_with("HTTP/1.1 401 "));
  advance(std::chrono::seconds{1});
  EXPECT_TRUE(get("/keyed", second).starts_with("HTTP/1.1 200 "));
  std::filesystem::permissions(io::api_keys_file_in(data), std::filesystem::perms::all);
  advance(std::chrono::seconds{1});
  EXPECT_TRUE(get("/keyed", first).starts_with("HTTP/1.1 200 ")) << "the last good keys count";
  std::filesystem::remove(io::api_keys_file_in(data));
  advance(std::chrono::seconds{1});
  EXPECT_TRUE(get("/keyed", first).starts_with("HTTP/1.1 401 ")) << "no file: no keys";
}

TEST_F(api, serves_as_its_settings_state) {
  net::http_router routes = keyed();
  routes.serve("GET", "/read", net::answer_with([](const net::http_request&) {
                 return net::http_response{200, "text/plain", "x"};
               }),
               {.access = net::access_read()});
  api_settings settings;
  settings.open_routes = {"/keyed", "/not-served"};
  settings.read_role = "admin";
  settings.address_rate = 1;
  settings.address_burst = 3;
  const auto server = keep(spawn_api(sys, {socket, std::move(routes), settings, data}));
  settle();
  EXPECT_TRUE(get("/keyed").starts_with("HTTP/1.1 200 "));
  EXPECT_TRUE(get("/read").starts_with("HTTP/1.1 401 "));
  EXPECT_TRUE(get("/read").starts_with("HTTP/1.1 401 "));
  EXPECT_TRUE(get("/read").starts_with("HTTP/1.1 429 "));
}

} // namespace
} // namespace sluice::test
