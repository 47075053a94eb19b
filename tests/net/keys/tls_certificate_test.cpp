#include "net/keys/tls_certificate.hpp"
#include "tests/support/run_program.hpp"
#include "tests/support/scratch_folder.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

namespace sluice::net {
namespace {

std::string value(const tls_report& report, const std::string& name) {
  for (const auto& [key, text] : report)
    if (key == name)
      return text;
  return "(no " + name + ")";
}

mode_t mode_of(const std::string& path) {
  struct stat facts {};
  return ::stat(path.c_str(), &facts) == 0 ? facts.st_mode & 0777 : 0;
}

class tls_certificate : public ::testing::Test {
protected:
  test::scratch_folder folder;
  const std::string at = (folder.path() / "fleet").string();

  void SetUp() override { ASSERT_TRUE(make_tls_authority(at)); }
};

TEST_F(tls_certificate, an_independent_program_finds_what_was_asked_for) {
  ASSERT_TRUE(make_tls_certificate(
    at, {.name = "validator-1", .role = fleet_role::node, .hosts = {"node.example", "10.0.0.5"}}));
  const auto verified = test::run_program("openssl", {"verify", "-purpose", "sslclient", "-CAfile",
                                                      at + "/ca.pem", at + "/validator-1.pem"});
  EXPECT_EQ(verified.code, 0) << verified.err;
  const auto shown
    = test::run_program("openssl", {"x509", "-in", at + "/validator-1.pem", "-noout", "-subject",
                                    "-ext", "subjectAltName,extendedKeyUsage,basicConstraints"});
  for (const auto* text :
       {"OU = node", "CN = validator-1", "DNS:node.example", "IP Address:10.0.0.5",
        "TLS Web Server Authentication, TLS Web Client Authentication", "CA:FALSE"})
    EXPECT_NE(shown.out.find(text), std::string::npos) << text << "\n" << shown.out;
}

TEST_F(tls_certificate, keys_are_for_their_owner_only_and_nothing_is_overwritten) {
  ASSERT_TRUE(make_tls_certificate(at, {.name = "w1", .role = fleet_role::worker}));
  EXPECT_EQ(mode_of(at + "/ca.key"), 0600u);
  EXPECT_EQ(mode_of(at + "/w1.key"), 0600u);
  const auto again = make_tls_certificate(at, {.name = "w1", .role = fleet_role::operating});
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, ec::refused);
  EXPECT_NE(again.error().what.find("w1.key: exists already"), std::string::npos)
    << again.error().what;
  const auto authority = make_tls_authority(at);
  ASSERT_FALSE(authority);
  EXPECT_EQ(authority.error().code, ec::refused);
  EXPECT_EQ(value(*show_tls_certificate(at + "/w1.pem"), "role"), "worker");
}

TEST_F(tls_certificate, is_shown_with_role_hosts_dates_and_usage) {
  ASSERT_TRUE(make_tls_certificate(
    at, {.name = "w1", .role = fleet_role::worker, .hosts = {"::1"}, .usage = tls_usage::client}));
  const auto shown = show_tls_certificate(at + "/w1.pem");
  ASSERT_TRUE(shown);
  EXPECT_EQ(value(*shown, "name"), "w1");
  EXPECT_EQ(value(*shown, "role"), "worker");
  EXPECT_EQ(value(*shown, "usage"), "client");
  EXPECT_EQ(value(*shown, "fingerprint").size(), 64u);
  EXPECT_EQ(value(*show_tls_certificate(at + "/ca.pem"), "role"), "ca");
}

TEST_F(tls_certificate, orders_that_cannot_be_name_the_flag) {
  const std::vector<std::pair<tls_order, std::string>> wrong{
    {{.name = "a b"}, "--name: expected"},
    {{.name = "ca"}, "--name: expected"},
    {{.name = "../x"}, "--name: expected"},
    {{.name = "x", .hosts = {"a,DNS:b"}}, "--host: expected"},
    {{.name = "x", .role = fleet_role::node}, "--host: expected the names"},
    {{.name = "x", .days = 0}, "--days: expected"},
  };
  for (const auto& [order, text] : wrong) {
    const auto made = make_tls_certificate(at, order);
    ASSERT_FALSE(made) << text;
    EXPECT_EQ(made.error().what.rfind(text, 0), 0u) << made.error().what;
  }
  const auto nowhere = make_tls_certificate(at + "/none", {.name = "x"});
  ASSERT_FALSE(nowhere);
  EXPECT_NE(nowhere.error().what.find("sluice keys tls init"), std::string::npos);
}

TEST_F(tls_certificate, a_file_that_is_something_else_is_named) {
  const auto path = at + "/letter.pem";
  std::ofstream{path} << "dear fleet";
  const auto shown = show_tls_certificate(path);
  ASSERT_FALSE(shown);
  EXPECT_EQ(shown.error().code, ec::bad_input);
  EXPECT_EQ(shown.error().what.rfind(path + ": expected a certificate", 0), 0u)
    << shown.error().what;
}

} // namespace
} // namespace sluice::net
