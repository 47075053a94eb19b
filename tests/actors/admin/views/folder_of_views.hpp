/// A folder that a short node has left, for tests of what the shell shows of it.
#pragma once

#include "actors/admin/views/commands_of.hpp"
#include "actors/admin/views/parts.hpp"
#include "actors/chain/stored_chain_view.hpp"
#include "storage/liquidity/tables.hpp"
#include "storage/tables.hpp"
#include "tests/support/layout.hpp"
#include "tests/support/short_run.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace sluice::views {

namespace tables = storage::tables;

/// One run for all tests of a program: they only read.
class views_of_a_folder : public testing::Test {
protected:
  static void SetUpTestSuite() {
    folder = std::make_unique<test::scratch_folder>();
    std::string output;
    const auto end = run_node(test::short_run(folder->path() / "data", 3, output));
    ASSERT_EQ(end.code, 0) << end.why;
    // what only a shell writes
    auto opened = storage::data_dir::open(folder->path() / "data", {"0.1.0", seed(), "short"},
                                          storage::open_mode::create_or_continue,
                                          {.layout = &test::layout()});
    ASSERT_TRUE(opened) << opened.error().what;
    storage::batch writes;
    for (uint64_t i = 0; i < 30; ++i)
      tables::admin_actions.put(
        writes, i,
        {1'700'000'000'000 + i * 1000, "root (uid 0)", "job pause " + std::to_string(i), "done"});
    tables::bans.put(writes, hotkey{"stranger"}, {"floods", "root (uid 0)", 1});
    ASSERT_TRUE(opened->commit(writes));
  }
  static void TearDownTestSuite() { folder.reset(); }
  static uint64_t seed() { return test::short_config().seed; }

  views_of_a_folder()
    : disk(*storage::data_dir::open(folder->path() / "data", {}, storage::open_mode::read_only,
                                    {.layout = &test::layout()})) {}

  json show(std::string_view line) {
    const auto call = admin::parse_command(commands, line);
    EXPECT_TRUE(call) << line;
    const auto text = of_disk(disk, *call, all_mechanisms(), seen());
    EXPECT_TRUE(text) << line << ": " << text.error().what;
    return text ? json::parse(*text) : json{};
  }
  std::string why(std::string_view line) {
    const auto text
      = of_disk(disk, *admin::parse_command(commands, line), all_mechanisms(), seen());
    EXPECT_FALSE(text) << line;
    return text ? "" : text.error().what;
  }
  std::vector<round_record> stored_rounds() {
    std::vector<round_record> all;
    EXPECT_TRUE(tables::rounds.for_each(
      disk, [&](const round_key&, round_record x) { all.push_back(std::move(x)); }));
    return all;
  }

  chain_seen seen() const { return {*stored_chain_view(disk)}; }

  static inline std::unique_ptr<test::scratch_folder> folder;
  const admin::catalogue commands = commands_of(all_mechanisms());
  storage::data_dir disk;
};

} // namespace sluice::views
