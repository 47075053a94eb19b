// The actors of consensus die at every moment of a run: no report and no task is lost, none counts
// twice, and what is stored at the end is what an undisturbed run stores.
#include "actors/audit.hpp"
#include "io/config/config_file.hpp"
#include "storage/consensus/steps.hpp"
#include "storage/consensus/task_tables.hpp"
#include "storage/tables.hpp"
#include "tests/support/node_world.hpp"

#include <cstdlib>
#include <set>

namespace sluice::test {
namespace {

namespace tables = storage::tables;

constexpr uint64_t steps_of_consensus = 3;

constexpr const char* consensus_alone = R"(
name = "consensus"
seed = 7
[validator]
hotkey = "validator"
uid = 9
[weights]
shares = { consensus = 1.0 }
[consensus]
[consensus.world]
seed = 3
tasks = 3
[consensus.tasks]
review_s = 0
[[miners]]
uid = 50
hotkey = "consensus-50"
strategy = "worker:seed=3"
mechanism = "consensus"
[[miners]]
uid = 51
hotkey = "consensus-51"
strategy = "worker:seed=3"
mechanism = "consensus"
[[miners]]
uid = 52
hotkey = "consensus-52"
strategy = "liar:seed=3"
mechanism = "consensus"
[[miners]]
uid = 53
hotkey = "consensus-53"
strategy = "silent:seed=3"
mechanism = "consensus"
)";

class consensus_node_test : public node_test {
protected:
  static node_config world() {
    auto config
      = io::parse_config(consensus_alone, "consensus.toml", sections_of(all_mechanisms()));
    if (!config)
      throw std::runtime_error(config.error().what);
    if (auto added = add_neurons_of(all_mechanisms(), *config); !added)
      throw std::runtime_error(added.error().what);
    return *std::move(config);
  }

  /// Starts the node again until its steps are done.
  void finish(const node_config& config, std::string_view data, const accident& before) {
    for (int incarnations = 0; incarnations < 5; ++incarnations) {
      uint64_t done = 0;
      {
        const auto disk = open_disk(data);
        done = *steps_done(*disk, mechanisms);
      }
      if (done >= steps_of_consensus)
        return;
      const auto end = run(config, steps_of_consensus - done, data, nullptr, before);
      if (end.last)
        return;
      EXPECT_TRUE(end.reason) << "it failed without a reason";
    }
    ADD_FAILURE() << "the node cannot be brought to its end";
  }

  /// What consensus writes, but for what counts attempts and measures time.
  static table_rows of_consensus(table_rows all) {
    std::erase_if(all, [](const auto& x) {
      return !x.first.starts_with("consensus_") || x.first.starts_with("consensus_status");
    });
    return all;
  }

  /// Everything that can be recomputed is right.
  void expect_sound(std::string_view data) {
    const auto disk = open_disk(data);
    const auto found = audit_everything(*disk, mechanisms);
    EXPECT_TRUE(found) << found.error().what;
    for (const auto& x : found ? *found : std::vector<audit_finding>{})
      EXPECT_EQ(x.difference, "") << x.what;
  }
};

class consensus_accidents : public consensus_node_test,
                            public testing::WithParamInterface<std::string> {};

TEST_P(consensus_accidents, leave_the_tables_as_if_nothing_had_happened) {
  const auto config = world();
  size_t messages = 0;
  ASSERT_TRUE(
    run(config, steps_of_consensus, "calm", nullptr, [&](actor_hunt&) { ++messages; }).last);
  expect_sound("calm");
  const auto calm = of_consensus(rows_in("calm"));
  EXPECT_GT(calm.size(), 10U);
  // Every moment with SLUICE_SEEDS; else some of them, others for every victim.
  const size_t stride = std::getenv("SLUICE_SEEDS") ? 1 : 5;
  size_t kills = 0;
  for (size_t moment = GetParam().size() % stride; moment < messages; moment += stride) {
    const auto data = "rough-" + std::to_string(moment);
    size_t left = moment;
    bool done = false;
    finish(config, data, [&](actor_hunt& hunt) {
      if (done || left-- > 0)
        return;
      done = hunt.kill(GetParam());
      left = 0; // again, when there was nobody yet
    });
    SCOPED_TRACE(testing::Message() << "killed " << GetParam() << " at message " << moment);
    kills += done ? 1 : 0;
    expect_sound(data);
    EXPECT_EQ(first_other_row(calm, of_consensus(rows_in(data))), "");
    if (HasFailure())
      return;
    std::filesystem::remove_all(folder.path() / data);
  }
  EXPECT_GT(kills, 0U);
}

INSTANTIATE_TEST_SUITE_P(victims, consensus_accidents,
                         testing::Values("consensus", "consensus_intake", "task_distributor",
                                         "storage_writer", "conductor"),
                         [](const auto& x) { return x.param; });

class consensus_in_a_node : public consensus_node_test {};

/// Report -> consensus -> selection -> task -> answer -> score -> weights: the whole way (C4).
TEST_F(consensus_in_a_node, pays_the_miners_that_answered_tasks) {
  const auto end = run(world(), 4, "data", nullptr);
  ASSERT_TRUE(end.last) << sys.render(end.reason);
  EXPECT_EQ(end.last->code, 0) << end.last->why;
  ASSERT_EQ(end.steps.size(), 4U);
  const auto& last = end.steps.back();
  ASSERT_TRUE(last.published);
  EXPECT_EQ(last.published->status, publish_status::confirmed) << last.published->reason;
  const auto disk = open_disk();
  const auto step = tables::consensus_steps.get(*disk, 4);
  ASSERT_TRUE(step);
  EXPECT_EQ(step->statistics.agreed, 4U);
  uint64_t answered = 0;
  ASSERT_TRUE(
    tables::consensus_tasks.for_each(*disk, [&](const std::string&, const task_record& x) {
      answered += x.responses.size();
      std::set<miner_uid> who;
      for (const auto& one : x.responses)
        EXPECT_TRUE(who.insert(one.uid).second) << "two answers of one miner to " << x.id;
    }));
  EXPECT_GT(answered, 0U);
  const auto scores = tables::scores_of_mechanisms.get(*disk, "consensus");
  ASSERT_TRUE(scores);
  std::set<uint16_t> paid;
  for (const auto& [uid, weight] : last.published->weights)
    if (weight > 0)
      paid.insert(uid.value);
  EXPECT_TRUE(paid.contains(50)) << "an honest worker";
  EXPECT_FALSE(paid.contains(53)) << "who never answers";
}

TEST_F(consensus_in_a_node, publishes_the_same_weights_in_two_runs) {
  const auto config = world();
  const auto first = run(config, 3, "one", nullptr);
  const auto second = run(config, 3, "two", nullptr);
  ASSERT_TRUE(first.last && second.last);
  ASSERT_EQ(first.steps.size(), second.steps.size());
  for (size_t i = 0; i < first.steps.size(); ++i)
    EXPECT_EQ(first.steps[i].published, second.steps[i].published) << "step " << i + 1;
  EXPECT_EQ(first_other_row(of_consensus(rows_in("one")), of_consensus(rows_in("two"))), "");
}

} // namespace
} // namespace sluice::test
