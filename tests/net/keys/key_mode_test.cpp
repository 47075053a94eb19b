#include "net/keys/key_mode.hpp"
#include "net/keys/tls_x509.hpp"
#include "tests/support/scratch_folder.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

namespace sluice::net {
namespace {

TEST(key_mode, a_key_that_others_may_read_or_write_is_refused_with_what_to_type) {
  const test::scratch_folder folder;
  const auto path = folder.write("tls.key", "x");
  for (const mode_t good : {0600U, 0400U, 0640U}) {
    ASSERT_EQ(::chmod(path.c_str(), good), 0);
    EXPECT_FALSE(open_key_fault(path)) << good;
  }
  for (const mode_t bad : {0644U, 0660U, 0602U, 0666U}) {
    ASSERT_EQ(::chmod(path.c_str(), bad), 0);
    const auto why = open_key_fault(path);
    ASSERT_TRUE(why) << bad;
    EXPECT_EQ(why->code, ec::refused);
    EXPECT_NE(why->what.find("chmod 600 " + path), std::string::npos) << why->what;
    const auto read = read_private_key(path);
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error(), *why);
  }
  EXPECT_FALSE(open_key_fault(folder.at("none.key")));
  EXPECT_FALSE(open_key_fault(folder.path().string()));
}

} // namespace
} // namespace sluice::net
