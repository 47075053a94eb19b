#include "actors/consensus/task_audit.hpp"
#include "tests/support/task_world.hpp"

namespace sluice::test {
namespace {

namespace tables = storage::tables;

class task_audit_test : public task_test {
protected:
  task_audit_test() {
    join(50, worker(50, worker_strategy_kind::worker));
    join(51, worker(51, worker_strategy_kind::liar));
    join(52, worker(52, worker_strategy_kind::silent));
    settings.tasks.review_s = 0;
    settings.tasks.settle_s = 1800;
    const auto distributor = make_distributor();
    id = submit(distributor, 3);
    submit(distributor);
    advance(std::chrono::seconds(1900));
    kill(distributor);
  }

  audit_finding found() {
    const auto made = audit_tasks(*disk);
    EXPECT_TRUE(made) << made.error().what;
    return made ? *made : audit_finding{};
  }

  template <class Table, class Key, class F>
  void change(const Table& table, const Key& key, F f) {
    auto x = *table.get(*disk, key);
    f(x);
    storage::batch writes;
    table.put(writes, key, x);
    ASSERT_TRUE(disk->commit(writes));
  }

  std::string id;
};

TEST_F(task_audit_test, finds_nothing_where_nothing_was_changed) {
  EXPECT_EQ(row(id).state, task_state::done);
  EXPECT_EQ(found().difference, "");
  EXPECT_GT(found().checked, 10U);
}

TEST_F(task_audit_test, sees_another_accuracy) {
  change(tables::consensus_tasks, id, [](task_record& x) { x.responses[0].accuracy = 1; });
  EXPECT_NE(found().difference.find("accuracy of task " + id), std::string::npos);
}

TEST_F(task_audit_test, sees_another_best_response) {
  change(tables::consensus_tasks, id, [](task_record& x) { x.best = miner_uid{99}; });
  EXPECT_NE(found().difference.find("best response"), std::string::npos);
}

TEST_F(task_audit_test, sees_another_count_of_work) {
  change(tables::consensus_task_work, key_of(50), [](miner_work& x) { ++x.all.total; });
  EXPECT_NE(found().difference.find("missed assignments of miner-50"), std::string::npos);
}

TEST_F(task_audit_test, sees_a_task_without_its_place) {
  storage::batch writes;
  tables::consensus_task_places.erase(writes, place_of(row(id)));
  ASSERT_TRUE(disk->commit(writes));
  EXPECT_NE(found().difference.find("place of task " + id), std::string::npos);
}

} // namespace
} // namespace sluice::test
