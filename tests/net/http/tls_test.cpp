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
#include <openssl/pem.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>

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
    const auto tls = net::server_identity::load(certificate, key);
    return tls ? std::string{*tls ? "TLS" : "plain"} : tls.error().what;
  };
  EXPECT_EQ(why("", ""), "plain");
  EXPECT_EQ(why(folder.at("node.pem"), folder.at("node.key")), "TLS");
  const auto none = folder.at("none.pem");
  EXPECT_EQ(why(none, folder.at("node.key")), none + ": cannot be read: No such file or directory");
  EXPECT_EQ(net::server_identity::load(none, none).error().code, ec::unreachable);
  EXPECT_EQ(why(folder.path().string(), folder.at("node.key")),
            folder.path().string() + ": cannot be read: expected a file");
  EXPECT_EQ(why(folder.at("node.pem"), folder.at("ca.key")),
            folder.at("ca.key") + ": expected the private key of " + folder.at("node.pem")
              + ", got another one");
  EXPECT_TRUE(why(folder.at("node.key"), folder.at("node.key"))
                .starts_with(folder.at("node.key") + ": expected a certificate (PEM)"));
}

TEST_F(http_tls, asks_nobody_for_a_passphrase) {
  const auto locked = folder.at("locked.key");
  std::ifstream in{folder.at("node.key")};
  const std::string text{std::istreambuf_iterator<char>{in}, {}};
  std::unique_ptr<BIO, decltype(&BIO_free_all)> from{
    BIO_new_mem_buf(text.data(), static_cast<int>(text.size())), BIO_free_all};
  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key{
    PEM_read_bio_PrivateKey(from.get(), nullptr, nullptr, nullptr), EVP_PKEY_free};
  for (const bool traditional : {false, true}) {
    std::unique_ptr<BIO, decltype(&BIO_free_all)> to{BIO_new_file(locked.c_str(), "w"),
                                                     BIO_free_all};
    auto* secret = reinterpret_cast<const unsigned char*>("abc");
    ASSERT_EQ(traditional ? PEM_write_bio_PrivateKey_traditional(
                to.get(), key.get(), EVP_aes_128_cbc(), secret, 3, nullptr, nullptr)
                          : PEM_write_bio_PKCS8PrivateKey(to.get(), key.get(), EVP_aes_128_cbc(),
                                                          reinterpret_cast<const char*>(secret), 3,
                                                          nullptr, nullptr),
              1);
    to.reset();
    ::chmod(locked.c_str(), 0600);
    const auto no = net::server_identity::load(folder.at("node.pem"), locked);
    ASSERT_FALSE(no);
    EXPECT_EQ(no.error().code, ec::bad_input);
    EXPECT_TRUE(no.error().what.starts_with(
      locked + ": expected a private key without a passphrase, got one that has one"))
      << no.error().what;
  }
}

TEST_F(http_tls, shows_the_certificate_that_was_read_last_to_whoever_comes) {
  auto identity = net::server_identity::load(terms.certificate, terms.key);
  ASSERT_TRUE(identity);
  EXPECT_EQ((*identity)->facts().hosts, "127.0.0.1");
  const auto before = (*identity)->context();
  ASSERT_TRUE(net::make_tls_certificate(
    folder.path().string(),
    {.name = "newer", .role = fleet_role::node, .hosts = {"127.0.0.1", "node.example"}}));
  for (const auto* end : {".pem", ".key"})
    std::filesystem::rename(folder.at(std::string{"newer"} + end),
                            folder.at(std::string{"node"} + end));
  ASSERT_TRUE((*identity)->reload());
  EXPECT_EQ((*identity)->facts().hosts, "127.0.0.1, node.example");
  EXPECT_NE((*identity)->context(), before);
  const auto good = (*identity)->context();
  std::ofstream{folder.at("node.pem")} << "nothing";
  EXPECT_FALSE((*identity)->reload());
  EXPECT_EQ((*identity)->context(), good); // stays
}

} // namespace
} // namespace sluice::test
