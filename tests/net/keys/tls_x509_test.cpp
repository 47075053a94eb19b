#include "net/keys/tls_certificate.hpp"
#include "net/keys/tls_x509.hpp"
#include "tests/support/scratch_folder.hpp"

#include <gtest/gtest.h>

namespace sluice::net {
namespace {

TEST(tls_x509, reads_back_what_was_written) {
  const test::scratch_folder folder;
  const auto at = folder.path().string();
  ASSERT_TRUE(make_tls_authority(at));
  ASSERT_TRUE(make_tls_certificate(
    at, {.name = "n", .role = fleet_role::node, .hosts = {"localhost", "127.0.0.1"}}));
  const auto certificate = read_certificate(at + "/n.pem");
  ASSERT_TRUE(certificate);
  const auto subject = subject_of(certificate->get());
  ASSERT_TRUE(subject);
  EXPECT_EQ(subject->name, "n");
  EXPECT_EQ(subject->role, fleet_role::node);
  EXPECT_EQ(subject->hosts, (std::vector<std::string>{"localhost", "127.0.0.1"}));
  EXPECT_TRUE(read_private_key(at + "/n.key"));
}

TEST(tls_x509, a_certificate_without_a_role_is_of_no_use) {
  const test::scratch_folder folder;
  const auto at = folder.path().string();
  ASSERT_TRUE(make_tls_authority(at));
  const auto ca = read_certificate(at + "/ca.pem");
  const auto subject = subject_of(ca->get());
  ASSERT_FALSE(subject);
  EXPECT_NE(subject.error().what.find("role (OU): expected worker"), std::string::npos);
}

TEST(tls_x509, files_that_cannot_be_read_are_named_with_the_reason) {
  for (const std::string path : {"", "/nowhere/x.pem", "/tmp"}) {
    const auto read = read_certificate(path);
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code, ec::unreachable);
    EXPECT_EQ(read.error().what.rfind(path + ": cannot be read: ", 0), 0u) << read.error().what;
  }
}

} // namespace
} // namespace sluice::net
