#include "actors/sports/attempts.hpp"
#include "storage/sports/steps.hpp"
#include "storage/sports/tables.hpp"
#include "storage/tables.hpp"
#include "tests/support/actor_test.hpp"

namespace sluice::test {
namespace {

namespace tables = storage::tables;

class sports_attempts_test : public actor_test {
protected:
  void store_attempt(const weights_attempt& x) {
    storage::batch writes;
    sports_step step;
    step.attempt = x.number;
    tables::sports_steps.put(writes, x.number, step);
    tables::sports_attempts.put(writes, x.number, x);
    ASSERT_TRUE(disk->commit(writes));
  }

  void publish(uint64_t epoch, publish_status status, const std::string& reason = "") {
    publish_record x;
    x.epoch = {epoch};
    x.status = status;
    x.reason = reason;
    x.hash = "hash";
    storage::batch writes;
    tables::published.put(writes, x.epoch, x);
    ASSERT_TRUE(disk->commit(writes));
  }

  weights_attempt asked(uint64_t epoch) const {
    weights_attempt x;
    x.number = 1;
    x.time_us = 5;
    x.epoch = epoch;
    x.vector = {{{1}, 0.25}, {{2}, 0.75}};
    return x;
  }

  std::optional<weights_attempt> ended() {
    const auto x = ended_sports_attempt(*disk, 99);
    EXPECT_TRUE(x) << x.error().what;
    return x ? *x : std::nullopt;
  }

  std::shared_ptr<storage::data_dir> disk = open_disk();
};

TEST_F(sports_attempts_test, end_as_the_weights_of_their_epoch_did) {
  EXPECT_FALSE(ended()) << "there is none";
  store_attempt(asked(7));
  EXPECT_FALSE(ended()) << "nothing is decided";
  publish(6, publish_status::confirmed);
  EXPECT_FALSE(ended()) << "that was before";
  publish(7, publish_status::sent);
  EXPECT_FALSE(ended()) << "it is on its way";
  publish(7, publish_status::confirmed);
  const auto done = ended();
  ASSERT_TRUE(done);
  EXPECT_EQ(done->end, weights_end::succeeded);
  EXPECT_EQ(done->tx, "hash");
  EXPECT_EQ(done->ended_us, 99);
  const auto event = weights_event_of(*done);
  EXPECT_TRUE(event.success);
  EXPECT_EQ(event.score_stats, (weight_stats{2, 0.25, 0.75, 0.5}));
  EXPECT_FALSE(event.error);
  store_attempt(*done);
  EXPECT_FALSE(ended()) << "noted once";
}

TEST_F(sports_attempts_test, fail_with_the_name_of_the_error) {
  store_attempt(asked(7));
  publish(7, publish_status::failed, "dispatch error SettingWeightsTooFast at block 5");
  const auto done = ended();
  ASSERT_TRUE(done);
  EXPECT_EQ(done->end, weights_end::failed);
  EXPECT_EQ(done->error_type, "SettingWeightsTooFast");
  const auto event = weights_event_of(*done);
  EXPECT_FALSE(event.success);
  EXPECT_EQ(event.error_type, "SettingWeightsTooFast");
  EXPECT_FALSE(event.score_stats);
  EXPECT_EQ(weights_error_type("moved too far", true), "WeightsRefused");
  EXPECT_EQ(weights_error_type("connection lost", false), "ChainError");
}

TEST_F(sports_attempts_test, are_skipped_when_nobody_asked_or_nobody_has_a_score) {
  store_attempt(asked(0));
  ASSERT_TRUE(ended());
  EXPECT_EQ(ended()->end, weights_end::skipped);
  EXPECT_EQ(ended()->error_type, "NotAsked");
  auto empty = asked(7);
  empty.vector.clear();
  store_attempt(empty);
  publish(7, publish_status::skipped, "no weights");
  ASSERT_TRUE(ended());
  EXPECT_EQ(ended()->error_type, "NoData");
}

} // namespace
} // namespace sluice::test
