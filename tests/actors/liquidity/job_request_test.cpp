#include "actors/liquidity/job_request.hpp"
#include "io/config/config_file.hpp"
#include "rules/base64.hpp"
#include "tests/support/scratch_folder.hpp"

#include <gtest/gtest.h>

#include <filesystem>

namespace sluice {
namespace {

result<job_command> command_of(const std::string& how, const std::string& what) {
  return job_command_of({"job " + how, {what}, "alice", 5, {}});
}

result<job_command>
job_add(const std::string& name, const std::string& text, const std::string& files_below = {}) {
  return job_command_of({"job add", {name, to_base64(text)}, "alice", 5, files_below});
}

/// The first job of configs/dev.toml, with another feed.
std::string text_of_job(const std::string& feed) {
  const std::string text{io::dev_config_text()};
  const auto first = text.find("[[liquidity.jobs]]");
  const auto end = text.find("[liquidity.jobs.feed]", first);
  return text.substr(first, end - first) + "[liquidity.jobs.feed]\n" + feed;
}

std::string text_of_job_with_file(const std::string& file) {
  auto text = text_of_job("kind = \"bars\"\nfiles = [\"" + file + "\"]\n");
  const std::string seconds = "block_seconds = 2.0"; // a bar is a minute
  return text.replace(text.find(seconds), seconds.size(), "block_seconds = 60.0");
}

TEST(job_request, a_job_is_added_from_the_text_that_came_with_its_name) {
  const auto added = job_add("/elsewhere/job.toml", text_of_job("kind = \"market\"\n"));
  ASSERT_TRUE(added) << added.error().what;
  EXPECT_EQ(added->job, job_id{"weth-usdc"});
  EXPECT_EQ(added->act, job_act::add);
  ASSERT_TRUE(added->added);
  const auto none = job_add("job.toml", "name = 1\n");
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().what.find("job.toml:1:1: name: expected one of"), 0U) << none.error().what;
  EXPECT_EQ(job_add("job.toml", "# nothing").error().what,
            "job.toml:1:1: jobs: expected a value, got nothing; this key is required");
}

TEST(job_request, a_name_without_its_text_opens_nothing) {
  const test::scratch_folder folder;
  const auto file = folder.write("job.toml", text_of_job("kind = \"market\"\n"));
  const auto added = command_of("add", file);
  ASSERT_FALSE(added);
  EXPECT_EQ(added.error().code, ec::bad_input);
  EXPECT_NE(added.error().what.find("use the same version for both"), std::string::npos);
}

TEST(job_request, files_of_its_feed_are_below_the_folder_of_the_configuration) {
  const test::scratch_folder folder;
  const test::scratch_folder other;
  std::filesystem::create_directory(folder.path() / "day");
  const auto root = std::filesystem::canonical(folder.path());
  folder.write("day/1.csv", "x");
  const auto outside = other.write("2.csv", "x");
  std::filesystem::create_symlink(outside, folder.path() / "link.csv");

  const auto relative = job_add("job.toml", text_of_job_with_file("day/1.csv"), root.string());
  ASSERT_TRUE(relative) << relative.error().what;
  EXPECT_EQ(relative->added->feed.files, std::vector{(root / "day/1.csv").string()});
  const auto beside
    = job_add((root / "day/job.toml").string(), text_of_job_with_file("1.csv"), root.string());
  ASSERT_TRUE(beside) << beside.error().what;
  EXPECT_EQ(beside->added->feed.files, std::vector{(root / "day/1.csv").string()});

  for (const auto& file : {outside, std::string{"link.csv"},
                           std::string{"../" + other.path().filename().string() + "/2.csv"}}) {
    const auto refused = job_add("job.toml", text_of_job_with_file(file), root.string());
    ASSERT_FALSE(refused) << file;
    EXPECT_EQ(refused.error().code, ec::refused) << file;
    EXPECT_NE(refused.error().what.find("expected a file below " + root.string()),
              std::string::npos)
      << refused.error().what;
  }
  EXPECT_EQ(job_add("job.toml", text_of_job_with_file("day"), root.string()).error().code,
            ec::refused);
  EXPECT_EQ(job_add("job.toml", text_of_job_with_file("none.csv"), root.string()).error().code,
            ec::unreachable);
  EXPECT_EQ(job_add("job.toml", text_of_job_with_file("day/1.csv")).error().code, ec::refused);
}

TEST(job_request, a_job_is_named_and_so_is_who_gave_the_command) {
  const auto pause = command_of("pause", "weth-usdc");
  ASSERT_TRUE(pause);
  EXPECT_EQ(pause->job, job_id{"weth-usdc"});
  EXPECT_EQ(pause->act, job_act::pause);
  EXPECT_EQ(pause->who, "alice");
  EXPECT_EQ(pause->time_ms, 5u);
  EXPECT_EQ(command_of("resume", "weth-usdc")->act, job_act::resume);
  EXPECT_EQ(command_of("remove", "weth-usdc")->act, job_act::remove);
}

} // namespace
} // namespace sluice
