// The actors of sports die at any moment of a run: every prediction is answered, none counts twice,
// and what is stored at the end is what an undisturbed run stores.
#include "actors/audit.hpp"
#include "io/config/config_file.hpp"
#include "storage/sports/recall.hpp"
#include "storage/sports/steps.hpp"
#include "storage/sports/tables.hpp"
#include "storage/tables.hpp"
#include "tests/support/node_world.hpp"

#include <array>
#include <cstdlib>
#include <set>

namespace sluice::test {
namespace {

namespace tables = storage::tables;

constexpr uint64_t steps_of_sports = 8; // two days

constexpr const char* sports_alone = R"(
name = "sports"
seed = 7
[validator]
hotkey = "validator"
uid = 9
[weights]
shares = { sports = 1.0 }
moved_max = 1.0
[sports]
[sports.world]
seed = 3
teams = 4
games_per_day = 4
[[miners]]
uid = 60
hotkey = "sports-60"
strategy = "sharp:seed=3,teams=4,games_per_day=4"
mechanism = "sports"
[[miners]]
uid = 61
hotkey = "sports-61"
strategy = "public_favourite:seed=3,teams=4,games_per_day=4"
mechanism = "sports"
[[miners]]
uid = 62
hotkey = "sports-62"
strategy = "over_better:seed=3,teams=4,games_per_day=4"
mechanism = "sports"
[[miners]]
uid = 63
hotkey = "sports-63"
strategy = "silent:seed=3,teams=4,games_per_day=4"
mechanism = "sports"
)";

class sports_node_test : public node_test {
protected:
  static node_config world() {
    auto config = io::parse_config(sports_alone, "sports.toml", sections_of(all_mechanisms()));
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
      if (done >= steps_of_sports)
        return;
      const auto end = run(config, steps_of_sports - done, data, nullptr, before);
      if (end.last)
        return;
      EXPECT_TRUE(end.reason) << "it failed without a reason";
    }
    ADD_FAILURE() << "the node cannot be brought to its end";
  }

  /// What sports writes, but for what counts attempts of miners, and what services state.
  static table_rows of_sports(table_rows all) {
    std::erase_if(all, [](const auto& x) {
      return !x.first.starts_with("sports_") || x.first.starts_with("sports_numbers")
             || x.first.starts_with("sports_stats");
    });
    return all;
  }

  /// Everything that can be recomputed is right, and nothing counts twice.
  void expect_sound(std::string_view data) {
    const auto disk = open_disk(data);
    const auto found = audit_everything(*disk, mechanisms);
    EXPECT_TRUE(found) << found.error().what;
    for (const auto& x : found ? *found : std::vector<audit_finding>{})
      EXPECT_EQ(x.difference, "") << x.what;
    int64_t received = 0;
    int64_t answered = 0;
    ASSERT_TRUE(tables::sports_numbers.for_each(*disk, [&](const std::string& name, int64_t x) {
      received += name == tables::sports_received_key ? x : 0;
      answered += name.starts_with("answer_") ? x : 0;
    }));
    EXPECT_EQ(received, answered) << "a prediction without an answer, or with two";
    std::set<std::string> ids;
    ASSERT_TRUE(
      tables::sports_predictions.for_each(*disk, [&](uint64_t, const stored_prediction& x) {
        EXPECT_TRUE(ids.insert(x.prediction_id).second) << x.prediction_id << " is stored twice";
      }));
  }
};

class sports_accidents : public sports_node_test, public testing::WithParamInterface<uint64_t> {};

TEST_P(sports_accidents, leave_the_tables_as_if_nothing_had_happened) {
  const auto config = world();
  size_t messages = 0;
  ASSERT_TRUE(run(config, steps_of_sports, "calm", nullptr, [&](actor_hunt&) { ++messages; }).last);
  expect_sound("calm");
  const auto calm = of_sports(rows_in("calm"));
  EXPECT_GT(calm.size(), 20U);
  constexpr std::array victims{"sports",        "sports_intake",  "sports_scoring",
                               "sports_survey", "storage_writer", "conductor"};
  std::mt19937_64 chance{GetParam()};
  const std::string victim = victims.at(chance() % victims.size());
  auto left = chance() % messages;
  SCOPED_TRACE(testing::Message() << "seed " << GetParam() << ": killed " << victim
                                  << " at message " << left << " of " << messages);
  bool done = false;
  finish(config, "rough", [&](actor_hunt& hunt) {
    if (done || left-- > 0)
      return;
    done = hunt.kill(victim);
    left = 0; // again, when there was nobody yet
  });
  EXPECT_TRUE(done);
  expect_sound("rough");
  EXPECT_EQ(first_other_row(calm, of_sports(rows_in("rough"))), "");
}

INSTANTIATE_TEST_SUITE_P(seeds, sports_accidents, testing::Range<uint64_t>(1, 21));

class sports_in_a_node : public sports_node_test {};

/// Feed -> question -> prediction -> result -> score -> tier -> weights: the whole way.
TEST_F(sports_in_a_node, pays_who_predicted) {
  const auto end = run(world(), steps_of_sports, "data", nullptr);
  ASSERT_TRUE(end.last) << sys.render(end.reason);
  EXPECT_EQ(end.last->code, 0) << end.last->why;
  ASSERT_EQ(end.steps.size(), steps_of_sports);
  const auto& last = end.steps.back();
  ASSERT_TRUE(last.published);
  EXPECT_EQ(last.published->status, publish_status::confirmed) << last.published->reason;
  const auto disk = open_disk();
  uint64_t settled = 0;
  nano wagered = 0;
  nano paid = 0;
  ASSERT_TRUE(tables::sports_predictions.for_each(*disk, [&](uint64_t, const stored_prediction& x) {
    settled += x.state != prediction_state::stored ? 1 : 0;
    if (x.state == prediction_state::won || x.state == prediction_state::lost) {
      wagered += x.wager;
      paid += x.payout;
    }
  }));
  EXPECT_GT(settled, 0U);
  const auto scoring = storage::last_scoring(*disk);
  ASSERT_TRUE(scoring && *scoring);
  nano scored_wager = 0;
  nano scored_earnings = 0;
  for (const auto& x : (*scoring)->scores.miners) {
    scored_wager += x.lifetime_wager;
    scored_earnings += x.lifetime_earnings;
  }
  EXPECT_EQ(scored_wager, wagered);
  EXPECT_EQ(scored_earnings, paid);
  std::set<uint16_t> with_weight;
  for (const auto& [uid, weight] : last.published->weights)
    if (weight > 0)
      with_weight.insert(uid.value);
  EXPECT_TRUE(with_weight.contains(60));
  EXPECT_FALSE(with_weight.contains(63)) << "who never predicts";
  const auto attempts = storage::last_attempts(*disk, 100);
  ASSERT_TRUE(attempts);
  EXPECT_GT(std::ranges::count(*attempts, weights_end::succeeded, &weights_attempt::end), 0);
}

TEST_F(sports_in_a_node, stores_the_same_in_two_runs) {
  const auto config = world();
  const auto first = run(config, 3, "one", nullptr);
  const auto second = run(config, 3, "two", nullptr);
  ASSERT_TRUE(first.last && second.last);
  EXPECT_EQ(first_other_row(of_sports(rows_in("one")), of_sports(rows_in("two"))), "");
}

} // namespace
} // namespace sluice::test
