#include "tests/support/data_file.hpp"
#include "tests/support/run_program.hpp"
#include "tests/support/scratch_folder.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace {

using namespace sluice::test;

class config_command : public testing::Test {
protected:
  scratch_folder folder;
};

TEST_F(config_command, the_dev_configuration_is_good) {
  const std::string file = SOURCE_DIR "/configs/dev.toml";
  const auto run = run_sluice({"config", "check", file});
  EXPECT_EQ(run.code, 0) << run.err;
  EXPECT_EQ(
    run.out,
    file
      + ": 2 jobs, 1 feed of stakes, leads of 30 days by ratio, of a seeded world, consensus of 2 "
        "or more validators by confidence, of a seeded world, sports predictions of a league of 12 "
        "teams, 8 miners, 10 neurons; good\n");
}

TEST_F(config_command, what_is_shown_means_the_same) {
  const auto shown = run_sluice({"config", "show"});
  EXPECT_EQ(shown.code, 0) << shown.err;
  const auto file = folder.write("shown.toml", shown.out);
  EXPECT_EQ(run_sluice({"config", "check", file}).code, 0);
  EXPECT_EQ(run_sluice({"config", "show", file}).out, shown.out);
  EXPECT_EQ(run_sluice({"config", "show", SOURCE_DIR "/configs/dev.toml"}).out, shown.out);
}

TEST_F(config_command, shows_json) {
  const auto run = run_sluice({"config", "show", "--output", "json"});
  EXPECT_EQ(run.code, 0) << run.err;
  const auto settings = nlohmann::json::parse(run.out, nullptr, false);
  ASSERT_TRUE(settings.is_object()) << run.out;
  EXPECT_EQ(settings["name"], "dev");
  EXPECT_EQ(settings["liquidity"]["jobs"].size(), 2U);
  EXPECT_EQ(settings["miners"].size(), 8U);
}

TEST_F(config_command, states_what_is_wrong_and_where) {
  const auto expect = [&](const std::string& text, const std::string& part) {
    const auto file = folder.write("bad.toml", text);
    const auto run = run_sluice({"config", "check", file});
    EXPECT_EQ(run.code, 2) << run.err;
    EXPECT_EQ(run.out, "");
    EXPECT_TRUE(run.err.starts_with("sluice: " + file + part)) << run.err;
    EXPECT_EQ(run.err.find('\n'), run.err.size() - 1) << run.err;
  };
  expect("nmae = \"x\"\n", ":1:1: nmae: ");
  expect("name = 1\n", ":1:8: name: ");
  expect("name = \"x\"\n[chain]\ntempo = true\n", ":3:9: chain.tempo: ");
  expect("name = \"x\n", ":1:");
}

TEST_F(config_command, misses_files_that_are_not_there) {
  EXPECT_EQ(run_sluice({"config", "check", folder.at("missing.toml")}).code, 3);
  EXPECT_EQ(run_sluice({"config", "show", folder.at("missing.toml")}).code, 3);
  auto text = file_bytes(SOURCE_DIR "/configs/dev.toml");
  text.resize(text.find("[liquidity.jobs.pool]"));
  const std::string shares
    = "shares = { liquidity = 0.4, trading = 0.2, leads = 0.15, consensus = 0.1, sports = 0.15 }";
  text.replace(text.find(shares), shares.size(), "shares = { liquidity = 1.0 }");
  text += "[liquidity.jobs.start]\namount0 = \"1\"\namount1 = \"1\"\n"
          "[liquidity.jobs.feed]\nkind = \"events\"\nfiles = [\"gone.jsonl\"]\n";
  const auto run = run_sluice({"config", "check", folder.write("events.toml", text)});
  EXPECT_EQ(run.code, 3) << run.err << run.out;
  EXPECT_NE(run.err.find(folder.at("gone.jsonl")), std::string::npos) << run.err;
}

TEST_F(config_command, wants_to_know_what_to_do) {
  EXPECT_EQ(run_sluice({"config"}).code, 2);
  EXPECT_EQ(run_sluice({"config", "check"}).code, 2);
  EXPECT_EQ(run_sluice({"config", "show", "--output", "xml"}).code, 2);
}

} // namespace
