#include "io/text/spool.hpp"
#include "tests/support/scratch_folder.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <cstdlib>
#include <random>

using namespace sluice;

namespace {

/// TMPDIR until it goes away.
class temporary_folder {
public:
  explicit temporary_folder(const std::string& path) {
    if (const char* had = std::getenv("TMPDIR"))
      had_ = had;
    ::setenv("TMPDIR", path.c_str(), 1);
  }
  ~temporary_folder() {
    if (had_.empty())
      ::unsetenv("TMPDIR");
    else
      ::setenv("TMPDIR", had_.c_str(), 1);
  }

private:
  std::string had_;
};

std::string read_at(const io::spool& from, uint64_t at, size_t count) {
  std::string bytes(count, '?');
  EXPECT_TRUE(from.read(at, bytes));
  return bytes;
}

} // namespace

TEST(spool, gives_back_what_was_written_from_memory_and_from_disk) {
  test::scratch_folder folder;
  const temporary_folder here(folder.path());
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 chance{seed};
  for (const size_t memory : {size_t{0}, size_t{1000}, size_t{100'000'000}}) {
    io::spool bytes(memory);
    std::string all;
    for (int i = 0; i < 400; ++i) {
      std::string part(chance() % 20'000, '\0');
      for (auto& c : part)
        c = static_cast<char>(chance());
      ASSERT_TRUE(bytes.append(part));
      all += part;
      const auto at = chance() % (all.size() + 1);
      const auto count = chance() % (all.size() - at + 1);
      ASSERT_EQ(bytes.size(), all.size());
      ASSERT_TRUE(read_at(bytes, at, count) == all.substr(at, count)) << at << ", " << count;
    }
    EXPECT_EQ(bytes.on_disk(), memory < all.size());
    EXPECT_EQ(folder.count(), 0U) << "it has no name";
    auto moved = std::move(bytes);
    EXPECT_TRUE(read_at(moved, 0, all.size()) == all);
  }
}

TEST(spool, few_bytes_touch_no_disk) {
  const temporary_folder nowhere("/nowhere");
  io::spool bytes;
  ASSERT_TRUE(bytes.append("few"));
  EXPECT_FALSE(bytes.on_disk());
  EXPECT_EQ(read_at(bytes, 1, 2), "ew");
}

TEST(spool, where_the_named_folder_is_not_there_tmp_is_taken) {
  const temporary_folder nowhere("/nowhere");
  io::spool bytes(0);
  ASSERT_TRUE(bytes.append("more"));
  EXPECT_TRUE(bytes.on_disk());
  EXPECT_EQ(read_at(bytes, 0, 4), "more");
}

TEST(spool, names_the_folder_when_it_cannot_write) {
  io::spool bytes(0);
  // A file of this process may have no byte: the same as a full disk.
  struct rlimit had {};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &had), 0);
  auto none = had;
  none.rlim_cur = 0;
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &none), 0);
  const auto written = bytes.append(std::string(1 << 21, 'x'));
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &had), 0);
  std::signal(SIGXFSZ, handler);
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, ec::storage_full);
  EXPECT_NE(written.error().what.find("temporary file in "), std::string::npos)
    << written.error().what;
  EXPECT_NE(written.error().what.find("TMPDIR"), std::string::npos);
}
