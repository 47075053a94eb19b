#include "net/http/api_gate.hpp"
#include "net/http/server.hpp"
#include "tests/support/bare_socket.hpp"

#include <gtest/gtest.h>

#include <atomic>

namespace sluice::test {
namespace {

using net::http_access;

constexpr uint64_t now_ms = 1'764'540'600'000;

/// Every kind of access has a route; the handler answers who called.
class api_gate_test : public testing::Test {
protected:
  api_gate_test() {
    terms.steady_ms = [this] { return steady.load(); };
    terms.unix_ms = [] { return now_ms; };
    serve("/open", net::access_open());
    serve("/read", net::access_read());
    serve("/client", net::access_for({api_role::client}));
    serve("/validator", net::access_for({api_role::validator}));
    serve("/nothing-said", {});
    serve("/signed", net::access_signed());
    serve("/signed-or-validator", net::access_signed({api_role::validator}));
  }

  void serve(const std::string& path, http_access access) {
    for (const auto* method : {"GET", "POST"})
      routes.serve(method, path, net::answer_with([](const net::http_request& x) {
                     const auto uid = x.caller.validator_uid;
                     return net::http_response{
                       200, "text/plain",
                       x.caller.key_id + '|' + std::string{name_of(x.caller.role)} + '|'
                         + x.caller.validator.value + '|' + (uid ? std::to_string(uid->value) : "")
                         + '|' + x.query};
                   }),
                   {.access = access});
  }

  std::string make(api_role role, uint8_t n, api_key more = {}) {
    more.role = role;
    if (role == api_role::validator && !more.validator_uid)
      more.validator = {"5FA9"};
    api_key_chance chance;
    chance.id.fill(n);
    chance.secret.fill(n);
    const auto made = issue_api_key(more, chance, all);
    all.push_back(made.key);
    keys->put(all);
    return made.text;
  }

  void start() {
    auto opened = net::listening_socket::open("127.0.0.1:0");
    ASSERT_TRUE(opened) << opened.error().what;
    socket.emplace(*std::move(opened));
    net::http_server_terms server_terms;
    server_terms.tick_ms = 5;
    server_terms.limits.linger_ms = 200;
    server_terms.gate = net::make_api_gate(terms, keys);
    auto made = net::http_server::start(*socket, server_terms, routes);
    ASSERT_TRUE(made) << made.error().what;
    server = *std::move(made);
  }

  /// The whole answer.
  std::string ask(const std::string& path, const std::string& key = "",
                  const std::string& method = "GET", const std::string& lines = "") {
    if (!server)
      start();
    const bare_socket peer{socket->port()};
    peer.send(method + ' ' + path + " HTTP/1.1\r\nHost: node\r\nConnection: close\r\n" + lines
              + (key.empty() ? "" : "X-API-Key: " + key + "\r\n") + "\r\n");
    return peer.read_until();
  }

  unsigned status(const std::string& path, const std::string& key = "") {
    const auto got = ask(path, key);
    return got.size() < 12 ? 0 : static_cast<unsigned>(std::stoul(got.substr(9, 3)));
  }

  static std::string body(const std::string& answer) {
    return answer.substr(answer.find("\r\n\r\n") + 4);
  }

  net::api_gate_terms terms;
  std::atomic<uint64_t> steady{1'000};
  net::http_router routes;
  std::shared_ptr<net::current_api_keys> keys = std::make_shared<net::current_api_keys>();
  std::vector<api_key> all;
  std::optional<net::listening_socket> socket;
  std::unique_ptr<net::http_server> server;
};

TEST_F(api_gate_test, lets_each_role_call_what_is_for_it) {
  const auto client = make(api_role::client, 1), validator = make(api_role::validator, 2),
             admin = make(api_role::admin, 3);
  struct row {
    std::string path;
    unsigned none, client, validator, admin;
  };
  for (const auto& x : std::vector<row>{{"/open", 200, 200, 200, 200},
                                        {"/read", 200, 200, 200, 200},
                                        {"/client", 401, 200, 403, 200},
                                        {"/validator", 401, 403, 200, 200},
                                        {"/nothing-said", 401, 403, 403, 200},
                                        {"/signed", 200, 200, 200, 200},
                                        {"/signed-or-validator", 200, 403, 200, 200},
                                        {"/not-there", 404, 404, 404, 404}}) {
    EXPECT_EQ(status(x.path), x.none) << x.path;
    EXPECT_EQ(status(x.path, client), x.client) << x.path;
    EXPECT_EQ(status(x.path, validator), x.validator) << x.path;
    EXPECT_EQ(status(x.path, admin), x.admin) << x.path;
    EXPECT_EQ(status(x.path, "sluice_00000000_" + std::string(43, 'A')), 401U) << x.path;
  }
}

TEST_F(api_gate_test, reads_are_for_a_role_and_above_when_one_is_set) {
  terms.read_role = api_role::validator;
  const auto client = make(api_role::client, 1), validator = make(api_role::validator, 2);
  EXPECT_EQ(status("/read"), 401U);
  EXPECT_EQ(status("/read", client), 403U);
  EXPECT_EQ(status("/read", validator), 200U);
  EXPECT_EQ(status("/read", make(api_role::admin, 3)), 200U);
}

TEST_F(api_gate_test, a_route_that_is_opened_needs_no_key) {
  terms.open_routes = {"/client", "/nothing-said"};
  EXPECT_EQ(status("/client"), 200U);
  EXPECT_EQ(status("/nothing-said"), 200U);
  EXPECT_EQ(status("/validator"), 401U);
  EXPECT_EQ(status("/client", make(api_role::validator, 2)), 200U);
}

TEST_F(api_gate_test, tells_the_handler_who_calls_and_hides_the_key_from_it) {
  const auto by_hotkey = make(api_role::validator, 2);
  const auto by_uid = make(api_role::validator, 3, {.validator_uid = miner_uid{7}});
  EXPECT_EQ(body(ask("/validator?a=1", by_hotkey)), "02020202|validator|5FA9||a=1");
  EXPECT_EQ(body(ask("/validator?api_key=" + by_uid + "&a=1")), "03030303|validator||7|a=1");
  EXPECT_EQ(body(ask("/open?b=2")), "||||b=2");
  for (const auto& text : {ask("/client", by_uid), ask("/client?api_key=" + by_uid),
                           ask("/client?api_key=" + by_uid + "x")})
    EXPECT_EQ(text.find(by_uid), std::string::npos) << text;
}

TEST_F(api_gate_test, refuses_what_is_no_key_what_is_revoked_and_what_has_expired) {
  const auto revoked = make(api_role::admin, 1, {.revoked_ms = 1});
  const auto expired = make(api_role::admin, 2, {.expires_ms = now_ms});
  const auto soon = make(api_role::admin, 3, {.expires_ms = now_ms + 1});
  EXPECT_EQ(status("/client", revoked), 403U);
  EXPECT_EQ(status("/client", expired), 403U);
  EXPECT_EQ(status("/client", soon), 200U);
  for (const auto& bad : {std::string{"short"}, std::string(257, 'a'),
                          std::string{"a key of spaces"}, std::string(20, '*')})
    EXPECT_EQ(status("/client", bad), 401U) << bad;
  const auto none = ask("/client");
  EXPECT_NE(none.find("\r\nWWW-Authenticate: ApiKey header=\"X-API-Key\"\r\n"), std::string::npos);
  EXPECT_NE(none.find("\"error_type\":\"unauthorized\""), std::string::npos) << none;
  EXPECT_NE(none.find("sluice api-key new --data DIR --role client"), std::string::npos) << none;
}

TEST_F(api_gate_test, keys_change_while_it_serves) {
  const auto first = make(api_role::client, 1);
  EXPECT_EQ(status("/client", first), 200U);
  keys->put({});
  EXPECT_EQ(status("/client", first), 401U);
  const auto second = make(api_role::client, 2);
  EXPECT_EQ(status("/client", second), 200U);
  EXPECT_EQ(status("/client", first), 200U) << "the list has both again";
}

TEST_F(api_gate_test, takes_so_many_requests_and_states_when_the_next) {
  terms.rates = {.key = {1, 3}, .network = {1, 2}};
  const auto key = make(api_role::client, 1), other = make(api_role::client, 2);
  EXPECT_EQ(status("/open"), 200U);
  EXPECT_EQ(status("/client"), 401U);
  const auto refused = ask("/open");
  EXPECT_TRUE(refused.starts_with("HTTP/1.1 429 ")) << refused;
  EXPECT_NE(refused.find("\r\nRetry-After: 1\r\n"), std::string::npos) << refused;
  EXPECT_EQ(status("/not-there"), 429U);
  EXPECT_EQ(status("/client", "sluice_00000000_" + std::string(43, 'A')), 429U)
    << "guessing keys is charged to the network";
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(status("/client", key), 200U) << "a key has a rate of its own";
  EXPECT_EQ(status("/client", key), 429U);
  EXPECT_EQ(status("/client", other), 200U);
  steady = 2'000;
  EXPECT_EQ(status("/client", key), 200U);
  EXPECT_EQ(status("/open"), 200U);
}

TEST_F(api_gate_test, answers_pages_of_other_origins_only_when_they_are_configured) {
  const std::string from = "Origin: https://a.test\r\n";
  const std::string preflight = from + "Access-Control-Request-Method: POST\r\n";
  EXPECT_EQ(ask("/open", "", "GET", from).find("Access-Control"), std::string::npos);
  EXPECT_EQ(ask("/client", "", "OPTIONS", preflight).find("Access-Control"), std::string::npos);
  server.reset();
  terms.cors_origins = {"https://a.test"};
  const auto allowed = ask("/client", "", "OPTIONS", preflight);
  EXPECT_TRUE(allowed.starts_with("HTTP/1.1 204 ")) << allowed;
  EXPECT_NE(allowed.find("\r\nAccess-Control-Allow-Origin: https://a.test\r\n"), std::string::npos);
  EXPECT_NE(allowed.find("X-API-Key"), std::string::npos);
  const auto no_key = ask("/client", "", "GET", from);
  EXPECT_TRUE(no_key.starts_with("HTTP/1.1 401 "));
  EXPECT_NE(no_key.find("Access-Control-Allow-Origin: https://a.test"), std::string::npos)
    << "the page may read why";
  const auto stranger = ask("/open", "", "GET", "Origin: https://b.test\r\n");
  EXPECT_EQ(stranger.find("Access-Control"), std::string::npos);
  EXPECT_NE(stranger.find("\r\nVary: Origin\r\n"), std::string::npos);
}

TEST_F(api_gate_test, refuses_before_the_body_is_read) {
  start();
  const bare_socket peer{socket->port()};
  peer.send("POST /client HTTP/1.1\r\nHost: node\r\nContent-Length: 1000\r\n"
            "Expect: 100-continue\r\n\r\n");
  const auto got = peer.read_until();
  EXPECT_TRUE(got.starts_with("HTTP/1.1 401 ")) << got;
}

} // namespace
} // namespace sluice::test
