#include "actors/leads/attempts.hpp"
#include "tests/support/leads_world.hpp"

namespace sluice::test {
namespace {

namespace tables = storage::tables;

class lead_attempts : public leads_test {
protected:
  void open_attempt(bool with_row, std::vector<uint16_t> uids = {1}) {
    lead_step step;
    step.attempt = 4;
    step.chain_epoch = 7;
    storage::batch writes;
    tables::lead_steps.put(writes, 9, step);
    if (with_row) {
      lead_publish row;
      row.number = 4;
      row.epoch = 8;
      row.uids = std::move(uids);
      tables::lead_publishes.put(writes, 4, row);
    }
    ASSERT_TRUE(disk->commit(writes));
  }
  void decide(uint64_t of_epoch, publish_status status, const std::string& reason = "") {
    publish_record row;
    row.epoch = {of_epoch};
    row.status = status;
    row.hash = "hash";
    row.reason = reason;
    storage::batch writes;
    tables::published.put(writes, {of_epoch}, row);
    ASSERT_TRUE(disk->commit(writes));
  }
  std::optional<lead_publish> ended() {
    const auto found = ended_attempt(*disk);
    EXPECT_TRUE(found) << found.error().what;
    return found ? *found : std::nullopt;
  }
};

TEST_F(lead_attempts, are_open_until_the_weights_of_their_epoch_are_decided) {
  EXPECT_FALSE(ended()); // no step yet
  open_attempt(true);
  EXPECT_FALSE(ended());
  decide(7, publish_status::confirmed); // of the epoch before
  EXPECT_FALSE(ended());
  for (const auto status : {publish_status::intended, publish_status::sent}) {
    decide(8, status);
    EXPECT_FALSE(ended());
  }
  decide(8, publish_status::confirmed);
  ASSERT_TRUE(ended());
  EXPECT_EQ(ended()->result, publish_end::done);
  EXPECT_EQ(ended()->tx, "hash");
}

TEST_F(lead_attempts, fail_with_the_reason_of_the_weights) {
  open_attempt(true);
  decide(8, publish_status::failed, "SettingWeightsTooFast");
  EXPECT_EQ(ended()->result, publish_end::failed);
  EXPECT_EQ(ended()->reason, "SettingWeightsTooFast");
  decide(8, publish_status::skipped, "weights refused: moved too far");
  EXPECT_EQ(ended()->result, publish_end::failed);
}

TEST_F(lead_attempts, without_anything_to_publish_are_skipped_whatever_others_published) {
  open_attempt(true, {});
  decide(8, publish_status::confirmed);
  EXPECT_EQ(ended()->result, publish_end::skipped);
  EXPECT_EQ(ended()->tx, "");
}

TEST_F(lead_attempts, whose_scores_nobody_asked_for_have_failed) {
  open_attempt(false);
  decide(7, publish_status::confirmed);
  EXPECT_FALSE(ended());
  decide(9, publish_status::confirmed);
  ASSERT_TRUE(ended());
  EXPECT_EQ(ended()->number, 4U);
  EXPECT_EQ(ended()->result, publish_end::failed);
}

TEST_F(lead_attempts, are_noted_once) {
  open_attempt(true);
  decide(8, publish_status::confirmed);
  storage::batch writes;
  tables::lead_publishes.put(writes, 4, *ended());
  ASSERT_TRUE(disk->commit(writes));
  EXPECT_FALSE(ended());
}

} // namespace
} // namespace sluice::test
