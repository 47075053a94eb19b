#include "tests/support/run_program.hpp"
#include "tests/support/scratch_folder.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

namespace sluice::test {
namespace {

TEST(keys_tls, makes_a_fleet_in_three_commands) {
  const scratch_folder folder;
  const auto at = (folder.path() / "fleet").string();
  const auto ca = run_sluice({"keys", "tls", "init", at});
  EXPECT_EQ(ca.code, 0) << ca.err;
  const auto node = run_sluice(
    {"keys", "tls", "new", at, "--name", "n", "--role", "node", "--host", "127.0.0.1"});
  EXPECT_EQ(node.code, 0) << node.err;
  const auto shown = run_sluice({"keys", "tls", "show", at + "/n.pem", "--output", "json"});
  EXPECT_EQ(shown.code, 0) << shown.err;
  for (const auto* text : {"\"role\":\"node\"", "\"name\":\"n\"", "\"hosts\":\"127.0.0.1\"",
                           "\"usage\":\"server client\""})
    EXPECT_NE(shown.out.find(text), std::string::npos) << text << "\n" << shown.out;
  struct stat facts {};
  ASSERT_EQ(::stat((at + "/n.key").c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777, 0600u);
}

TEST(keys_tls, what_is_wrong_is_one_line_and_exit_code_2_or_3) {
  const scratch_folder folder;
  const auto at = (folder.path() / "fleet").string();
  const auto nowhere = run_sluice({"keys", "tls", "new", at, "--name", "w", "--role", "worker"});
  EXPECT_EQ(nowhere.code, 3);
  EXPECT_NE(nowhere.err.find("make a CA first: sluice keys tls init"), std::string::npos)
    << nowhere.err;
  ASSERT_EQ(run_sluice({"keys", "tls", "init", at}).code, 0);
  const auto again = run_sluice({"keys", "tls", "init", at});
  EXPECT_EQ(again.code, 2);
  EXPECT_NE(again.err.find("exists already and is never overwritten"), std::string::npos);
  const auto role = run_sluice({"keys", "tls", "new", at, "--name", "w", "--role", "king"});
  EXPECT_EQ(role.code, 2);
  EXPECT_NE(role.err.find("--role: expected worker, miner, observer, operator or node, got king"),
            std::string::npos)
    << role.err;
}

} // namespace
} // namespace sluice::test
