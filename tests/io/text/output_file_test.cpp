#include "io/text/output_file.hpp"
#include "tests/support/scratch_folder.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>

namespace {

using namespace sluice;
using io::output_file;

TEST(output_file, appears_whole_when_it_is_done) {
  const test::scratch_folder folder;
  auto out = output_file::open(folder.at("x"));
  ASSERT_TRUE(out);
  const std::string much(size_t{1} << 20, 'y');
  ASSERT_TRUE(out->write("first\n"));
  ASSERT_TRUE(out->write(much));
  EXPECT_EQ(folder.read("x"), "");
  ASSERT_TRUE(out->commit());
  EXPECT_EQ(folder.read("x"), "first\n" + much);
  EXPECT_EQ(folder.count(), 1u);
}

TEST(output_file, leaves_the_old_one_alone_until_then) {
  const test::scratch_folder folder;
  folder.write("x", "old");
  {
    auto out = output_file::open(folder.at("x"));
    ASSERT_TRUE(out);
    ASSERT_TRUE(out->write(std::string(size_t{1} << 20, 'y')));
  }
  EXPECT_EQ(folder.read("x"), "old");
  EXPECT_EQ(folder.count(), 1u);
}

TEST(output_file, goes_where_a_link_leads) {
  const test::scratch_folder folder;
  folder.write("x", "old");
  std::filesystem::create_symlink(folder.at("x"), folder.at("link"));
  auto out = output_file::open(folder.at("link"));
  ASSERT_TRUE(out && out->write("new") && out->commit());
  EXPECT_EQ(folder.read("x"), "new");
  EXPECT_TRUE(std::filesystem::is_symlink(folder.at("link")));
}

TEST(output_file, does_not_replace_what_is_no_file) {
  auto out = output_file::open("/dev/null");
  ASSERT_TRUE(out && out->write("nothing") && out->commit());
  struct stat facts {};
  ASSERT_EQ(::stat("/dev/null", &facts), 0);
  EXPECT_TRUE(S_ISCHR(facts.st_mode));
}

TEST(output_file, needs_a_folder_that_is_there) {
  const test::scratch_folder folder;
  const auto out = output_file::open(folder.at("missing/x"));
  ASSERT_FALSE(out);
  EXPECT_EQ(out.error().code, ec::unreachable);
  EXPECT_NE(out.error().what.find("create the folder first"), std::string::npos);
  const auto over = output_file::open(folder.path());
  EXPECT_FALSE(over);
}

TEST(output_file, reports_when_the_disk_is_full) {
  auto out = output_file::open("/dev/full");
  ASSERT_TRUE(out);
  ASSERT_TRUE(out->write("x"));
  const auto kept = out->commit();
  ASSERT_FALSE(kept);
  EXPECT_EQ(kept.error().code, ec::storage_full);
}

TEST(output_file, leaves_nothing_when_it_may_not_grow) {
  const test::scratch_folder folder;
  const auto before = std::signal(SIGXFSZ, SIG_IGN);
  rlimit old{};
  ::getrlimit(RLIMIT_FSIZE, &old);
  const rlimit tight{4096, old.rlim_max};
  ::setrlimit(RLIMIT_FSIZE, &tight);
  result<nothing> written = nothing{};
  {
    auto out = output_file::open(folder.at("x"));
    if (out)
      written = out->write(std::string(size_t{1} << 20, 'y'));
  }
  ::setrlimit(RLIMIT_FSIZE, &old);
  std::signal(SIGXFSZ, before);
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, ec::storage_full);
  EXPECT_EQ(folder.count(), 0u);
}

} // namespace
