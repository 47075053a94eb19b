// What the shell shows of a folder before the first round is over.
#include "actors/admin/views/commands_of.hpp"
#include "actors/admin/views/parts.hpp"
#include "storage/tables.hpp"
#include "tests/support/chain_world.hpp"
#include "tests/support/layout.hpp"
#include "tests/support/scratch_folder.hpp"

#include <gtest/gtest.h>

namespace sluice::views {

namespace {

class first_views : public testing::Test {
protected:
  json show(std::string_view line) {
    const auto call = admin::parse_command(commands, line);
    EXPECT_TRUE(call) << line;
    const auto text = of_disk(disk, *call, all_mechanisms(), {});
    EXPECT_TRUE(text) << line << ": " << text.error().what;
    return text ? json::parse(*text) : json{};
  }
  void keep(const storage::batch& writes) { ASSERT_TRUE(disk.commit(writes)); }

  const admin::catalogue commands = commands_of(all_mechanisms());
  test::scratch_folder folder;
  storage::data_dir disk = *storage::data_dir::open(
    folder.path() / "data", {"0.1.0", 1, ""}, storage::open_mode::create_or_continue,
    {.map_bytes = size_t{1} << 28, .layout = &test::layout()});
};

TEST_F(first_views, miners_are_those_that_are_registered_or_have_been_connected) {
  EXPECT_TRUE(show("miners").empty());
  storage::batch writes;
  dev_chain chain;
  chain.neurons = {{{0}, {"burn"}, 0, false},
                   {{3}, {"three"}, 0, false},
                   {{1}, {"one"}, 0, false},
                   {{9}, {"validator"}, 1'000'000'000'000, true}};
  storage::tables::chain_state.put(writes, storage::tables::chain_key, chain);
  storage::tables::connected_miners.put(writes, hotkey{"five"}, miner_uid{5});
  storage::tables::connected_miners.put(writes, hotkey{"one"}, miner_uid{1});
  keep(writes);
  const auto shown = show("miners");
  std::vector<std::string> names;
  for (const auto& row : shown) {
    names.push_back(row["hotkey"]);
    EXPECT_EQ(row["jobs"], 0);
    EXPECT_EQ(row["scored"], 0);
    EXPECT_TRUE(row["banned"].is_null());
  }
  EXPECT_EQ(names, (std::vector<std::string>{"one", "three", "five"}));
  EXPECT_EQ(show("miner 3")["hotkey"], "three");
}

TEST_F(first_views, a_ban_without_a_reason_is_one_all_the_same) {
  storage::batch writes;
  dev_chain chain;
  chain.neurons = {{{3}, {"three"}, 0, false}};
  storage::tables::chain_state.put(writes, storage::tables::chain_key, chain);
  storage::tables::bans.put(writes, hotkey{"three"}, {"", "root (uid 0)", 1});
  keep(writes);
  EXPECT_EQ(show("miners")[0]["banned"], "no reason was given");
  EXPECT_EQ(show("miner three")["banned"], "no reason was given");
}

} // namespace

} // namespace sluice::views
