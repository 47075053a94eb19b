// Ends of the process that nobody asked for: SIGKILL at random moments, a disk and a file that are
// full. Afterwards the folder is whole, and audits the same. The long form: SLUICE_KILLS=300.
#include "net/keys/session_key.hpp"
#include "tests/storage/temp_folder.hpp"
#include "tests/support/run_program.hpp"
#include "tests/support/scratch_folder.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <random>

namespace {

using namespace sluice::test;
namespace fs = std::filesystem;

uint64_t number_of_variable(const char* name, uint64_t usual) {
  const char* text = std::getenv(name);
  return text ? std::strtoull(text, nullptr, 10) : usual;
}

std::vector<std::string> killed_node(const std::string& data) {
  return {"node", "--dev", "--seed", "7", "--output", "json", "--data", data};
}

/// What db verify says of a folder; null when its creation was cut off.
nlohmann::json verdict_of(const std::string& data) {
  const auto run = run_sluice({"db", "verify", "--data", data, "--output", "json"});
  if (run.code == 2 || run.code == 3) { // not a data folder yet, or not whole yet
    EXPECT_TRUE(run.err.find("not a Sluice data folder") != std::string::npos
                || run.err.find("being made") != std::string::npos
                || run.err.find("no such folder") != std::string::npos)
      << run.err;
    return nullptr;
  }
  EXPECT_EQ(run.code, 0) << run.out << run.err;
  return nlohmann::json::parse(run.out, nullptr, false);
}

void expect_audit_the_same(const std::string& data) {
  const auto run = run_sluice({"audit", "all", "--data", data});
  EXPECT_EQ(run.code, 0) << run.out << run.err;
  EXPECT_NE(run.out.find(" 0 differ;"), std::string::npos) << run.out;
}

TEST(kills, at_random_moments_leave_a_whole_folder) {
  const auto kills = number_of_variable("SLUICE_KILLS", 8);
  const auto seed = number_of_variable("SLUICE_SEED", sluice::net::fresh_number());
  std::printf("SLUICE_SEED=%llu SLUICE_KILLS=%llu\n", static_cast<unsigned long long>(seed),
              static_cast<unsigned long long>(kills));
  std::mt19937_64 chance{seed};
  const scratch_folder folder;
  const auto data = folder.at("state");
  uint64_t good = 0;
  uint64_t early = 0;
  uint64_t audits = 0;
  uint64_t commit = 0;
  for (uint64_t i = 0; i < kills; ++i) {
    SCOPED_TRACE(testing::Message() << "kill " << i << " of seed " << seed);
    auto node = killed_node(data);
    const auto ms = 5 + chance() % (i % 5 == 0 ? 100 : 600); // some while the folder is opened
    node.insert(node.begin(),
                {"--signal=KILL", std::to_string(static_cast<double>(ms) / 1000) + "s",
                 BINARY_DIR "/sluice"});
    ASSERT_EQ(run_program("timeout", node).code, 128 + SIGKILL);
    const auto verdict = verdict_of(data);
    ASSERT_FALSE(HasFailure());
    if (verdict.is_null()) {
      ++early;
      ASSERT_EQ(commit, 0U) << "a folder that was whole is not any more";
      continue;
    }
    ++good;
    ASSERT_EQ(verdict["good"], true) << verdict;
    ASSERT_GE(verdict["commit"].get<uint64_t>(), commit) << "what was committed is gone";
    commit = verdict["commit"].get<uint64_t>();
    if (i % 10 == 9) {
      expect_audit_the_same(data);
      ++audits;
    }
    ASSERT_FALSE(HasFailure());
  }
  auto last = killed_node(data);
  last.insert(last.end(), {"--rounds", "1"});
  const auto run = run_sluice(last);
  ASSERT_EQ(run.code, 0) << run.err;
  expect_audit_the_same(data);
  EXPECT_EQ(verdict_of(data)["good"], true);
  std::printf("kills %llu: %llu folders good, %llu before there was one, %llu audits the same, "
              "%llu commits\n",
              static_cast<unsigned long long>(kills), static_cast<unsigned long long>(good),
              static_cast<unsigned long long>(early), static_cast<unsigned long long>(audits + 1),
              static_cast<unsigned long long>(commit));
}

/// The node ends with a sentence, and what it leaves is whole; with more space it goes on.
void expect_whole_after_full(const program_run& run, const std::string& data) {
  EXPECT_EQ(run.code, 3) << run.out << run.err;
  EXPECT_NE(run.err.find("cannot write"), std::string::npos) << run.err;
  const auto verdict = verdict_of(data);
  if (verdict.is_null())
    return;
  EXPECT_EQ(verdict["good"], true) << verdict;
  const auto audit = run_sluice({"audit", "all", "--data", data});
  EXPECT_TRUE(audit.code == 0 || audit.code == 2) << audit.out << audit.err; // 2: no round yet
}

TEST(kills, a_small_disk_leaves_a_whole_folder) {
  const scratch_folder folder;
  for (const auto* size : {"1500k", "2500k", "4m"}) {
    SCOPED_TRACE(size);
    const sluice::storage::test::temp_disk disk{folder.at("disk"), size};
    if (!disk.mounted())
      GTEST_SKIP() << "a small tmpfs needs root";
    const auto data = folder.at("disk") + "/state";
    expect_whole_after_full(run_sluice(killed_node(data)), data);
    if (!fs::exists(data + "/SLUICE"))
      continue;
    const auto moved = folder.at(std::string{"moved-"} + size);
    fs::copy(data, moved, fs::copy_options::recursive);
    auto more = killed_node(moved);
    more.insert(more.end(), {"--rounds", "1"});
    const auto run = run_sluice(more);
    EXPECT_EQ(run.code, 0) << run.err;
    expect_audit_the_same(moved);
  }
}

TEST(kills, a_limit_of_the_length_of_files_leaves_a_whole_folder) {
  const scratch_folder folder;
  for (const unsigned long bytes : {300'000UL, 700'000UL, 2'000'000UL}) {
    SCOPED_TRACE(bytes);
    const auto data = folder.at("state-" + std::to_string(bytes));
    run_options options;
    options.file_bytes_max = bytes;
    expect_whole_after_full(run_sluice(killed_node(data), options), data);
    if (!fs::exists(data + "/SLUICE"))
      continue;
    auto more = killed_node(data);
    more.insert(more.end(), {"--rounds", "1"});
    const auto run = run_sluice(more);
    EXPECT_EQ(run.code, 0) << run.err;
    expect_audit_the_same(data);
  }
}

} // namespace
