// A disk that is full, in both of its forms: a small tmpfs and a file size limit.
#include "tests/storage/layout.hpp"
#include "tests/storage/small_disk.hpp"
#include "tests/storage/temp_folder.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>

namespace sluice::storage {
namespace {

using test::in_child;
using test::temp_disk;
using test::temp_folder;

batch one_block(uint64_t n) {
  batch writes;
  tables::checkpoints.put(writes, {{"j"}, n}, {n, 0, std::string(20'000, 'x'), "c"});
  tables::scores_of_mechanisms.put(writes, "m", {"m", {n}, {}, {}});
  return writes;
}

/// Writes until the disk refuses. Then everything answered must be there, in this incarnation and
/// the next. The answer is 0, or the step that went wrong.
int fill_and_return(const std::filesystem::path& path) {
  uint64_t kept = 0;
  {
    auto dir = open(path);
    if (!dir)
      return 1;
    for (;; ++kept) {
      const auto done = dir->commit(one_block(kept + 1));
      if (!done && done.error().code != ec::storage_full)
        return 2;
      if (!done && done.error().what.find(path.string()) == std::string::npos)
        return 3;
      if (!done)
        break;
      if (kept > 10'000)
        return 4;
    }
    if (kept == 0 || !tables::checkpoints.get(*dir, {{"j"}, kept}))
      return 5;
  }
  const auto again = data_dir::open(path, who, open_mode::read_only, {.layout = &test::layout()});
  if (!again)
    return 6;
  for (uint64_t n = 1; n <= kept; ++n)
    if (!tables::checkpoints.get(*again, {{"j"}, n}))
      return 7;
  // The cut-off batch: its journal may have got through, nothing beyond it.
  const auto scores = tables::scores_of_mechanisms.get(*again, "m");
  if (!scores || scores->epoch.value < kept || scores->epoch.value > kept + 1)
    return 8;
  return 0;
}

TEST(full_disk, a_small_disk_fills_up_and_loses_nothing_that_was_answered) {
  temp_folder temp;
  temp_disk disk{temp / "disk", "1500k"};
  if (!disk.mounted())
    GTEST_SKIP() << "mounting a small disk needs root";
  EXPECT_EQ(in_child([&] { return fill_and_return(temp / "disk/data"); }), 0);
}

TEST(full_disk, a_file_size_limit_is_an_answer_and_not_a_signal) {
  temp_folder temp;
  const int ended = in_child([&] {
    const rlimit size{600'000, 600'000};
    ::setrlimit(RLIMIT_FSIZE, &size);
    return fill_and_return(temp / "data");
  });
  EXPECT_EQ(ended, 0);
}

TEST(full_disk, a_full_disk_can_be_opened_and_completed_when_there_is_space_again) {
  temp_folder temp;
  temp_disk disk{temp / "disk", "1500k"};
  if (!disk.mounted())
    GTEST_SKIP() << "mounting a small disk needs root";
  const auto path = temp / "disk/data";
  const auto ballast = temp / "disk/ballast";
  const int ended = in_child([&] {
    test::put_content(ballast, std::string(300'000, 'x'));
    auto dir = open(path);
    uint64_t n = 1;
    while (dir && dir->commit(one_block(n)))
      ++n;
    if (!dir || n < 2)
      return 1;
    std::filesystem::remove(ballast);
    // The same incarnation goes on: the pending batch first, then the next.
    if (!dir->commit(one_block(n)) || !tables::checkpoints.get(*dir, {{"j"}, n}))
      return 2;
    return tables::scores_of_mechanisms.get(*dir, "m")->epoch.value == n ? 0 : 3;
  });
  EXPECT_EQ(ended, 0);
}

TEST(full_disk, a_creation_that_does_not_fit_leaves_nothing) {
  for (const int kib : {4, 16, 60, 80, 140, 200}) {
    SCOPED_TRACE(testing::Message() << kib << " KiB");
    temp_folder temp;
    temp_disk disk{temp / "disk", std::to_string(kib) + "k"};
    if (!disk.mounted())
      GTEST_SKIP() << "mounting a small disk needs root";
    const int ended = in_child([&] {
      const auto dir = open(temp / "disk/deep/data");
      return dir ? 1 : dir.error().code == ec::storage_full ? 0 : 2;
    });
    EXPECT_EQ(ended, 0);
    EXPECT_TRUE(test::names_below(temp / "disk").empty());
  }
}

TEST(full_disk, a_creation_below_a_file_size_limit_leaves_nothing) {
  for (const rlim_t bytes : {0, 10, 100, 4096, 10'000, 66'000}) {
    SCOPED_TRACE(testing::Message() << bytes << " bytes");
    temp_folder temp;
    const int ended = in_child([&] {
      const rlimit size{bytes, bytes};
      ::setrlimit(RLIMIT_FSIZE, &size);
      const auto dir = open(temp / "deep/data");
      // 66,000 bytes are enough for a lock file and an empty database.
      return bytes == 66'000                        ? (dir ? 0 : 1)
             : dir                                  ? 2
             : dir.error().code == ec::storage_full ? 0
                                                    : 3;
    });
    EXPECT_EQ(ended, 0);
    EXPECT_EQ(test::names_below(temp.path()).empty(), bytes != 66'000);
  }
}

} // namespace
} // namespace sluice::storage
