#include "storage/data_dir.hpp"
#include "storage/liquidity/tables.hpp"
#include "storage/tables.hpp"
#include "tests/storage/any_value.hpp"
#include "tests/storage/layout.hpp"
#include "tests/storage/temp_folder.hpp"

#include <gtest/gtest.h>

namespace sluice::storage {
namespace {

/// Calls `f` with every table of the page.
template <class F>
void for_each_table(F f) {
  using namespace tables;
  const auto all = std::tuple{jobs,
                              rounds,
                              predictions,
                              miner_scores,
                              participation,
                              live_executions,
                              scores_of_mechanisms,
                              published,
                              miner_gateway_incarnations,
                              bans,
                              job_orders,
                              admin_actions,
                              adopted_configs,
                              allowed_miners,
                              meta,
                              journal,
                              feed_blocks,
                              checkpoints,
                              chain_state,
                              extrinsics,
                              applied_in(pool_events_store),
                              applied_in(devchain_store)};
  std::apply([&f](const auto&... one) { (f(one), ...); }, all);
}

TEST(tables, have_names_of_their_own) {
  std::set<std::pair<std::string_view, std::string_view>> names;
  size_t n = 0;
  for_each_table([&](const auto& one) {
    names.emplace(one.store, one.name);
    ++n;
  });
  EXPECT_EQ(names.size(), n);
}

TEST(tables, keep_and_return_random_rows_through_a_data_folder) {
  test::temp_folder temp;
  const identity who{"0.1.0", 1, ""};
  auto dir = data_dir::open(temp / "data", who, open_mode::create_or_continue,
                            {.layout = &test::layout()});
  ASSERT_TRUE(dir) << dir.error().what;
  for_each_table([&]<class Key, class Value>(const table<Key, Value>& one) {
    if (one.name == tables::journal.name || one.name == tables::applied_in("").name)
      return; // the folder's own
    SCOPED_TRACE(one.name);
    std::map<Key, Value> model;
    batch writes;
    for (uint64_t seed = 0; seed < 20; ++seed) {
      test::any_value any{seed};
      const auto key = any.make<Key>();
      model[key] = any.make<Value>();
      one.put(writes, key, model[key]);
    }
    ASSERT_TRUE(dir->commit(writes));
    auto expected = model.begin(); // a std::map sorts like the table must
    const auto walked = one.for_each(*dir, [&](const Key& key, const Value& value) {
      ASSERT_NE(expected, model.end());
      EXPECT_TRUE(key == expected->first && value == expected->second);
      ++expected;
    });
    EXPECT_TRUE(walked) << walked.error().what;
    EXPECT_EQ(expected, model.end());
    EXPECT_TRUE(one.last(*dir)->value().first == model.rbegin()->first);
  });
}

TEST(tables, sort_rounds_by_job_then_kind_then_number) {
  const auto key = [](const char* job, round_kind kind, uint64_t n) {
    return encode_key(round_key{{job}, kind, {n}});
  };
  EXPECT_LT(key("a", round_kind::evaluation, 300), key("a", round_kind::live, 2));
  EXPECT_LT(key("a", round_kind::live, 2), key("a", round_kind::live, 256));
  EXPECT_LT(key("a", round_kind::live, 256), key("a-b", round_kind::evaluation, 1));
}

} // namespace
} // namespace sluice::storage
