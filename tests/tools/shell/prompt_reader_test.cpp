// The history file; how a line is edited is looked at in a real terminal
// (tests/bin/shell_terminal).
#include "tests/support/scratch_folder.hpp"
#include "tools/shell/prompt_reader.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>

namespace sluice::tools {

namespace {

using strings = std::vector<std::string>;

TEST(shell_history, is_kept_for_its_owner_only) {
  const test::scratch_folder folder;
  const auto file = folder.path() / "state" / "sluice" / "history";
  add_to_history(file, "tree");
  add_to_history(file, "miner ban 3 'a b'");
  EXPECT_EQ(read_history(file, 10), (strings{"tree", "miner ban 3 'a b'"}));
  struct stat seen {};
  ASSERT_EQ(::stat(file.c_str(), &seen), 0);
  EXPECT_EQ(seen.st_mode & 0777, 0600U);
  ASSERT_EQ(::stat(file.parent_path().c_str(), &seen), 0);
  EXPECT_EQ(seen.st_mode & 0777, 0700U);
}

TEST(shell_history, ends_with_the_last_lines) {
  const test::scratch_folder folder;
  const auto file = folder.path() / "history";
  for (int i = 0; i < 20; ++i)
    add_to_history(file, "actions " + std::to_string(i));
  EXPECT_EQ(read_history(file, 2), (strings{"actions 18", "actions 19"}));
}

TEST(shell_history, that_cannot_be_written_or_read_is_none) {
  add_to_history({}, "tree");
  add_to_history("/proc/no/such/history", "tree");
  EXPECT_EQ(read_history("/proc/no/such/history", 10), strings{});
}

TEST(shell_history, has_its_place_where_state_belongs) {
  const auto before = std::getenv("XDG_STATE_HOME");
  const std::string kept = before ? before : "";
  ::setenv("XDG_STATE_HOME", "/state", 1);
  EXPECT_EQ(history_path(), "/state/sluice/history");
  ::setenv("XDG_STATE_HOME", "relative", 1); // the standard wants it ignored
  ::setenv("HOME", "/home/somebody", 1);
  EXPECT_EQ(history_path(), "/home/somebody/.local/state/sluice/history");
  if (before)
    ::setenv("XDG_STATE_HOME", kept.c_str(), 1);
  else
    ::unsetenv("XDG_STATE_HOME");
}

} // namespace

} // namespace sluice::tools
