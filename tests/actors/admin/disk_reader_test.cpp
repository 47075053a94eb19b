#include "actors/admin/disk_reader.hpp"
#include "tests/support/actor_test.hpp"

namespace sluice::test {
namespace {

class disk_reader : public actor_test {};

TEST_F(disk_reader, answers_what_the_folder_knows_and_says_what_it_does_not) {
  const auto disk = open_disk();
  const auto reader = keep(spawn_disk_reader(sys, disk, false));
  const auto jobs = ask<admin_reply>(reader, admin_request{"alice", "jobs"});
  EXPECT_TRUE(jobs.ok);
  EXPECT_EQ(jobs.text, "[]");
  const auto round = ask<admin_reply>(reader, admin_request{"alice", "round weth/evaluation/7"});
  EXPECT_FALSE(round.ok);
  EXPECT_NE(round.text, "");
  EXPECT_FALSE(ask<admin_reply>(reader, admin_request{"alice", "rond"}).ok);
}

} // namespace
} // namespace sluice::test
