#include "actors/report/weights_text.hpp"
#include "tests/actors/report/sample_report.hpp"

#include <gtest/gtest.h>

namespace sluice::report {

TEST(weights_text, shares_are_of_the_whole_row_and_the_burn_is_last) {
  const weight_row row{{0, 65535}, {3, 49845}, {9, 0}};
  EXPECT_EQ(share_text(row, miner_uid{0}), "uid 3: 43.2 %, uid 9: 0.0 %, burn (uid 0): 56.8 %");
  EXPECT_EQ(share_text(row, std::nullopt), "uid 0: 56.8 %, uid 3: 43.2 %, uid 9: 0.0 %");
  EXPECT_EQ(share_text({{4, 65535}}, miner_uid{0}), "uid 4: 100.0 %");
  EXPECT_EQ(share_text({}, miner_uid{0}), "nobody");
  EXPECT_EQ(share_text({{4, 0}}, miner_uid{0}), "uid 4: 0.0 %");
}

TEST(weights_text, a_small_share_is_not_nothing) {
  EXPECT_EQ(share_text({{0, 65535}, {1, 1}, {2, 20}, {3, 100}}, miner_uid{0}),
            "uid 3: 0.2 %, uid 2: 0.03 %, uid 1: 0.002 %, burn (uid 0): 99.8 %");
}

TEST(weights_text, every_status_is_shown) {
  auto record = test::published();
  EXPECT_EQ(fate_text(record), "read back: same, block 227");
  EXPECT_EQ(read_back_text(record), "same");
  record.read_back = {{3, 65535}};
  EXPECT_EQ(fate_text(record), "read back: different, block 227: uid 3: 100.0 %");
  EXPECT_EQ(read_back_text(record), "different");
  record.reason = "SettingWeightsTooFast";
  record.status = publish_status::failed;
  EXPECT_EQ(fate_text(record), "failed: SettingWeightsTooFast");
  EXPECT_EQ(read_back_text(record), "-");
  record.status = publish_status::skipped;
  record.reason = "";
  EXPECT_EQ(fate_text(record), "not published: no reason given");
  record.status = publish_status::sent;
  EXPECT_EQ(fate_text(record), "sent, not read back yet");
  record.status = publish_status::intended;
  EXPECT_EQ(fate_text(record), "not sent yet");
}

TEST(weights_text, parts_state_whose_share_is_paid_by_what) {
  const weight_part fresh{"alpha", 0.6, part_state::fresh, 0, 3, ""};
  EXPECT_EQ(parts_text({fresh}), "") << "the weights are its own";
  EXPECT_EQ(parts_text({fresh,
                        {"beta", 0.25, part_state::kept, 1, 2, "no answer"},
                        {"gamma", 0.15, part_state::burned, 0, 0, "no\ndata"}}),
            "alpha 60.0 %, beta 25.0 % by its scores of 1 epoch ago, gamma 15.0 % burned: no data");
}

TEST(weights_text, names_are_the_enumerators) {
  EXPECT_EQ(name_of(part_state::fresh), "fresh");
  EXPECT_EQ(name_of(part_state::kept), "kept");
  EXPECT_EQ(name_of(part_state::burned), "burned");
  EXPECT_EQ(name_of(publish_status::intended), "intended");
  EXPECT_EQ(name_of(publish_status::sent), "sent");
  EXPECT_EQ(name_of(publish_status::confirmed), "confirmed");
  EXPECT_EQ(name_of(publish_status::failed), "failed");
  EXPECT_EQ(name_of(publish_status::skipped), "skipped");
}

} // namespace sluice::report
