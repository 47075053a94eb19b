// Jobs with rounds of 900 and of 9000 seconds in one node, as a user runs it.
#include "tests/support/data_file.hpp"
#include "tests/support/lines_of.hpp"
#include "tests/support/run_program.hpp"
#include "tests/support/scratch_folder.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <map>

namespace {

using namespace sluice::test;

class paced_jobs : public testing::Test {
protected:
  /// configs/dev.toml with longer rounds of its second job.
  std::string configuration(const std::string& seconds) const {
    auto text = file_bytes(SOURCE_DIR "/configs/dev.toml");
    const auto second = text.find("[[liquidity.jobs]]", text.find("[[liquidity.jobs]]") + 1);
    const std::string key = "\nround_seconds = ";
    const auto at = text.find(key, second);
    EXPECT_NE(at, std::string::npos);
    const auto end = text.find('\n', at + key.size());
    text.replace(at, end - at, key + seconds);
    return folder.write("jobs" + seconds + ".toml", text);
  }

  program_run node(const std::string& config, const std::string& data, const std::string& rounds,
                   std::vector<std::string> more = {}, int signal = 0,
                   const std::string& signal_after = "") const {
    std::vector<std::string> all{"node",     "--config", config,     "--data", folder.at(data),
                                 "--rounds", rounds,     "--output", "lines"};
    all.insert(all.end(), more.begin(), more.end());
    return run_sluice(all, {.signal = signal, .signal_after = signal_after});
  }

  /// What was played, without what names the folder.
  static std::vector<std::string> played(const program_run& run) {
    std::vector<std::string> all;
    for (auto& line : sluice::report::test::lines_of(run.out))
      if (line.starts_with("round ") || line.starts_with("live ") || line.starts_with("weights "))
        all.push_back(std::move(line));
    return all;
  }

  static size_t count(const std::vector<std::string>& all, std::string_view begin) {
    size_t n = 0;
    for (const auto& x : all)
      n += x.starts_with(begin) ? 1U : 0U;
    return n;
  }

  void expect_same(const std::string& data) const {
    const auto run = run_sluice({"audit", "all", "--data", folder.at(data)});
    EXPECT_EQ(run.code, 0) << run.out << run.err;
  }

  scratch_folder folder;
};

TEST_F(paced_jobs, short_rounds_and_weights_do_not_wait_for_long_ones_at_any_speed) {
  const auto config = configuration("9000");
  const auto free = node(config, "free", "20");
  ASSERT_EQ(free.code, 0) << free.err;
  const auto all = played(free);
  EXPECT_EQ(count(all, "round id=weth-usdc/"), 20U);
  EXPECT_EQ(count(all, "round id=aero-weth/"), 2U);
  EXPECT_EQ(count(all, "weights "), 20U);
  expect_same("free");
  const auto paced = node(config, "paced", "20", {"--speed", "20000"});
  ASSERT_EQ(paced.code, 0) << paced.err;
  EXPECT_EQ(played(paced), all);
  expect_same("paced");
}

TEST_F(paced_jobs, a_kill_in_the_middle_changes_nothing) {
  const auto config = configuration("2700");
  const auto calm = node(config, "calm", "9", {"--speed", "20000"});
  ASSERT_EQ(calm.code, 0) << calm.err;
  const auto rough
    = node(config, "rough", "9", {"--speed", "20000"}, SIGKILL, "round id=weth-usdc/evaluation/4");
  EXPECT_EQ(rough.code, 128 + SIGKILL);
  const auto rest = node(config, "rough", "9"); // some more than there were
  ASSERT_EQ(rest.code, 0) << rest.err;
  expect_same("rough");
  std::map<std::string, std::string> lines; // by "round id=JOB/KIND/NUMBER"
  const auto id_of = [](const std::string& line) { return line.substr(0, line.find(" blocks=")); };
  for (const auto& x : played(calm))
    if (!x.starts_with("weights "))
      lines[id_of(x)] = x;
  EXPECT_EQ(count(played(calm), "round id=aero-weth/"), 3U);
  size_t compared = 0;
  for (const auto& run : {rough, rest})
    for (const auto& x : played(run))
      if (const auto at = lines.find(id_of(x)); at != lines.end()) {
        EXPECT_EQ(x, at->second);
        ++compared;
      }
  EXPECT_GT(compared, 9U);
}

} // namespace
