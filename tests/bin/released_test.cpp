// Folders and configurations of every version that was released, as that version wrote them.
#include "tests/support/run_program.hpp"
#include "tests/support/scratch_folder.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cstdlib>

namespace {

using namespace sluice::test;

const std::string version_0_1_0 = std::string{SOURCE_DIR} + "/tests/data/released/0.1.0";

/// The folder of `sluice node --dev --seed 7 --rounds 2` by version 0.1.0.
std::string unpacked(const scratch_folder& folder) {
  const auto command
    = "tar xzf '" + version_0_1_0 + "/data.tar.gz' -C '" + folder.path().string() + "'";
  EXPECT_EQ(std::system(command.c_str()), 0) << command;
  return folder.at("data");
}

TEST(released, a_folder_of_0_1_0_audits_the_same) {
  const scratch_folder folder;
  const auto data = unpacked(folder);
  const auto before = run_sluice({"audit", "all", "--data", data});
  EXPECT_NE(before.err.find("start the node once to migrate it"), std::string::npos) << before.err;
  const auto migrated = run_sluice({"node", "--dev", "--seed", "7", "--rounds", "1",
                                    "--adopt-config", "--output", "json", "--data", data});
  EXPECT_EQ(migrated.code, 0) << migrated.err;
  const auto run = run_sluice({"audit", "all", "--data", data});
  EXPECT_EQ(run.code, 0) << run.out << run.err;
  EXPECT_NE(run.out.find("weth-usdc/evaluation/2: same\n"), std::string::npos) << run.out;
  EXPECT_NE(run.out.find(" audited, 0 differ; "), std::string::npos) << run.out;
}

TEST(released, a_folder_of_0_1_0_goes_on_by_the_rules_of_today) {
  const scratch_folder folder;
  const auto data = unpacked(folder);
  std::vector<std::string> node{"node", "--dev",    "--seed", "7",      "--rounds",
                                "1",    "--output", "json",   "--data", data};
  const auto refused = run_sluice(node); // `--dev` scores against the vault's own plan since
  EXPECT_EQ(refused.code, 2) << refused.out;
  EXPECT_NE(refused.err.find("belongs to another configuration"), std::string::npos) << refused.err;
  node.emplace_back("--adopt-config");
  const auto run = run_sluice(node);
  EXPECT_EQ(run.code, 0) << run.err;
  EXPECT_NE(run.out.find(R"("laps_done":2)"), std::string::npos) << run.out;
  EXPECT_EQ(run_sluice({"audit", "all", "--data", data}).code, 0);
}

TEST(released, configurations_of_0_1_0_are_read_with_a_note) {
  const auto dev = run_sluice({"config", "check", version_0_1_0 + "/dev.toml"});
  EXPECT_EQ(dev.code, 0) << dev.err;
  EXPECT_TRUE(dev.out.ends_with("dev.toml: 2 jobs, 8 miners, 10 neurons; good\n")) << dev.out;
  EXPECT_NE(dev.err.find("policy, simulators, emission, jobs: belongs into [liquidity] since "
                         "version 0.2.0; read as if it stood there"),
            std::string::npos)
    << dev.err;
  auto old_form = run_sluice({"config", "show", version_0_1_0 + "/dev.toml"}).out;
  const std::string before = "baseline = \"none\"", since = "baseline = \"kept\"";
  for (size_t at = 0; (at = old_form.find(before)) != std::string::npos;)
    old_form.replace(at, before.size(), since); // what `node --dev` scores by
  const auto liquidity_part = [](const std::string& text) {
    const auto first = text.find("\n[liquidity]");
    return text.substr(first, std::min(text.find("\n[leads]"), text.find("\n[trading]")) - first);
  };
  EXPECT_EQ(liquidity_part(old_form), liquidity_part(run_sluice({"config", "show"}).out));
  EXPECT_NE(liquidity_part(old_form).find("[[liquidity.jobs]]"), std::string::npos);
}

} // namespace
