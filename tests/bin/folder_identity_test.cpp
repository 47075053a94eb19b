// Stores that do not belong together, damaged ones, and a folder that is taken away, as users meet
// them.
#include "tests/storage/temp_folder.hpp"
#include "tests/support/run_program.hpp"
#include "tests/support/running_program.hpp"
#include "tests/support/scratch_folder.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <functional>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace sluice::test;
using sluice::storage::test::names_below;

namespace fs = std::filesystem;

class folder_identity : public testing::Test {
protected:
  /// A folder with some steps in it.
  std::string played_folder(std::string_view name, const std::string& seed) const {
    const auto run = run_sluice({"node", "--dev", "--seed", seed, "--rounds", "2", "--output",
                                 "json", "--data", folder.at(name)});
    EXPECT_EQ(run.code, 0) << run.err;
    return folder.at(name);
  }

  static void put_copy(const fs::path& from, const fs::path& to) {
    fs::remove_all(to);
    fs::copy(from, to,
             fs::is_directory(from) ? fs::copy_options::recursive
                                    : fs::copy_options::overwrite_existing);
  }

  std::map<std::string, std::string> stores_of(std::string_view name) const {
    std::map<std::string, std::string> all;
    for (const auto& file : names_below(folder.at(name)))
      if (file.ends_with("data.mdb") || file == "SLUICE")
        all[file] = folder.read(std::string{name} + '/' + file);
    return all;
  }

  /// Audit, shell and node: none ends by a signal, all say this, and the folder stays as it is.
  void expect_refused_by_all(const std::string& expected) const {
    const auto data = folder.at("x");
    const auto before = stores_of("x");
    const std::vector<std::vector<std::string>> commands{
      {"audit", "all", "--data", data},
      {"shell", "--data", data, "--exec", "jobs"},
      {"node", "--dev", "--data", data, "--rounds", "1", "--output", "json"},
    };
    for (const auto& command : commands) {
      const auto run = run_sluice(command);
      EXPECT_EQ(run.code, command[0] == "shell" ? 1 : 3)
        << command[0] << ": " << run.out << run.err;
      EXPECT_NE((run.out + run.err).find(expected), std::string::npos)
        << command[0] << ": " << run.out << run.err;
    }
    EXPECT_EQ(stores_of("x"), before) << "nothing was written";
  }

  scratch_folder folder;
  const std::vector<std::string> stores{"node", "pool-events", "devchain"};
};

TEST_F(folder_identity, a_store_that_is_empty_foreign_or_swapped_is_refused_by_every_command) {
  const auto good = played_folder("good", "7");
  const auto other = played_folder("other", "8");
  for (const auto& store : stores) {
    SCOPED_TRACE(store);
    put_copy(good, folder.at("x"));
    folder.write("x/" + store + "/data.mdb", "");
    expect_refused_by_all("is empty: 0 bytes");
    put_copy(good, folder.at("x"));
    fs::remove(folder.at("x/" + store + "/data.mdb"));
    expect_refused_by_all("is missing");
    put_copy(good, folder.at("x"));
    put_copy(other + '/' + store + "/data.mdb", folder.at("x/" + store + "/data.mdb"));
    expect_refused_by_all("belongs to another data folder");
  }
  put_copy(good, folder.at("x"));
  put_copy(good + "/node/data.mdb", folder.at("x/pool-events/data.mdb"));
  put_copy(good + "/pool-events/data.mdb", folder.at("x/node/data.mdb"));
  expect_refused_by_all("they were swapped");
}

TEST_F(folder_identity, stores_of_different_age_are_refused_by_every_command) {
  const auto good = played_folder("good", "7");
  put_copy(good, folder.at("before"));
  played_folder("good", "7");
  for (const auto& store : stores) {
    SCOPED_TRACE(store);
    put_copy(good, folder.at("x"));
    put_copy(folder.at("before/" + store + "/data.mdb"), folder.at("x/" + store + "/data.mdb"));
    expect_refused_by_all("the store " + (store == "pool-events" ? "pool_events" : store)
                          + " is older than the others");
  }
}

TEST_F(folder_identity, damage_ends_no_command_by_a_signal) {
  const uint64_t seed = std::random_device{}();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937_64 chance{seed};
  const auto good = played_folder("good", "7");
  size_t said = 0;
  for (int trial = 0; trial < 12; ++trial) {
    put_copy(good, folder.at("x"));
    const auto file = "x/" + stores[chance() % stores.size()] + "/data.mdb";
    auto bytes = folder.read(file);
    if (trial % 3 == 0)
      bytes.resize(bytes.size() - std::min(bytes.size(), (1 + chance() % 64) * 4096));
    else
      for (int i = 0; i < 3; ++i)
        bytes[chance() % bytes.size()] = static_cast<char>(chance());
    folder.write(file, bytes);
    const auto audit = run_sluice({"audit", "all", "--data", folder.at("x")});
    EXPECT_LE(audit.code, 3) << file << ": " << audit.err;
    const auto shell = run_sluice({"shell", "--data", folder.at("x"), "--exec", "jobs"});
    EXPECT_LE(shell.code, 3) << file << ": " << shell.err;
    const auto node = run_sluice(
      {"node", "--dev", "--data", folder.at("x"), "--rounds", "1", "--output", "json"});
    EXPECT_LT(node.code, 70) << file << ": " << node.err; // a job that cannot read may fail alone
    if (node.code != 0) {
      EXPECT_NE(node.err.find("/x"), std::string::npos) << node.code << ": " << node.err;
    }
    said += audit.code == 3 ? 1 : 0;
  }
  EXPECT_GT(said, 3u);
}

TEST_F(folder_identity, without_its_lock_file_a_node_stops_and_lets_no_second_one_in) {
  running_program first{
    {"node", "--dev", "--seed", "7", "--output", "lines", "--data", folder.at("data")}};
  first.wait_for("round");
  fs::remove(folder.at("data/LOCK"));
  const auto second = run_sluice({"node", "--dev", "--data", folder.at("data"), "--rounds", "1"});
  EXPECT_EQ(first.end(), 3) << first.output();
  EXPECT_NE(first.output().find("LOCK is gone"), std::string::npos) << first.output();
  if (second.code != 0) { // it may have come when the first had stopped already
    EXPECT_EQ(second.code, 3) << second.err;
    EXPECT_NE(second.err.find("in use by"), std::string::npos) << second.err;
  }
  const auto audit = run_sluice({"audit", "all", "--data", folder.at("data")});
  EXPECT_EQ(audit.code, 0) << audit.out << audit.err;
}

TEST_F(folder_identity, a_node_whose_folder_is_taken_away_stops_and_says_so) {
  const std::vector<std::pair<std::function<void(const std::string&)>, std::string>> cases{
    {[](const std::string& data) { fs::remove_all(data); }, "the data folder is gone"},
    {[](const std::string& data) { fs::rename(data, data + ".moved"); }, "the data folder is gone"},
    {[](const std::string& data) { fs::remove(data + "/node/data.mdb"); }, "the file is gone"},
    {[](const std::string& data) {
       for (const auto* name : {"/LOCK", "/SLUICE", "/shell.sock"})
         fs::remove(data + name);
     },
     "LOCK is gone"},
  };
  for (const auto& [harm, expected] : cases) {
    SCOPED_TRACE(expected);
    const scratch_folder own;
    running_program node{
      {"node", "--dev", "--seed", "7", "--output", "lines", "--data", own.at("data")}};
    node.wait_for("round");
    harm(own.at("data"));
    EXPECT_EQ(node.end(), 3) << node.output();
    EXPECT_NE(node.output().find(expected), std::string::npos) << node.output();
    EXPECT_EQ(node.output().find("continues with the same command"), std::string::npos);
    if (expected != "LOCK is gone")
      continue;
    const auto again = run_sluice({"node", "--dev", "--data", own.at("data"), "--rounds", "1"});
    EXPECT_EQ(again.code, 0) << again.err;
    EXPECT_NE(again.err.find("the marker SLUICE was missing; it was written again"),
              std::string::npos)
      << again.err;
    EXPECT_EQ(run_sluice({"audit", "all", "--data", own.at("data")}).code, 0);
  }
}

TEST_F(folder_identity, a_marker_that_is_gone_alone_is_written_again_by_the_node) {
  running_program node{
    {"node", "--dev", "--seed", "7", "--output", "lines", "--data", folder.at("data")}};
  node.wait_for("round");
  const auto text = folder.read("data/SLUICE");
  fs::remove(folder.at("data/SLUICE"));
  node.wait_for("was gone and was written again");
  EXPECT_EQ(node.stop(), 0) << node.output();
  EXPECT_EQ(folder.read("data/SLUICE"), text);
}

TEST_F(folder_identity, a_data_folder_is_its_users_alone) {
  const auto data = played_folder("data", "7");
  for (const auto& name : names_below(data)) {
    struct stat seen {};
    ASSERT_EQ(::stat((data + '/' + name).c_str(), &seen), 0);
    EXPECT_EQ(seen.st_mode & 077U, 0U) << name;
  }
  ::chmod(data.c_str(), 0755);
  const auto run = run_sluice({"node", "--dev", "--data", data, "--rounds", "1"});
  EXPECT_NE(run.err.find("others could read this folder (its rights were 755)"), std::string::npos)
    << run.err;
}

} // namespace
