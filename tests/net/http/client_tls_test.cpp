// The HTTP client against our own server behind TLS, with certificates of the test's own making.
#include "net/http/client.hpp"
#include "net/keys/tls_certificate.hpp"
#include "tests/support/byte_server.hpp"
#include "tests/support/http_world.hpp"
#include "tests/support/scratch_folder.hpp"

#include <gtest/gtest.h>

#include <future>

namespace sluice::test {
namespace {

class http_client_tls : public ::testing::Test {
protected:
  http_client_tls() { EXPECT_TRUE(net::make_tls_authority(folder.path().string())); }

  void serve(const net::tls_order& order) {
    ASSERT_TRUE(net::make_tls_certificate(folder.path().string(), order));
    auto terms = http_world::quick_terms();
    terms.certificate = folder.at(order.name + ".pem");
    terms.key = folder.at(order.name + ".key");
    world.start(terms);
  }

  /// What came back, or "CODE: sentence".
  std::string
  ask(const std::string& host, const std::string& ca, const std::string& path = "/plain") {
    net::http_client_terms terms;
    terms.ca = ca;
    terms.tick_ms = 5;
    auto client = net::http_client::start(terms);
    if (!client)
      return std::to_string(static_cast<int>(client.error().code)) + ": " + client.error().what;
    std::string all;
    for (int i = 0; i < 2; ++i) {
      std::promise<result<net::http_answer>> promise;
      net::http_call call;
      call.url = "https://" + host + ":" + std::to_string(world.port()) + path;
      (*client)->call(call, [&](result<net::http_answer> x) { promise.set_value(std::move(x)); });
      const auto outcome = promise.get_future().get();
      if (!outcome)
        return std::to_string(static_cast<int>(outcome.error().code)) + ": " + outcome.error().what;
      all += outcome->body;
    }
    EXPECT_EQ((*client)->counts().connections, 1U);
    return all;
  }

  std::string refused(const std::string& host, const std::string& why) const {
    return std::to_string(static_cast<int>(ec::refused)) + ": https://" + host + ":"
           + std::to_string(world.port()) + ": " + why;
  }

  scratch_folder folder;
  http_world world;
};

TEST_F(http_client_tls, trusts_the_authority_it_was_given_and_checks_the_host) {
  serve({.name = "node", .role = fleet_role::node, .hosts = {"127.0.0.1", "localhost"}});
  EXPECT_EQ(ask("127.0.0.1", folder.at("ca.pem")), "plainplain");
  EXPECT_EQ(ask("localhost", folder.at("ca.pem")), "plainplain");
  EXPECT_EQ(ask("127.0.0.1", folder.at("ca.pem"), "/large").size(), 2 * http_world::large_bytes);
}

TEST_F(http_client_tls, takes_no_certificate_of_another_host) {
  serve({.name = "node", .role = fleet_role::node, .hosts = {"indexer.example", "10.0.0.1"}});
  for (const std::string host : {"127.0.0.1", "localhost"})
    EXPECT_EQ(ask(host, folder.at("ca.pem")),
              refused(host, "its certificate is of another host than " + host
                              + ": it is for indexer.example, 10.0.0.1"));
}

TEST_F(http_client_tls, takes_no_certificate_of_another_authority_and_none_that_is_over) {
  serve({.name = "node", .role = fleet_role::node, .hosts = {"127.0.0.1"}});
  const scratch_folder other;
  ASSERT_TRUE(net::make_tls_authority(other.path().string()));
  const auto unknown = ask("127.0.0.1", other.at("ca.pem"));
  EXPECT_EQ(unknown.find(refused("127.0.0.1", "its certificate cannot be trusted: ")), 0U)
    << unknown;
  EXPECT_EQ(ask("127.0.0.1", "").find(refused("127.0.0.1", "its certificate cannot be trusted")),
            0U); // the system's authorities did not sign it
  serve(
    {.name = "old", .role = fleet_role::node, .hosts = {"127.0.0.1"}, .days = 1, .days_from = -10});
  const auto over = ask("127.0.0.1", folder.at("ca.pem"));
  EXPECT_NE(over.find("it expired at "), std::string::npos) << over;
}

TEST_F(http_client_tls, a_server_without_tls_is_an_error) {
  byte_server plain{[](const std::string&) { return byte_reply{http_bytes("200 OK", "x")}; }};
  net::http_client_terms terms;
  terms.tick_ms = 5;
  auto client = net::http_client::start(terms);
  ASSERT_TRUE(client);
  std::promise<result<net::http_answer>> promise;
  net::http_call call;
  call.url = "https://127.0.0.1:" + std::to_string(plain.port());
  call.connect_ms = 200; // it waits for the end of a request that never comes
  (*client)->call(call, [&](result<net::http_answer> x) { promise.set_value(std::move(x)); });
  const auto outcome = promise.get_future().get();
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, ec::timeout);
  EXPECT_EQ(outcome.error().what, call.url + ": no connection within 200 ms");
}

TEST_F(http_client_tls, a_file_that_is_no_authority_is_a_sentence) {
  const auto got = ask("127.0.0.1", folder.write("x.pem", "no certificate"));
  EXPECT_EQ(got.find(std::to_string(static_cast<int>(ec::bad_input)) + ": " + folder.at("x.pem")
                     + ": expected certificates of CAs in PEM form"),
            0U)
    << got;
}

} // namespace
} // namespace sluice::test
