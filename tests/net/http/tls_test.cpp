// The same server behind TLS, asked by OpenSSL's own client side.
#include "net/http/tls.hpp"
#include "net/keys/tls_certificate.hpp"
#include "tests/support/http_world.hpp"
#include "tests/support/scratch_folder.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <gtest/gtest.h>

namespace sluice::test {
namespace {

namespace asio = boost::asio;

class http_tls : public ::testing::Test {
protected:
  http_tls() {
    EXPECT_TRUE(net::make_tls_authority(folder.path().string()));
    EXPECT_TRUE(net::make_tls_certificate(
      folder.path().string(), {.name = "node", .role = fleet_role::node, .hosts = {"127.0.0.1"}}));
    terms.certificate = folder.at("node.pem");
    terms.key = folder.at("node.key");
  }

  /// Sends this and reads to the end; how it ended goes to `end`.
  std::string ask(const std::string& text) {
    asio::io_context io;
    asio::ssl::context tls{asio::ssl::context::tls_client};
    tls.load_verify_file(folder.at("ca.pem"));
    tls.set_verify_mode(asio::ssl::verify_peer);
    asio::ssl::stream<asio::ip::tcp::socket> stream{io, tls};
    stream.set_verify_callback(asio::ssl::host_name_verification{"127.0.0.1"});
    stream.next_layer().connect({asio::ip::make_address("127.0.0.1"), world.port()});
    stream.handshake(asio::ssl::stream_base::client);
    asio::write(stream, asio::buffer(text));
    std::string got;
    asio::read(stream, asio::dynamic_buffer(got), end);
    return got;
  }

  scratch_folder folder;
  net::http_server_terms terms = http_world::quick_terms();
  boost::system::error_code end;
  http_world world;
};

TEST_F(http_tls, carries_requests_and_states_where_the_stream_ends) {
  world.start(terms);
  EXPECT_TRUE(ask(get("/query?1") + get("/query?2", closing)).ends_with("\r\n\r\n2"));
  EXPECT_EQ(end, asio::error::eof) << end.message(); // not cut off
  EXPECT_EQ(ask(get("/large", closing)).find("HTTP/1.1 200"), 0U);
  EXPECT_EQ(end, asio::error::eof) << end.message();
}

TEST_F(http_tls, refuses_and_ends_as_without_it) {
  terms.limits.head_ms = terms.limits.idle_ms = 100;
  world.start(terms);
  EXPECT_TRUE(ask("GET / HT").starts_with("HTTP/1.1 408 "));
  EXPECT_EQ(end, asio::error::eof) << end.message();
  EXPECT_TRUE(ask("no HTTP\r\n\r\n").starts_with("HTTP/1.1 400 "));
  EXPECT_EQ(essential(ask(get("/plain"))), response_of("plain")); // then it was idle
  EXPECT_EQ(world.ask(""), "");                                   // no TLS at all
}

TEST_F(http_tls, who_speaks_none_is_closed_without_a_message) {
  world.start(terms);
  const auto got = world.ask(get("/plain"));
  EXPECT_EQ(got.find("HTTP"), std::string::npos) << got;
  terms.limits.connections_max = 0;
  world.start(terms);
  EXPECT_EQ(world.ask(""), ""); // what could be sent could not be read
}

TEST_F(http_tls, needs_a_certificate_and_its_key) {
  const auto why = [](const std::string& certificate, const std::string& key) {
    const auto tls = net::server_tls(certificate, key);
    return tls ? std::string{*tls ? "TLS" : "plain"} : tls.error().what;
  };
  EXPECT_EQ(why("", ""), "plain");
  EXPECT_EQ(why(folder.at("node.pem"), folder.at("node.key")), "TLS");
  EXPECT_TRUE(why(folder.at("none.pem"), folder.at("node.key"))
                .starts_with(folder.at("none.pem") + ": expected a certificate in PEM form ("));
  EXPECT_TRUE(
    why(folder.at("node.pem"), folder.at("ca.key"))
      .starts_with(folder.at("ca.key") + ": expected the private key of " + folder.at("node.pem")));
}

} // namespace
} // namespace sluice::test
