#include "io/leads/disposable_domains.hpp"
#include "tests/support/scratch_folder.hpp"

#include <gtest/gtest.h>

namespace sluice::io {
namespace {

TEST(disposable_domains, of_the_program_are_the_eight_that_are_known) {
  const auto read = read_disposable_domains("");
  ASSERT_TRUE(read) << read.error().what;
  EXPECT_EQ(*read, usual_disposable_domains());
}

TEST(disposable_domains, are_read_one_a_line_with_comments) {
  const auto read = parse_disposable_domains("# list\n\n  Mail.Example \t# x\r\nb.org\n", "d");
  ASSERT_TRUE(read) << read.error().what;
  EXPECT_EQ(*read, (disposable_domains{"b.org", "mail.example"}));
}

TEST(disposable_domains, are_refused_with_the_line) {
  for (const auto* bad :
       {"a.b\nlocalhost\n", "a.b\nx y.com\n", "a.b\n.com\n", "a.b\ncom.\n", "a.b\n@c.de\n"}) {
    const auto read = parse_disposable_domains(bad, "d");
    ASSERT_FALSE(read) << bad;
    EXPECT_EQ(read.error().code, ec::bad_input);
    EXPECT_NE(read.error().what.find("d:2: expected a domain"), std::string::npos);
  }
  EXPECT_FALSE(parse_disposable_domains(std::string(251, 'a') + ".de", "d"));
}

TEST(disposable_domains, come_from_a_file_when_one_is_named) {
  const test::scratch_folder folder;
  const auto path = folder.write("list.txt", "# list\nA.example\n");
  const auto read = read_disposable_domains(path);
  ASSERT_TRUE(read) << read.error().what;
  EXPECT_EQ(*read, disposable_domains{"a.example"});
  const auto missing = read_disposable_domains(path + ".no");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ec::unreachable);
}

} // namespace
} // namespace sluice::io
