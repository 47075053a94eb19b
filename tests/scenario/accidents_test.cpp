// Random actors die at random moments: the node recovers, or ends with its reason and can be
// started again; nothing is counted twice, nothing is sent twice.
#include "actors/audit.hpp"
#include "tests/support/node_world.hpp"

#include <cstdlib>

namespace sluice::test {
namespace {

namespace tables = storage::tables;

constexpr uint64_t steps = 3;

/// Not miners: one that dies forgets what it remembered, and its answers may be others.
const std::vector<std::string> mortals{
  "storage_writer", "job",          "round",     "roster",    "simulators",
  "weights",        "chain_writer", "liquidity", "conductor", "dev_chain",
  "mechanisms",     "chain_reader", "pool_feed", "executor",  "miner_session"};

class accidents : public node_test, public testing::WithParamInterface<uint32_t> {
protected:
  /// Everything that can be recomputed is right, and every epoch has one extrinsic at most.
  void expect_sound(std::string_view data) {
    const auto disk = open_disk(data);
    const auto found = audit_everything(*disk, all_mechanisms());
    ASSERT_TRUE(found) << found.error().what;
    for (const auto& x : *found)
      EXPECT_EQ(x.difference, "") << x.what;
    const auto chain = tables::chain_state.get(*disk, tables::chain_key);
    ASSERT_TRUE(chain);
    std::set<uint64_t> epochs;
    ASSERT_TRUE(tables::extrinsics.for_each(*disk, [&](uint64_t, const inclusion& x) {
      const auto epoch = epoch_at(x.block, chain->params).value;
      EXPECT_TRUE(epochs.insert(epoch).second) << "a second extrinsic in epoch " << epoch;
    }));
    EXPECT_FALSE(epochs.empty());
  }

  /// Only what jobs write.
  static table_rows of_jobs(table_rows all) {
    std::erase_if(all, [](const auto& x) {
      return x.first.starts_with("published") || x.first.starts_with("score_sheets")
             || x.first.starts_with("state") || x.first.starts_with("extrinsics");
    });
    return all;
  }

  /// Starts the node again until its steps are done; every end on the way has its reason.
  void finish(const node_config& config, std::string_view data, std::mt19937& rng,
              const accident& before) {
    for (int incarnations = 0; incarnations < 10; ++incarnations) {
      uint64_t done = 0;
      {
        const auto disk = open_disk(data);
        done = *steps_done(*disk, mechanisms);
      }
      if (done >= steps)
        return;
      const auto end = run(config, steps - done, data, &rng, before);
      if (end.last) {
        EXPECT_EQ(end.last->code, 0) << end.last->why;
        return;
      }
      EXPECT_TRUE(end.reason) << "it failed without a reason";
    }
    ADD_FAILURE() << "the node cannot be brought to its end";
  }
};

TEST_P(accidents, one_death_leaves_the_jobs_as_if_nothing_had_happened) {
  std::mt19937 rng{GetParam()};
  const auto config = uneven_config();
  size_t messages = 0;
  ASSERT_TRUE(run(config, steps, "calm", &rng, [&](actor_hunt&) { ++messages; }).last);
  size_t moment = rng() % messages;
  std::string victim;
  finish(config, "rough", rng, [&](actor_hunt& hunt) {
    if (!victim.empty() || moment-- > 0)
      return;
    victim = hunt.kill_any(mortals, rng);
    moment = 0; // again, when there was nobody yet
  });
  SCOPED_TRACE(testing::Message() << "seed " << GetParam() << ", killed " << victim);
  EXPECT_NE(victim, "");
  expect_sound("rough");
  EXPECT_EQ(first_other_row(of_jobs(rows_in("calm")), of_jobs(rows_in("rough"))), "");
}

TEST_P(accidents, many_deaths_count_nothing_twice) {
  std::mt19937 rng{GetParam() + 1000};
  std::string victims;
  size_t left = 2 + rng() % 8;
  size_t pause = 50 + rng() % 500;
  finish(uneven_config(), "data", rng, [&](actor_hunt& hunt) {
    if (left == 0 || pause-- > 0)
      return;
    victims += ' ' + hunt.kill_any(mortals, rng);
    pause = rng() % 800;
    --left;
  });
  SCOPED_TRACE(testing::Message() << "seed " << GetParam() + 1000 << ", killed" << victims);
  expect_sound("data");
}

/// 25, or as many as SLUICE_SEEDS states for a longer hunt.
uint32_t seeds() {
  const char* given = std::getenv("SLUICE_SEEDS");
  return given ? static_cast<uint32_t>(std::max(1, std::atoi(given))) : 25;
}

INSTANTIATE_TEST_SUITE_P(seeds, accidents, testing::Range(0U, seeds()));

} // namespace
} // namespace sluice::test
