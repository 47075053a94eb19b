#include "net/keys/tls_certificate.hpp"
#include "net/keys/tls_identity.hpp"
#include "net/keys/tls_x509.hpp"
#include "tests/support/scratch_folder.hpp"

#include <gtest/gtest.h>

#include <filesystem>

namespace sluice::net {
namespace {

class tls_identities : public ::testing::Test {
protected:
  test::scratch_folder folder;
  const std::string ours = (folder.path() / "ours").string();
  const std::string theirs = (folder.path() / "theirs").string();

  void SetUp() override {
    ASSERT_TRUE(make_tls_authority(ours));
    ASSERT_TRUE(make_tls_authority(theirs));
  }

  tls_files make(const std::string& at, const tls_order& order) const {
    const auto made = make_tls_certificate(at, order);
    EXPECT_TRUE(made) << made.error().what;
    return {at + "/ca.pem", at + "/" + order.name + ".pem", at + "/" + order.name + ".key"};
  }
};

TEST_F(tls_identities, one_of_the_same_fleet_is_known_by_name_and_role) {
  const auto a = tls_identity::load(make(ours, {.name = "a", .role = fleet_role::worker}));
  const auto b = tls_identity::load(
    make(ours, {.name = "b", .role = fleet_role::node, .hosts = {"b.example", "10.1.2.3"}}));
  ASSERT_TRUE(a && b);
  const auto known = a->check(b->certificate());
  ASSERT_TRUE(known) << known.error().what;
  EXPECT_EQ(known->name, "b");
  EXPECT_EQ(known->role, fleet_role::node);
  const auto signature = b->sign("nonce");
  EXPECT_TRUE(signed_by(b->certificate(), "nonce", signature));
  EXPECT_FALSE(signed_by(b->certificate(), "another nonce", signature));
  EXPECT_FALSE(signed_by(a->certificate(), "nonce", signature));
  EXPECT_FALSE(signed_by(b->certificate(), "nonce", ""));
  EXPECT_TRUE(is_for_host(b->certificate(), "b.example"));
  EXPECT_TRUE(is_for_host(b->certificate(), "10.1.2.3"));
  EXPECT_FALSE(is_for_host(b->certificate(), "c.example"));
  EXPECT_FALSE(is_for_host(a->certificate(), "a"));
}

TEST_F(tls_identities, strangers_and_those_out_of_date_are_distinguished) {
  const auto a = tls_identity::load(make(ours, {.name = "a", .role = fleet_role::worker}));
  ASSERT_TRUE(a);
  const auto stranger = tls_identity::load(make(theirs, {.name = "a", .role = fleet_role::worker}));
  ASSERT_TRUE(stranger);
  EXPECT_FALSE(a->check(stranger->certificate()));
  EXPECT_FALSE(a->check("no certificate"));
  EXPECT_FALSE(a->check(""));
  EXPECT_FALSE(a->check(a->certificate() + "x"));
}

TEST_F(tls_identities, what_a_peer_would_refuse_is_refused_before_anybody_connects) {
  const auto good = make(ours, {.name = "good", .role = fleet_role::worker});
  const auto old
    = make(ours, {.name = "old", .role = fleet_role::worker, .days = 10, .days_from = -20});
  const auto early = make(ours, {.name = "early", .role = fleet_role::worker, .days_from = 5});
  const auto server
    = make(ours, {.name = "server", .role = fleet_role::worker, .usage = tls_usage::server});
  const auto client
    = make(ours, {.name = "client", .role = fleet_role::worker, .usage = tls_usage::client});
  const std::vector<std::pair<tls_files, std::string>> wrong{
    {{theirs + "/ca.pem", good.certificate, good.key}, "not a certificate of the CA"},
    {old, "certificate has expired (20"},
    {early, "certificate is not yet valid"},
    {server, "usage (EKU): expected server and client"},
    {client, "usage (EKU): expected server and client"},
    {{good.ca, good.certificate, old.key}, "expected the key of"},
    {{good.ca, good.key, good.key}, "expected a certificate"},
    {{good.ca, good.certificate, good.certificate}, "expected a private key"},
    {{good.ca, good.certificate, ours + "/none.key"}, "none.key: cannot be read"},
    {{"", good.certificate, good.key}, "cannot be read"},
    {{good.ca, good.ca, ours + "/ca.key"}, "not a certificate of the CA"},
  };
  std::filesystem::permissions(good.certificate, std::filesystem::perms{0600}); // read as a key
  for (const auto& [files, text] : wrong) {
    const auto loaded = tls_identity::load(files);
    ASSERT_FALSE(loaded) << text;
    EXPECT_NE(loaded.error().what.find(text), std::string::npos) << loaded.error().what;
  }
}

TEST_F(tls_identities, what_was_read_stays_readable) {
  const auto files = make(ours, {.name = "a", .role = fleet_role::worker});
  const auto a = tls_identity::load(files);
  ASSERT_TRUE(a);
  std::filesystem::remove_all(ours);
  EXPECT_TRUE(read_certificate(a->kept_files().certificate));
  EXPECT_TRUE(read_private_key(a->kept_files().key));
  EXPECT_TRUE(tls_identity::load(a->kept_files()));
}

} // namespace
} // namespace sluice::net
