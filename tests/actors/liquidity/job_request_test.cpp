#include "actors/liquidity/job_request.hpp"
#include "tests/support/scratch_folder.hpp"

#include <gtest/gtest.h>

#include <fstream>

namespace sluice {
namespace {

result<job_command> command_of(const std::string& how, const std::string& what) {
  return job_command_of({"job " + how, {what}, "alice", 5});
}

TEST(job_request, a_job_is_added_from_a_file_with_one_job) {
  const test::scratch_folder folder;
  const auto file = (folder.path() / "job.toml").string();
  const auto missing = command_of("add", file);
  ASSERT_FALSE(missing);
  EXPECT_NE(missing.error().what.find("job.toml"), std::string::npos);
  std::ofstream{file} << "";
  EXPECT_FALSE(command_of("add", file));
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
