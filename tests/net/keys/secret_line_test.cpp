#include "net/keys/secret_line.hpp"
#include "tests/support/scratch_folder.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

namespace sluice::net {
namespace {

TEST(secret_line, is_the_only_line_and_no_sentence_has_it) {
  const test::scratch_folder folder;
  const auto read = [&](const std::string& text, size_t bytes_max = 8, mode_t mode = 0600) {
    const auto path = folder.write("secret", text);
    ::chmod(path.c_str(), mode);
    return read_secret_line(path, "the test's secret", bytes_max);
  };
  EXPECT_EQ(*read("# comment\n\n  \nhidden\r\n"), "hidden");
  EXPECT_EQ(*read("hidden"), "hidden");
  for (const auto* text :
       {"", "# hidden\n", "hidden\nhidden\n", "hid den\n", "hiddenhidden\n", "hidd\xc3\xa9n\n"}) {
    const auto no = read(text);
    ASSERT_FALSE(no) << text;
    EXPECT_EQ(no.error().code, ec::bad_input) << no.error().what;
    EXPECT_NE(no.error().what.find("the test's secret"), std::string::npos) << no.error().what;
    EXPECT_EQ(no.error().what.find("hid"), std::string::npos) << no.error().what;
  }
  EXPECT_EQ(read(std::string(5'000, '\n') + "hidden").error().code, ec::bad_input);
  EXPECT_EQ(read("hidden", 8, 0640).error().code, ec::refused);
  EXPECT_EQ(read_secret_line(folder.at("none"), "it", 8).error().code, ec::unreachable);
  EXPECT_EQ(read_secret_line(folder.path().string(), "it", 8).error().code, ec::unreachable);
}

} // namespace
} // namespace sluice::net
