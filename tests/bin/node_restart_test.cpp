// kill -9 at random moments, again and again: the node continues as if nothing had happened.
#include "actors/node/node.hpp"
#include "tests/support/layout.hpp"
#include "tests/support/run_program.hpp"
#include "tests/support/scratch_folder.hpp"
#include "tests/support/table_dump.hpp"

#include <gtest/gtest.h>

#include <random>

namespace {

using namespace sluice;
using namespace sluice::test;

class node_restart : public testing::TestWithParam<uint32_t> {
protected:
  storage::data_dir open(std::string_view name) const {
    auto opened = storage::data_dir::open(folder.at(name), {}, storage::open_mode::read_only,
                                          {.layout = &test::layout()});
    if (!opened)
      throw std::runtime_error(opened.error().what);
    return *std::move(opened);
  }

  /// 0 when the first incarnation was too short to make the folder.
  uint64_t steps_in(std::string_view name) const {
    return std::filesystem::exists(folder.at(name) + "/SLUICE")
             ? *steps_done(open(name), all_mechanisms())
             : 0;
  }

  std::vector<std::string> flags(std::string_view name) const {
    return {"node", "--dev", "--seed", "7", "--output", "json", "--data", folder.at(name)};
  }

  program_run node(std::string_view name, uint64_t rounds) const {
    auto all = flags(name);
    all.insert(all.end(), {"--rounds", std::to_string(rounds)});
    return run_sluice(all);
  }

  /// Runs without an end until SIGKILL comes.
  program_run killed_after(std::string_view name, uint32_t milliseconds) const {
    auto all = flags(name);
    all.insert(all.begin(), {"--signal=KILL", std::to_string(milliseconds / 1000.0) + "s",
                             BINARY_DIR "/sluice"});
    return run_program("timeout", all);
  }

  scratch_folder folder;
};

TEST_P(node_restart, kills_at_random_moments_leave_what_an_undisturbed_run_leaves) {
  SCOPED_TRACE(testing::Message() << "seed " << GetParam());
  std::mt19937 rng{GetParam()};
  const int kills = GetParam() == 0 ? 20 : 8;
  for (int i = 0; i < kills; ++i) {
    const auto run = killed_after("killed", 5 + rng() % 250);
    ASSERT_EQ(run.code, 128 + SIGKILL) << run.err;
  }
  const auto last = node("killed", 2);
  ASSERT_EQ(last.code, 0) << last.err;
  const auto steps = steps_in("killed");
  ASSERT_GE(steps, 2U);
  const auto calm = node("calm", steps);
  ASSERT_EQ(calm.code, 0) << calm.err;
  EXPECT_EQ(first_other_row(rows_of(open("calm")), rows_of(open("killed"))), "");
  for (const auto& command : std::vector<std::vector<std::string>>{
         {"trading", "report"}, {"trading", "positions"}, {"leads", "shares"}}) {
    const auto of = [&](std::string_view name) {
      auto all = command;
      all.insert(all.end(), {"--data", folder.at(name), "--output", "json"});
      const auto run = run_sluice(all);
      EXPECT_EQ(run.code, 0) << run.err;
      return run.out;
    };
    EXPECT_EQ(of("calm"), of("killed")) << command.front() << ' ' << command.back();
  }
  const auto audit = run_sluice({"audit", "all", "--data", folder.at("killed")});
  EXPECT_EQ(audit.code, 0) << audit.out << audit.err;
  EXPECT_NE(audit.out.find(" 0 differ;"), std::string::npos) << audit.out;
}

INSTANTIATE_TEST_SUITE_P(seeds, node_restart, testing::Range(0U, 3U));

} // namespace
