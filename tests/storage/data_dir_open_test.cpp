#include "tests/storage/layout.hpp"
#include "tests/storage/small_disk.hpp"
#include "tests/storage/temp_folder.hpp"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <atomic>
#include <csignal>
#include <thread>

namespace sluice::storage {
namespace {

using test::content;
using test::in_child;
using test::names_below;
using test::put_content;
using test::temp_disk;
using test::temp_folder;

constexpr uid_t nobody = 65534;

result<data_dir> open_to_read(const std::filesystem::path& path) {
  return data_dir::open(path, {}, open_mode::read_only, {.layout = &test::layout()});
}

/// One sentence: no line breaks, and it names the folder.
void expect_fault(const result<data_dir>& opened, ec code, const std::filesystem::path& path,
                  std::string_view expected) {
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, code) << opened.error().what;
  EXPECT_EQ(opened.error().what.find('\n'), std::string::npos);
  EXPECT_NE(opened.error().what.find(path.string()), std::string::npos) << opened.error().what;
  EXPECT_NE(opened.error().what.find(expected), std::string::npos) << opened.error().what;
}

TEST(data_dir_open, is_created_with_its_parents_and_continued) {
  temp_folder temp;
  const auto path = temp / "a/b/data/";
  {
    auto dir = open(path);
    ASSERT_TRUE(dir) << dir.error().what;
    EXPECT_EQ(dir->path(), temp / "a/b/data");
    ASSERT_TRUE(dir->commit(scores_batch(5)));
  }
  EXPECT_EQ(names_below(path),
            (std::set<std::string>{"LOCK", "SLUICE", "devchain", "devchain/data.mdb",
                                   "devchain/lock.mdb", "node", "node/data.mdb", "node/lock.mdb",
                                   "pool-events", "pool-events/data.mdb", "pool-events/lock.mdb"}));
  auto dir = open(path);
  ASSERT_TRUE(dir) << dir.error().what;
  EXPECT_EQ(stored_epoch(*dir), 5u);
  EXPECT_EQ(dir->who(), who);
}

TEST(data_dir_open, takes_an_empty_folder_and_what_a_killed_creation_left) {
  temp_folder temp;
  EXPECT_TRUE(open(temp.path()));
  temp_folder half;
  put_content(half / "LOCK", "");
  put_content(half / "SLUICE.tmp", "slui");
  EXPECT_TRUE(open(half.path()));
}

TEST(data_dir_open, refuses_a_file_where_a_folder_should_be) {
  temp_folder temp;
  put_content(temp / "file", "x");
  expect_fault(open(temp / "file"), ec::bad_input, temp / "file", "not a folder");
  expect_fault(open(temp / "file/data"), ec::bad_input, temp / "file/data", "Not a directory");
  expect_fault(open_to_read(temp / "file"), ec::bad_input, temp / "file", "not a folder");
  EXPECT_EQ(open("").error().code, ec::bad_input);
}

TEST(data_dir_open, leaves_a_folder_of_somebody_elses_files_alone) {
  temp_folder temp;
  put_content(temp / "thesis.tex", "x");
  expect_fault(open(temp.path()), ec::bad_input, temp.path(),
               "has files but is not a Sluice data folder; choose an empty one");
  expect_fault(open_to_read(temp.path()), ec::bad_input, temp.path(), "not a Sluice data folder");
  EXPECT_EQ(names_below(temp.path()), std::set<std::string>{"thesis.tex"});
}

TEST(data_dir_open, admits_one_process_at_a_time_and_states_which) {
  temp_folder temp;
  auto dir = open(temp / "data");
  ASSERT_TRUE(dir);
  const auto pid = std::to_string(::getpid());
  const auto expected
    = (temp / "data").string() + ": in use by process " + pid + "; stop it or use another --data";
  const int ended = in_child([&] {
    const auto second = open(temp / "data");
    return second ? 1 : second.error() == fault{ec::busy, expected} ? 0 : 2;
  });
  EXPECT_EQ(ended, 0);
  expect_fault(open(temp / "data"), ec::busy, temp / "data", pid); // the same process neither
}

TEST(data_dir_open, is_free_again_when_its_process_was_killed) {
  temp_folder temp;
  EXPECT_EQ(in_child([&] {
              auto dir = open(temp / "data");
              if (dir && dir->commit(scores_batch(3)))
                ::kill(::getpid(), SIGKILL);
              return 1;
            }),
            1000 + SIGKILL);
  auto dir = open(temp / "data");
  ASSERT_TRUE(dir) << dir.error().what;
  EXPECT_EQ(stored_epoch(*dir), 3u);
}

TEST(data_dir_open, is_read_beside_a_process_that_writes) {
  temp_folder temp;
  void* shared = ::mmap(nullptr, sizeof(std::atomic<uint64_t>), PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  ASSERT_NE(shared, MAP_FAILED);
  auto* written = new (shared) std::atomic<uint64_t>{0};
  const pid_t writer = ::fork();
  if (writer == 0) {
    auto dir = open(temp / "data");
    for (uint64_t n = 1; dir && dir->commit(scores_batch(n)); ++n)
      *written = n;
    ::_exit(1);
  }
  while (*written == 0 && ::waitpid(writer, nullptr, WNOHANG) == 0)
    std::this_thread::yield();
  {
    auto dir = open_to_read(temp / "data");
    ASSERT_TRUE(dir) << dir.error().what;
    EXPECT_EQ(dir->who(), who);
    for (uint64_t seen = 0; seen < 50;) {
      const uint64_t before = *written;
      const auto now = stored_epoch(*dir);
      ASSERT_GE(now, before);
      ASSERT_GE(now, seen);
      seen = now;
    }
    EXPECT_EQ(dir->commit(scores_batch(1)).error().code, ec::read_only);
  }
  ::kill(writer, SIGKILL);
  ::waitpid(writer, nullptr, 0);
  ::munmap(shared, sizeof(std::atomic<uint64_t>));
}

TEST(data_dir_open, continues_only_its_own_seed_and_configuration) {
  temp_folder temp;
  ASSERT_TRUE(open(temp / "data"));
  expect_fault(open(temp / "data", {"0.1.0", 8, "abc"}), ec::refused, temp / "data",
               "belongs to a run with seed 7, not 8; use that seed or another --data");
  const identity changed{"0.1.0", 7, "def"};
  expect_fault(open(temp / "data", changed), ec::refused, temp / "data",
               "belongs to another configuration (digest abc, now def)");
  EXPECT_TRUE(
    data_dir::open(temp / "data", changed, open_mode::create_or_continue, {.adopt_config = true}));
  EXPECT_TRUE(open(temp / "data", changed));
  EXPECT_FALSE(open(temp / "data"));
  // A later version of the program goes on in the same folder.
  EXPECT_TRUE(open(temp / "data", {"0.2.0", 7, "def"}));
}

TEST(data_dir_open, refuses_a_folder_from_a_newer_version_and_touches_nothing) {
  temp_folder temp;
  ASSERT_TRUE(open(temp / "data"));
  const auto next = std::to_string(tables::schema_version + 1);
  const auto text = "sluice data folder\nschema " + next + "\nversion 9.0\nflavour salted\n";
  put_content(temp / "data/SLUICE", text);
  const auto before = content(temp / "data/node/data.mdb");
  const auto expected = "written by a newer sluice (9.0, schema " + next
                        + "; this one knows schema " + std::to_string(tables::schema_version)
                        + "); use that version or another --data";
  expect_fault(open(temp / "data"), ec::schema_mismatch, temp / "data", expected);
  expect_fault(open_to_read(temp / "data"), ec::schema_mismatch, temp / "data", expected);
  EXPECT_EQ(content(temp / "data/SLUICE"), text);
  EXPECT_EQ(content(temp / "data/node/data.mdb"), before);
}

TEST(data_dir_open, states_what_is_wrong_with_a_damaged_marker_or_database) {
  temp_folder temp;
  ASSERT_TRUE(open(temp / "data"));
  const auto marker = content(temp / "data/SLUICE");
  put_content(temp / "data/SLUICE", "");
  expect_fault(open(temp / "data"), ec::corrupt_data, temp / "data",
               "SLUICE:1: expected 'sluice data folder'");
  put_content(temp / "data/SLUICE", marker);
  put_content(temp / "data/pool-events/data.mdb", std::string(10'000, 'x'));
  expect_fault(open(temp / "data"), ec::corrupt_data, temp / "data",
               "not an LMDB file of ours: " + (temp / "data/pool-events").string());
  EXPECT_TRUE(std::filesystem::exists(temp / "data/pool-events/data.mdb"));
}

TEST(data_dir_open, a_missing_folder_cannot_be_read) {
  temp_folder temp;
  expect_fault(open_to_read(temp / "none"), ec::unreachable, temp / "none", "no such folder");
  EXPECT_FALSE(std::filesystem::exists(temp / "none"));
}

TEST(data_dir_open, on_a_read_only_disk_can_be_read_and_states_that_it_cannot_be_written) {
  temp_folder temp;
  temp_disk disk{temp / "disk", "4m"};
  if (!disk.mounted())
    GTEST_SKIP() << "mounting a disk needs root";
  {
    auto dir = open(temp / "disk/data");
    ASSERT_TRUE(dir && dir->commit(scores_batch(4)));
  }
  ASSERT_TRUE(disk.make_read_only());
  expect_fault(open(temp / "disk/data"), ec::read_only, temp / "disk/data",
               "Read-only file system");
  expect_fault(open(temp / "disk/new"), ec::read_only, temp / "disk/new", "cannot create");
  auto dir = open_to_read(temp / "disk/data");
  ASSERT_TRUE(dir) << dir.error().what;
  EXPECT_EQ(stored_epoch(*dir), 4u);
}

/// Runs `work` as a user for whom rights count.
int as_nobody(const std::function<int()>& work) {
  return in_child([&work] {
    if (::getuid() == 0 && ::setuid(nobody) != 0)
      return 100;
    return work();
  });
}

TEST(data_dir_open, without_rights_can_be_read_and_states_that_it_cannot_be_written) {
  temp_folder temp;
  const auto open_to_all = [&temp] {
    return data_dir::open(temp / "data", who, open_mode::create_or_continue,
                          {.layout = &test::layout(), .file_mode = 0644});
  };
  {
    auto dir = open_to_all();
    ASSERT_TRUE(dir && dir->commit(scores_batch(4)));
  }
  const auto closed = std::filesystem::perms::owner_write | std::filesystem::perms::group_write
                      | std::filesystem::perms::others_write;
  const auto close = [&](const std::filesystem::path& path) {
    std::filesystem::permissions(path, closed, std::filesystem::perm_options::remove);
  };
  ::chmod(temp.path().c_str(), 0755);
  for (const auto& path : std::filesystem::recursive_directory_iterator{temp.path()})
    close(path.path());
  close(temp.path());
  const auto is_read_only
    = [](const result<data_dir>& dir) { return !dir && dir.error().code == ec::read_only; };
  EXPECT_EQ(as_nobody([&] { return is_read_only(open(temp / "data")) ? 0 : 1; }), 0);
  EXPECT_EQ(as_nobody([&] { return is_read_only(open(temp / "new")) ? 0 : 1; }), 0);
  EXPECT_EQ(as_nobody([&] {
              const auto dir = open_to_read(temp / "data");
              return dir && stored_epoch(*dir) == 4 ? 0 : 1;
            }),
            0);
  if (::getuid() == 0) { // the owner writes: without a place in LMDB's lock file nobody may read
    auto writer = open_to_all();
    ASSERT_TRUE(writer);
    EXPECT_EQ(as_nobody([&] {
                const auto dir = open_to_read(temp / "data");
                return !dir && dir.error().code == ec::busy ? 0 : 1;
              }),
              0);
  }
  ::chmod(temp.path().c_str(), 0755);
  for (const auto& path : std::filesystem::recursive_directory_iterator{temp.path()})
    std::filesystem::permissions(path.path(), std::filesystem::perms::owner_write,
                                 std::filesystem::perm_options::add);
}

TEST(data_dir_open, cannot_be_marked_with_text_that_would_break_the_marker) {
  temp_folder temp;
  EXPECT_EQ(open(temp / "data", {"0.1\nschema 9", 7, ""}).error().code, ec::invalid_argument);
  EXPECT_FALSE(std::filesystem::exists(temp / "data"));
}

} // namespace
} // namespace sluice::storage
