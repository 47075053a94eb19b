// What a node reports of folders and disks that it cannot have.
#include "storage/data_dir.hpp"
#include "storage/tables.hpp"
#include "tests/storage/temp_folder.hpp"
#include "tests/support/layout.hpp"
#include "tests/support/run_program.hpp"
#include "tests/support/scratch_folder.hpp"

#include <gtest/gtest.h>

namespace {

using namespace sluice::test;
using sluice::storage::test::names_below;
using sluice::storage::test::temp_disk;

class node_folder : public testing::Test {
protected:
  program_run node(std::vector<std::string> flags, const run_options& options = {}) const {
    flags.insert(flags.begin(), {"node", "--dev", "--rounds", "1", "--output", "json"});
    return run_sluice(flags, options);
  }

  /// Nothing on standard output; one line on standard error, which states these things.
  static void
  expect_sentence(const program_run& run, int code, const std::vector<std::string>& parts) {
    EXPECT_EQ(run.code, code) << run.err;
    EXPECT_EQ(run.out, "");
    EXPECT_TRUE(run.err.starts_with("sluice: ")) << run.err;
    EXPECT_EQ(run.err.find('\n'), run.err.size() - 1) << run.err;
    for (const auto& part : parts)
      EXPECT_NE(run.err.find(part), std::string::npos) << run.err;
  }

  /// A folder with a step in it.
  std::string used(std::string_view name = "state") const {
    auto path = folder.at(name);
    EXPECT_EQ(node({"--data", path, "--seed", "7"}).code, 0);
    return path;
  }

  scratch_folder folder;
};

TEST_F(node_folder, of_somebody_else_is_left_alone) {
  std::filesystem::create_directory(folder.path() / "letters");
  folder.write("letters/dear", "hello");
  expect_sentence(node({"--data", folder.at("letters")}), 2,
                  {"letters: has files but is not a Sluice data folder"});
  EXPECT_EQ(names_below(folder.path() / "letters"), std::set<std::string>{"dear"});
  folder.write("file", "hello");
  expect_sentence(node({"--data", folder.at("file")}), 2, {"file: not a folder"});
  EXPECT_EQ(folder.read("file"), "hello");
}

TEST_F(node_folder, in_use_is_busy_and_names_the_process) {
  const auto path = used();
  const auto held = sluice::storage::data_dir::open(
    path, {"0.1.0", 7, ""}, sluice::storage::open_mode::create_or_continue,
    {.adopt_config = true, .layout = &sluice::test::layout()});
  ASSERT_TRUE(held) << held.error().what;
  expect_sentence(node({"--data", path, "--adopt-config"}), 3,
                  {"in use by process " + std::to_string(::getpid())});
}

TEST_F(node_folder, of_another_seed_is_refused_and_unchanged) {
  const auto path = used();
  const auto before = folder.read("state/SLUICE");
  expect_sentence(node({"--data", path, "--seed", "8"}), 2, {"seed 7", "8"});
  EXPECT_EQ(folder.read("state/SLUICE"), before);
  EXPECT_EQ(node({"--data", path}).code, 0); // without a seed it is the folder's own
}

TEST_F(node_folder, of_another_configuration_continues_only_on_request) {
  const auto path = used();
  const std::string bars = std::string{"bars="} + SOURCE_DIR "/tests/data/evaluate/bars.csv";
  const auto refused = node({"--data", path, "--feed", bars});
  expect_sentence(refused, 2, {"configuration"});
  EXPECT_EQ(node({"--data", path, "--feed", bars, "--adopt-config"}).code, 0);
}

TEST_F(node_folder, of_a_newer_version_is_left_alone) {
  const auto path = used();
  auto marker = folder.read("state/SLUICE");
  const auto at = marker.find("schema ");
  ASSERT_NE(at, std::string::npos);
  marker.replace(at, marker.find('\n', at) - at, "schema 99");
  folder.write("state/SLUICE", marker);
  expect_sentence(node({"--data", path}), 3, {"state", "99"});
  EXPECT_EQ(folder.read("state/SLUICE"), marker);
}

TEST_F(node_folder, that_is_damaged_is_named) {
  const auto path = used();
  folder.write("state/node/data.mdb", std::string(8192, 'x'));
  const auto run = node({"--data", path});
  expect_sentence(run, 3, {"state/node"});
}

TEST_F(node_folder, that_cannot_be_written_is_named_and_unchanged) {
  temp_disk disk{folder.path() / "disk", "64m"};
  if (!disk.mounted())
    GTEST_SKIP() << "mounting a disk needs root";
  const auto path = used("disk/state");
  const auto before = names_below(folder.path() / "disk");
  ASSERT_TRUE(disk.make_read_only());
  expect_sentence(node({"--data", path, "--seed", "7"}), 3, {"disk/state"});
  expect_sentence(node({"--data", folder.at("disk/new")}), 3, {"disk/new"});
  EXPECT_EQ(names_below(folder.path() / "disk"), before);
  const auto audit = run_sluice({"audit", "all", "--data", path}); // reading needs no writing
  EXPECT_EQ(audit.code, 0) << audit.err;
}

TEST_F(node_folder, for_which_there_is_no_space_is_not_begun) {
  for (const unsigned long bytes : {1UL, 5'000UL, 60'000UL}) {
    run_options options;
    options.file_bytes_max = bytes;
    expect_sentence(node({"--data", folder.at("state")}, options), 3, {"state"});
    EXPECT_EQ(folder.count(), 0U) << bytes << " bytes";
  }
  temp_disk disk{folder.path() / "disk", "100k"};
  if (!disk.mounted())
    GTEST_SKIP() << "mounting a small disk needs root";
  expect_sentence(node({"--data", folder.at("disk/state")}), 3, {"disk/state"});
  EXPECT_TRUE(names_below(folder.path() / "disk").empty());
}

TEST_F(node_folder, that_fills_up_ends_the_run_and_keeps_what_was_printed) {
  run_options options;
  options.file_bytes_max = 2'000'000;
  std::vector<std::string> flags{"node",     "--dev", "--seed", "7",
                                 "--output", "json",  "--data", folder.at("state")};
  const auto full = run_sluice(flags, options);
  EXPECT_EQ(full.code, 3) << full.err;
  const auto last_line = full.err.rfind('\n', full.err.size() - 2);
  const auto sentence = full.err.substr(last_line == std::string::npos ? 0 : last_line + 1);
  EXPECT_TRUE(sentence.starts_with("sluice: ")) << full.err;
  EXPECT_NE(sentence.find(folder.at("state")), std::string::npos) << sentence;
  EXPECT_NE(full.out.find(R"("event":"round")"), std::string::npos);
  EXPECT_EQ(run_sluice({"audit", "all", "--data", folder.at("state")}).code, 0);
  flags.insert(flags.end(), {"--rounds", "2"}); // now there is space
  const auto again = run_sluice(flags);
  EXPECT_EQ(again.code, 0) << again.err;
  const auto audit = run_sluice({"audit", "all", "--data", folder.at("state")});
  EXPECT_EQ(audit.code, 0) << audit.out;
}

} // namespace
