#include "actors/admin/folder_link.hpp"
#include "net/admin/server.hpp"
#include "storage/data_dir.hpp"
#include "tests/support/short_run.hpp"

#include <gtest/gtest.h>

namespace sluice {

namespace {

TEST(folder_link, asks_the_node_that_runs) {
  const test::scratch_folder folder;
  const auto server = net::shell_server::open(
    folder.path(), [](const net::shell_request& x, const net::shell_server::reply_function& reply) {
      reply({x.line != "no", x.line == "no" ? "refused" : "[7]"});
    });
  ASSERT_TRUE(server);
  folder_link link{folder.path(), all_mechanisms(), {}};
  EXPECT_EQ(*link.ask("jobs"), "[7]"); // not the disk: there is none
  EXPECT_EQ(link.ask("no").error(), (fault{ec::refused, "refused"}));
  EXPECT_EQ(link.place(), folder.path().string());
}

TEST(folder_link, reads_the_disk_where_no_node_runs) {
  const test::scratch_folder folder;
  std::string output;
  const auto data = folder.path() / "data";
  ASSERT_EQ(run_node(test::short_run(data, 1, output)).code, 0);
  folder_link link{data, all_mechanisms(), {}};
  const auto jobs = link.ask("jobs");
  ASSERT_TRUE(jobs) << jobs.error().what;
  EXPECT_NE(jobs->find("\"completed\":1"), std::string::npos) << *jobs;
  const auto chain = link.ask("chain");
  ASSERT_TRUE(chain) << chain.error().what;
  EXPECT_NE(chain->find("\"kind\":\"dev chain, embedded\""), std::string::npos) << *chain;
  const auto tree = link.ask("tree");
  ASSERT_FALSE(tree);
  EXPECT_EQ(tree.error().code, ec::unreachable);
  EXPECT_EQ(tree.error().what, data.string()
                                 + ": no node runs there; tree needs one: sluice node "
                                   "--data "
                                 + data.string() + " with the --dev or --config it was made with");
  EXPECT_EQ(link.ask("tere").error().what, "no command tere; did you mean tree?");
}

TEST(folder_link, states_that_a_folder_is_none) {
  const test::scratch_folder folder;
  folder_link link{folder.path(), all_mechanisms(), {}};
  EXPECT_EQ(link.ask("jobs").error().what,
            folder.path().string() + ": no data folder of a node; name one with --data");
}

TEST(folder_link, proposes_a_command_that_can_be_pasted_back_in_ascii) {
  const test::scratch_folder folder;
  const auto data = folder.path() / "d\xc3\xa9";
  ASSERT_TRUE(
    storage::data_dir::open(data, {"0.1.0", 1, ""}, storage::open_mode::create_or_continue));
  folder_link link{data, all_mechanisms(), {}, report::charset::ascii};
  const auto tree = link.ask("tree");
  ASSERT_FALSE(tree);
  EXPECT_NE(tree.error().what.find("--data $'" + folder.path().string() + "/d\\303\\251'"),
            std::string::npos)
    << tree.error().what;
}

} // namespace

} // namespace sluice
