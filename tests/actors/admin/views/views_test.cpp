// What the shell shows of a folder that a short node has left, against the tables themselves.
#include "actors/liquidity/module.hpp"
#include "tests/actors/admin/views/folder_of_views.hpp"

#include <array>

namespace sluice::views {

namespace {

TEST_F(views_of_a_folder, every_command_of_the_disk_has_one) {
  const auto id = to_string(stored_rounds().front().id);
  const auto job = stored_rounds().front().id.job.value;
  const auto uid = std::to_string(stored_rounds().front().results.front().uid.value);
  static const std::array played{&liquidity_module()}; // others did nothing in this run
  const auto known = commands_of(played);
  for (const auto* one : known.commands()) {
    const auto& x = *one;
    if (x.source != admin::command_source::disk)
      continue;
    std::string line{x.name};
    for (const auto& wanted : x.arguments) {
      if (wanted.name == "ROUND")
        line += ' ' + id;
      else if (wanted.name == "JOB")
        line += ' ' + job;
      else if (wanted.kind == admin::argument_kind::miner)
        line += ' ' + uid;
    }
    EXPECT_FALSE(show(line).empty()) << line;
  }
  EXPECT_EQ(why("tree"), "tree is not answered from disk");
}

TEST_F(views_of_a_folder, weights_state_what_the_chain_holds_and_when_it_is_due_again) {
  const auto shown = show("weights");
  const auto chain = tables::chain_state.get(disk, tables::chain_key);
  ASSERT_TRUE(chain);
  std::optional<publish_record> good;
  ASSERT_TRUE(tables::published.for_each(disk, [&](epoch_no, publish_record x) {
    if (x.status == publish_status::confirmed)
      good = std::move(x);
  }));
  ASSERT_TRUE(good);
  EXPECT_EQ(shown["published_epoch"], good->epoch.value);
  EXPECT_EQ(shown["read_back_block"], good->read_back_block);
  EXPECT_EQ(shown["why_not"], "");
  EXPECT_EQ(shown["block"], chain->block);
  const auto due = shown["next_due_block"].get<uint64_t>();
  EXPECT_EQ(epoch_at(due, chain->params).value, shown["next_epoch"]);
  EXPECT_EQ(epoch_at(due - 1, chain->params).value, shown["epoch"]);
  double sum = 0;
  for (const auto& x : shown["shares"])
    sum += x["percent"].get<double>();
  EXPECT_NEAR(sum, 100, 1e-9);
  EXPECT_EQ(show("chain")["neurons"].size(), chain->neurons.size());
  EXPECT_EQ(show("sheets")[0]["mechanism"], "liquidity");
}

TEST_F(views_of_a_folder, storage_counts_every_row) {
  const auto shown = show("storage");
  std::map<std::string, uint64_t> rows;
  for (const auto& x : shown["tables"])
    rows[x["table"]] += x["rows"].get<uint64_t>();
  EXPECT_EQ(rows["rounds"], stored_rounds().size());
  EXPECT_EQ(rows["admin_actions"], 30U);
  EXPECT_EQ(shown["stores"].size(), 3U);
  EXPECT_GT(shown["disk_free_bytes"], 0U);
  EXPECT_EQ(shown["schema"], tables::schema_version);
}

TEST_F(views_of_a_folder, actions_are_the_last_ones_newest_first) {
  const auto shown = show("actions");
  ASSERT_EQ(shown.size(), 20U);
  EXPECT_EQ(shown[0]["number"], 29);
  EXPECT_EQ(shown[0]["time"], "2023-11-14T22:13:49Z");
  EXPECT_EQ(shown[0]["who"], "root (uid 0)");
  EXPECT_EQ(shown[0]["command"], "job pause 29");
  EXPECT_EQ(show("actions 3").size(), 3U);
  EXPECT_EQ(show("actions 0").size(), 0U);
  EXPECT_EQ(show("actions 99999999").size(), 30U);
}

TEST(views, show_amounts_to_the_last_digit) {
  EXPECT_EQ(exact(u256{1'500'000}, 6), "1.5");
  EXPECT_EQ(exact(u256{1}, 6), "0.000001");
  EXPECT_EQ(exact(u256{0}, 6), "0");
  EXPECT_EQ(exact(u256{12}, 0), "12");
  EXPECT_EQ(exact(u256{30'000'000}, 6), "30");
  EXPECT_EQ(exact(-i256{1'500'000}, 6), "-1.5");
  EXPECT_EQ(time_of(0), json());
  EXPECT_EQ(time_of(1), "1970-01-01T00:00:01Z");
  EXPECT_EQ(number(std::numeric_limits<double>::infinity()), json());
}

TEST(views, that_show_the_chain_state_why_it_cannot_be_seen) {
  EXPECT_EQ(chain({}).error().what, "this folder has no chain yet; it begins with the first round");
  EXPECT_EQ(chain({std::nullopt, "no connection"}).error().what, "no connection");
}

} // namespace

} // namespace sluice::views
