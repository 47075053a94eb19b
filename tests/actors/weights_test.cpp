#include "actors/mechanisms.hpp"
#include "actors/storage_writer.hpp"
#include "actors/weights.hpp"
#include "storage/tables.hpp"
#include "tests/support/actor_test.hpp"
#include "tests/support/chain_world.hpp"
#include "tests/support/mechanism_mocks.hpp"

namespace sluice::test {
namespace {

using namespace std::chrono_literals;
namespace tables = storage::tables;

class weights : public actor_test {
protected:
  std::shared_ptr<storage::data_dir> disk = open_disk();
  storage_writer_actor storage_writer = keep(spawn_storage_writer(sys, {disk, false}));
  weights_settings settings{{{"liquidity", 0.5}, {"sports", 0.3}}, {0}, 3, 1, 1, 1, 11};
  std::map<std::string, mechanism_actor> members;
  std::vector<weight_order> orders;                // what the writer was sent
  std::string why;                                 // nobody was scored
  uint16_t chain_min = 1;                          // weights that the chain takes at least
  size_t views = 0;                                // how often the chain was looked at
  std::optional<caf::error> blind;                 // what the reader answers instead
  publish_status ends = publish_status::confirmed; // how the writer's orders end
  mechanisms_actor collector;
  publishing_actor pipeline;

  void raise() {
    collector = keep(spawn_mechanisms(sys, {10s}, {disk, storage_writer, members}));
    pipeline = keep(spawn_weights(
      sys, settings, {disk, storage_writer, collector, reader(), writer(), [this] {
                        return why.empty() ? std::map<std::string, std::string>{}
                                           : std::map<std::string, std::string>{{"liquidity", why}};
                      }}));
  }

  chain_reader_actor reader() {
    return mock<chain_reader_actor>(
      [this](atom::view) -> caf::result<chain_view> {
        ++views;
        if (blind)
          return *blind;
        chain_view seen{{100, {2}}, {}, small_chain().neurons, {}, 0};
        seen.params.min_allowed_weights = chain_min;
        return seen;
      },
      [](atom::step, uint64_t) { return chain_head{}; });
  }

  /// Stores and answers; sends nothing.
  chain_writer_actor writer() {
    return mock<chain_writer_actor>([this](const weight_order& x) {
      orders.push_back(x);
      publish_record record;
      record.epoch = x.epoch;
      record.status = ends;
      record.weights = x.weights;
      record.row = x.row;
      store(record);
      return record;
    });
  }

  void store(const publish_record& record) {
    storage::batch writes;
    tables::published.put(writes, record.epoch, record);
    ASSERT_TRUE(disk->commit(writes));
  }

  mechanism_actor prompt(const std::string& name, std::map<miner_uid, double> scores) {
    return members[name] = keep(spawn_prompt(sys, name, std::move(scores)));
  }

  publish_record publish(uint64_t epoch) {
    question<publish_record> asked{sys, pipeline, atom::publish_v, epoch_no{epoch}};
    settle();
    advance(10s);
    if (asked.look())
      return *asked.look();
    ADD_FAILURE() << sys.render(asked.look().error());
    return {};
  }
};

TEST_F(weights, all_mechanisms_are_blended_and_the_rest_is_burned) {
  prompt("liquidity", {{{1}, 1.0}});
  prompt("sports", {{{2}, 3.0}, {{3}, 1.0}});
  raise();
  EXPECT_EQ(publish(5).status, publish_status::confirmed);
  ASSERT_EQ(orders.size(), 1u);
  const auto& x = orders[0];
  EXPECT_EQ(x.epoch, epoch_no{5});
  EXPECT_EQ(x.version_key, 11u);
  ASSERT_EQ(x.weights.size(), 4u);
  EXPECT_DOUBLE_EQ(x.weights.at({0}), 0.2);
  EXPECT_DOUBLE_EQ(x.weights.at({1}), 0.5);
  EXPECT_DOUBLE_EQ(x.weights.at({2}), 0.225);
  EXPECT_DOUBLE_EQ(x.weights.at({3}), 0.075);
  // 0.2, 0.225 and 0.075 of 0.5, times 65535, to the nearest
  EXPECT_EQ(x.row, (weight_row{{0, 26214}, {1, 65535}, {2, 29491}, {3, 9830}}));
}

/// A restarted node asks for what was decided in its last incarnation.
TEST_F(weights, a_decided_epoch_is_answered_from_its_record_without_asking_anybody) {
  members["liquidity"] = keep(spawn_mute(sys));
  raise();
  uint64_t epoch = 5;
  for (const auto status :
       {publish_status::confirmed, publish_status::failed, publish_status::skipped}) {
    publish_record record;
    record.epoch = {++epoch};
    record.status = status;
    record.reason = "as it was";
    store(record);
    EXPECT_EQ(ask<publish_record>(pipeline, atom::publish_v, epoch_no{epoch}), record);
    EXPECT_EQ(ask<publish_record>(pipeline, atom::publish_v, epoch_no{epoch}), record);
  }
  EXPECT_EQ(views, 0u);
  EXPECT_TRUE(orders.empty());
}

TEST_F(weights, an_order_that_was_on_its_way_goes_to_the_writer_as_it_was) {
  members["liquidity"] = keep(spawn_mute(sys));
  raise();
  uint64_t epoch = 5;
  for (const auto status : {publish_status::intended, publish_status::sent}) {
    publish_record record;
    record.epoch = {++epoch};
    record.status = status;
    record.weights = order_of(epoch).weights;
    record.row = order_of(epoch).row;
    record.version_key = 4;
    store(record);
    ask<publish_record>(pipeline, atom::publish_v, epoch_no{epoch});
    auto expected = order_of(epoch);
    expected.version_key = 4;
    ASSERT_FALSE(orders.empty());
    EXPECT_EQ(orders.back(), expected);
  }
  EXPECT_EQ(orders.size(), 2u);
  EXPECT_EQ(views, 0u);
}

TEST_F(weights, an_epoch_is_decided_once) {
  prompt("liquidity", {{{1}, 1.0}});
  raise();
  const auto first = publish(5);
  kill(members.at("liquidity"));
  EXPECT_EQ(publish(5), first);
  EXPECT_EQ(orders.size(), 1u);
}

TEST_F(weights, a_mute_and_a_broken_mechanism_cannot_hold_up_the_epoch) {
  prompt("liquidity", {{{1}, 1.0}});
  members["sports"] = keep(spawn_mute(sys));
  members["leads"] = keep(spawn_broken(sys, "a bug"));
  raise();
  question<publish_record> asked{sys, pipeline, atom::publish_v, epoch_no{5}};
  settle();
  EXPECT_FALSE(asked.answered());
  advance(10s);
  ASSERT_TRUE(asked.look());
  ASSERT_EQ(orders.size(), 1u);
  EXPECT_DOUBLE_EQ(orders[0].weights.at({1}), 0.5);
  EXPECT_DOUBLE_EQ(orders[0].weights.at({0}), 0.5);
}

TEST_F(weights, what_the_guard_refuses_is_stored_as_skipped_with_its_reason) {
  prompt("liquidity", {{{77}, 1.0}});
  members["sports"] = keep(spawn_refusing(sys, "no odds today"));
  raise();
  const auto record = publish(5);
  EXPECT_EQ(record.status, publish_status::skipped);
  EXPECT_EQ(record.reason, "weights refused: uid 77 is not registered (sports: no odds today)");
  EXPECT_EQ(stored_record(*disk, 5), record);
  EXPECT_TRUE(orders.empty());
  EXPECT_EQ(publish(5), record) << "a decision not to publish is a decision";
}

TEST_F(weights, when_nobody_was_scored_the_mechanisms_state_why) {
  why = "nobody is eligible yet";
  prompt("liquidity", {});
  prompt("sports", {});
  raise();
  EXPECT_EQ(publish(5).reason, "no weights: nobody is eligible yet");
  kill(members.at("sports"));
  EXPECT_EQ(publish(6).reason,
            "no weights: nobody is eligible yet (sports: request_receiver_down)");
  why = "";
  EXPECT_EQ(publish(7).reason,
            "weights refused: no weights at all (sports: request_receiver_down)");
  EXPECT_TRUE(orders.empty());
}

TEST_F(weights, who_scores_nobody_keeps_its_last_good_scores_and_that_is_stored) {
  prompt("liquidity", {{{1}, 1.0}});
  prompt("sports", {{{2}, 1.0}});
  raise();
  EXPECT_EQ(publish(5).status, publish_status::confirmed);
  EXPECT_EQ(ask<weight_parts>(pipeline, atom::view_v, epoch_no{5}),
            (weight_parts{{"liquidity", 0.5, part_state::fresh, 0, 1, ""},
                          {"sports", 0.3, part_state::fresh, 0, 1, ""}}));
  kill(members.at("sports"));
  prompt("sports", {});
  raise();
  for (uint64_t epoch = 6; epoch <= 8; ++epoch) {
    EXPECT_EQ(publish(epoch).status, publish_status::confirmed);
    EXPECT_DOUBLE_EQ(orders.back().weights.at({2}), 0.3) << epoch;
    EXPECT_DOUBLE_EQ(orders.back().weights.at({1}), 0.5) << epoch << ": nobody else is moved";
    const auto parts = ask<weight_parts>(pipeline, atom::view_v, epoch_no{epoch});
    EXPECT_EQ(parts.at(1),
              (weight_part{"sports", 0.3, part_state::kept, epoch - 5, 1, "it scored nobody"}));
  }
  publish(9);
  EXPECT_FALSE(orders.back().weights.contains({2})) << "older than three epochs";
  EXPECT_DOUBLE_EQ(orders.back().weights.at({1}), 0.5);
  EXPECT_EQ(ask<weight_parts>(pipeline, atom::view_v, epoch_no{9}).at(1).state, part_state::burned);
}

TEST_F(weights, nothing_is_published_when_everybody_is_missing) {
  members["liquidity"] = keep(spawn_refusing(sys, "no revenue could be read"));
  members["sports"] = keep(spawn_mute(sys));
  raise();
  const auto record = publish(5);
  EXPECT_EQ(record.status, publish_status::skipped);
  EXPECT_EQ(record.reason, "weights refused: no weights at all (liquidity: no revenue could be "
                           "read; sports: request_timeout)");
  EXPECT_TRUE(orders.empty()) << "never 100 % burn because a query failed";
  EXPECT_EQ(stored_record(*disk, 5), record);
}

TEST_F(weights, the_share_of_a_mechanism_that_failed_is_burned_only_as_far_as_is_allowed) {
  settings.burn_max = 0.6;
  members["liquidity"] = keep(spawn_refusing(sys, "no revenue could be read"));
  prompt("sports", {{{2}, 1.0}});
  raise();
  const auto record = publish(5);
  EXPECT_EQ(record.status, publish_status::skipped);
  EXPECT_EQ(record.reason,
            "weights refused: 70.000000 % would go to the burn uid 0, at most 60.000000 % is "
            "allowed (liquidity: no revenue could be read)");
  EXPECT_TRUE(orders.empty());
}

TEST_F(weights, stale_scores_count_for_so_many_epochs_and_no_longer) {
  const auto liquidity = prompt("liquidity", {{{1}, 1.0}});
  raise();
  publish(5);
  kill(liquidity);
  for (uint64_t epoch : {6, 7, 8}) {
    SCOPED_TRACE(epoch);
    EXPECT_EQ(publish(epoch).status, publish_status::confirmed);
    ASSERT_EQ(orders.back().epoch, epoch_no{epoch});
    EXPECT_DOUBLE_EQ(orders.back().weights.at({1}), 0.5);
  }
  const auto record = publish(9);
  EXPECT_EQ(record.status, publish_status::skipped);
  EXPECT_EQ(record.reason, "weights refused: no weights at all (liquidity: request_receiver_down)");
  EXPECT_EQ(orders.size(), 4u);
}

TEST_F(weights, movement_is_measured_from_what_the_chain_is_known_to_hold) {
  settings.moved_max = 0.4;
  publish_record held;
  held.epoch = {3};
  held.status = publish_status::confirmed;
  held.weights = {{{1}, 1.0}};
  store(held);
  held.epoch = {4};
  held.status = publish_status::failed; // the chain does not hold it
  held.weights = {{{0}, 0.5}, {{2}, 0.5}};
  store(held);
  prompt("liquidity", {{{2}, 1.0}});
  raise();
  const auto record = publish(5);
  EXPECT_EQ(record.status, publish_status::skipped);
  EXPECT_EQ(record.reason, "weights refused: moved 100.000000 % away from the last good weights, "
                           "at most 40.000000 % is allowed");
}

TEST_F(weights, what_moved_too_far_is_published_once_when_an_operator_asks_for_it) {
  settings.moved_max = 0.4;
  publish_record held;
  held.epoch = {3};
  held.status = publish_status::confirmed;
  held.weights = {{{1}, 1.0}};
  store(held);
  prompt("liquidity", {{{2}, 1.0}});
  raise();
  const auto past = [this] {
    question<publish_record> asked{sys, pipeline, publish_once{"checked", "alice", 5}};
    settle();
    return asked.look() ? std::string{} : sentence(asked.look().error());
  };
  EXPECT_EQ(past(), "the weights of epoch 3 were not held back; see weights");
  ASSERT_EQ(publish(5).status, publish_status::skipped);
  EXPECT_TRUE(orders.empty());
  EXPECT_EQ(past(), "");
  ASSERT_EQ(orders.size(), 1U);
  EXPECT_EQ(orders[0].epoch, epoch_no{5});
  EXPECT_TRUE(orders[0].over_skipped);
  EXPECT_DOUBLE_EQ(orders[0].weights.at({2}), 0.5);
  EXPECT_EQ(past(), "the weights of epoch 5 were not held back; see weights");
  EXPECT_EQ(publish(6).status, publish_status::confirmed) << "the guard goes on from those";
  EXPECT_FALSE(orders[1].over_skipped);
}

TEST_F(weights, what_was_held_back_for_another_reason_is_not_published_once_either) {
  settings.moved_max = 0.4;
  settings.uids_min = 9;
  prompt("liquidity", {{{2}, 1.0}});
  raise();
  ASSERT_EQ(publish(5).status, publish_status::skipped);
  question<publish_record> asked{sys, pipeline, publish_once{"checked", "alice", 5}};
  settle();
  ASSERT_FALSE(asked.look());
  EXPECT_EQ(sentence(asked.look().error()).find("not only how far they move: weights refused"), 0U)
    << sentence(asked.look().error());
  EXPECT_TRUE(orders.empty());
  EXPECT_EQ(tables::published.get(*disk, {5})->status, publish_status::skipped);
}

/// Six uids are registered, the chain takes no less than four weights.
TEST_F(weights, who_is_not_scored_fills_up_what_the_chain_asks_for) {
  settings.fill = weight_fill::epsilon;
  chain_min = 4;
  prompt("liquidity", {{{1}, 1.0}});
  raise();
  publish(5);
  ASSERT_EQ(orders.size(), 1U);
  ASSERT_EQ(orders[0].weights.size(), 6U);
  EXPECT_DOUBLE_EQ(orders[0].weights.at({1}), 0.50001 / 1.00006);
  EXPECT_DOUBLE_EQ(orders[0].weights.at({0}), 0.50001 / 1.00006) << "burned";
  EXPECT_DOUBLE_EQ(orders[0].weights.at({4}), 1e-5 / 1.00006);
  EXPECT_EQ(orders[0].row, (weight_row{{0, 65535}, {1, 65535}, {2, 1}, {3, 1}, {4, 1}, {9, 1}}));
}

TEST_F(weights, filling_up_makes_no_weights_of_none_and_hides_nothing_from_the_guard) {
  settings.fill = weight_fill::epsilon;
  settings.uids_min = 3;
  chain_min = 4;
  prompt("liquidity", {{{1}, 1.0}});
  raise();
  EXPECT_EQ(publish(5).reason,
            "weights refused: nearly empty: 2 uids have a weight, at least 3 are expected");
  kill(members.at("liquidity"));
  EXPECT_TRUE(publish(9).reason.starts_with("weights refused: no weights at all"));
  EXPECT_TRUE(orders.empty());
}

/// What a disk that went bad has in the place of the record of `epoch`.
storage::batch damaged_record(uint64_t epoch) {
  storage::batch writes;
  tables::published.put(writes, {epoch}, {});
  writes.writes.back().value = "no record";
  return writes;
}

TEST_F(weights, nothing_is_published_while_the_last_good_weights_cannot_be_read) {
  settings.moved_max = 0.4;
  publish_record held;
  held.epoch = {3};
  held.status = publish_status::confirmed;
  held.weights = {{{1}, 1.0}};
  store(held);
  ASSERT_TRUE(disk->commit(damaged_record(4)));
  prompt("liquidity", {{{2}, 1.0}});
  raise();
  const auto record = publish(5);
  EXPECT_EQ(record.status, publish_status::skipped);
  EXPECT_TRUE(record.reason.starts_with("the last good weights cannot be read: ")) << record.reason;
  EXPECT_NE(record.reason.find("table published"), std::string::npos) << record.reason;
  EXPECT_TRUE(orders.empty()) << "the guard must not be off";
}

TEST_F(weights, a_damaged_record_from_before_the_last_good_weights_changes_nothing) {
  settings.moved_max = 0.4;
  ASSERT_TRUE(disk->commit(damaged_record(2)));
  publish_record held;
  held.epoch = {3};
  held.status = publish_status::confirmed;
  held.weights = {{{1}, 1.0}};
  store(held);
  prompt("liquidity", {{{2}, 1.0}});
  raise();
  EXPECT_EQ(publish(5).reason, "weights refused: moved 100.000000 % away from the last good "
                               "weights, at most 40.000000 % is allowed");
}

TEST_F(weights, without_eyes_on_the_chain_nothing_is_decided) {
  prompt("liquidity", {{{1}, 1.0}});
  blind = caf::make_error(ec::unreachable, std::string{"no connection"});
  raise();
  EXPECT_EQ(sentence(ask_error<publish_record>(pipeline, atom::publish_v, epoch_no{5})),
            "no connection");
  EXPECT_FALSE(stored_record(*disk, 5));
  blind.reset();
  EXPECT_EQ(publish(5).status, publish_status::confirmed);
}

TEST_F(weights, how_the_writer_ended_is_passed_on) {
  prompt("liquidity", {{{1}, 1.0}});
  ends = publish_status::failed;
  raise();
  EXPECT_EQ(publish(5).status, publish_status::failed);
}

TEST_F(weights, an_epoch_that_is_being_decided_is_not_decided_twice) {
  prompt("liquidity", {{{1}, 1.0}});
  raise();
  question<publish_record> first{sys, pipeline, atom::publish_v, epoch_no{5}};
  question<publish_record> second{sys, pipeline, atom::publish_v, epoch_no{5}};
  settle();
  ASSERT_TRUE(first.answered());
  ASSERT_TRUE(second.answered());
  EXPECT_EQ(orders.size(), 1u);
  EXPECT_EQ(*first.look(), *second.look());
}

} // namespace
} // namespace sluice::test
