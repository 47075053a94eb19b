#include "actors/storage_care.hpp"
#include "actors/storage_writer.hpp"
#include "storage/sizes.hpp"
#include "storage/tables.hpp"
#include "tests/support/actor_test.hpp"

#include <string>
#include <utility>
#include <vector>

namespace sluice::test {
namespace {

namespace tables = storage::tables;
using namespace std::chrono_literals;

class storage_care : public actor_test {
protected:
  std::shared_ptr<storage::data_dir> disk = open_disk();
  owned_storage_writer_actor writer = keep(spawn_storage_writer(sys, {disk, false}));
  storage_care_actor care;

  void raise(storage_settings settings) {
    storage_care_config config;
    config.settings = settings;
    config.mechanisms = all_mechanisms();
    config.own_thread = false;
    config.unix_ms = [] { return uint64_t{77}; };
    care = keep(spawn_storage_care(sys, std::move(config), {disk, writer}));
    settle();
  }

  void act(uint64_t from, uint64_t until, size_t bytes = 10) {
    storage::batch writes;
    for (uint64_t n = from; n < until; ++n)
      tables::admin_actions.put(writes, n, {n, "who", std::string(bytes, 'x'), "done"});
    ASSERT_TRUE(disk->commit(writes));
  }

  uint64_t actions() const {
    uint64_t count = 0;
    EXPECT_TRUE(
      tables::admin_actions.for_each(*disk, [&](uint64_t, const admin_action&) { ++count; }));
    return count;
  }

  std::string ask(const std::string& name, std::vector<std::string> arguments = {}) {
    question<std::string> asked{sys, care, care_order{name, std::move(arguments)}};
    settle();
    const auto& answer = asked.look();
    return answer ? *answer : to_fault(answer.error()).what;
  }
};

TEST_F(storage_care, removes_what_may_go_when_it_begins_and_at_every_look) {
  act(0, 100);
  storage_settings settings;
  settings.keep_actions = 30;
  settings.check_s = 60;
  raise(settings);
  EXPECT_EQ(actions(), 30U);
  act(100, 150);
  advance(59s);
  EXPECT_EQ(actions(), 80U);
  advance(1s);
  EXPECT_EQ(actions(), 30U);
}

TEST_F(storage_care, keeps_everything_by_default) {
  act(0, 100);
  raise({});
  advance(3600s);
  EXPECT_EQ(actions(), 100U);
}

TEST_F(storage_care, compacts_a_folder_that_is_beyond_its_budget) {
  act(0, 4000, 3000);
  storage_settings settings;
  settings.keep_actions = 10;
  settings.budget_bytes = 5'000'000;
  const auto before = disk->node().size()->file_bytes;
  ASSERT_GT(before, 8'000'000U);
  raise(settings);
  EXPECT_EQ(actions(), 10U);
  EXPECT_LT(disk->node().size()->file_bytes, 2'000'000U);
  act(4000, 4001);
  EXPECT_EQ(actions(), 11U);
}

TEST_F(storage_care, compacts_one_store_or_all_when_it_is_ordered_to) {
  act(0, 1000, 3000);
  raise({});
  storage::batch writes;
  for (uint64_t n = 0; n < 990; ++n)
    tables::admin_actions.erase(writes, n);
  ASSERT_TRUE(disk->commit(writes));
  const auto one = ask("compact", {"node"});
  EXPECT_TRUE(one.starts_with(R"([{"store":"node","before_bytes":)")) << one;
  EXPECT_LT(disk->node().size()->file_bytes, 1'000'000U);
  const auto all = ask("compact");
  for (const auto* store :
       {R"("store":"node")", R"("store":"pool_events")", R"("store":"devchain")"})
    EXPECT_NE(all.find(store), std::string::npos) << all;
  EXPECT_NE(ask("compact", {"nodes"}).find("no store nodes; there are node, pool_events, devchain"),
            std::string::npos);
  EXPECT_EQ(actions(), 10U);
}

TEST_F(storage_care, says_who_reads_and_ends_nobody_who_does_not) {
  raise({});
  EXPECT_EQ(ask("readers"), "[]");
  EXPECT_NE(ask("readers end", {"1"}).find("reads nothing of this folder"), std::string::npos);
  EXPECT_NE(ask("readers end", {"x"}).find("expected the number of a process"), std::string::npos);
  EXPECT_NE(ask("something").find("no command about stores"), std::string::npos);
}

} // namespace
} // namespace sluice::test
