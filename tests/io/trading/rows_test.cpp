#include "io/trading/rows.hpp"
#include "tests/io/trading/some_rows.hpp"

#include <gtest/gtest.h>

#include <random>

namespace sluice::io {
namespace {

using nlohmann::json;
using sluice::test::expected_event;
using sluice::test::taoapp_row;
using sluice::test::taostats_row;

stake_row read(const json& row, const event_row_options& options = {}) {
  return read_event_row(row.dump(), "FILE", 7, options);
}

TEST(event_rows, both_providers_state_the_same_event) {
  auto expected = expected_event();
  EXPECT_EQ(read(taoapp_row()).event, expected);
  expected.block = 5200010;
  EXPECT_EQ(read(taostats_row()).event, expected);
}

TEST(event_rows, the_mapping_of_taoapp_is_a_setting) {
  const auto x = read(taoapp_row(), {event_row_form::taoapp, tao_mapping::by_direction}).event;
  ASSERT_TRUE(x);
  EXPECT_EQ(x->tao, 26'223'623'244);
  EXPECT_EQ(x->alpha, 2'515'996'809);
  auto stake = taoapp_row();
  stake["event_id"] = "stakeadded";
  EXPECT_EQ(read(stake, {event_row_form::taoapp, tao_mapping::by_direction}).event->tao,
            2'515'996'809);
}

TEST(event_rows, our_own_form_reads_back) {
  auto x = expected_event();
  EXPECT_EQ(read_event_row(event_row_text(x), "FILE", 1).event, x);
  x.block = 9;
  x.index = 0;
  x.fee = 17;
  x.action = stake_action::stake;
  x.extrinsic = "a\"b\\c";
  EXPECT_EQ(read_event_row(event_row_text(x), "FILE", 1).event, x);
}

struct rejected_row {
  const char* field;
  json value;
  row_rejection why;
};

TEST(event_rows, every_reason_is_given_with_its_place) {
  const std::vector<rejected_row> cases{
    {"netuid", 0, row_rejection::netuid},
    {"netuid", nullptr, row_rejection::netuid},
    {"netuid", 65'536, row_rejection::netuid},
    {"netuid", -1, row_rejection::netuid},
    {"netuid", 1.5, row_rejection::netuid},
    {"netuid", true, row_rejection::netuid},
    {"timestamp", nullptr, row_rejection::timestamp},
    {"timestamp", "", row_rejection::timestamp},
    {"timestamp", 1'743'465'600, row_rejection::timestamp},
    {"timestamp", json::object(), row_rejection::timestamp},
    {"action", "StakeMoved", row_rejection::action},
    {"action", 1, row_rejection::action},
    {"amount", "12.5x", row_rejection::amount},
    {"amount", "0", row_rejection::amount},
    {"amount", "-5", row_rejection::amount},
    {"amount", nullptr, row_rejection::amount},
    {"amount", true, row_rejection::amount},
    {"amount", "1e300", row_rejection::amount},
    {"alpha", "0.4", row_rejection::amount},
    {"alpha", "21000000000000001", row_rejection::amount},
    {"extrinsic_id", nullptr, row_rejection::extrinsic},
    {"extrinsic_id", "", row_rejection::extrinsic},
    {"extrinsic_id", std::string(97, 'x'), row_rejection::extrinsic},
    {"nominator", nullptr, row_rejection::key},
    {"nominator", {{"ss58", 5}}, row_rejection::key},
    {"delegate", {{"hex", "0x"}}, row_rejection::key},
  };
  for (const auto& x : cases) {
    auto row = taostats_row();
    row[x.field] = x.value;
    const auto read_row = read(row, {event_row_form::taostats});
    EXPECT_FALSE(read_row.event) << x.field << ' ' << x.value;
    EXPECT_EQ(name_of(read_row.rejected), name_of(x.why)) << x.field << ' ' << x.value;
    EXPECT_TRUE(read_row.why.starts_with("FILE:7:")) << read_row.why;
    EXPECT_NE(read_row.why.find(x.field), std::string::npos) << read_row.why;
  }
}

TEST(event_rows, several_things_wrong_give_the_first_reason) {
  auto row = taostats_row();
  row["extrinsic_id"] = nullptr;
  row["amount"] = "0";
  EXPECT_EQ(read(row).rejected, row_rejection::amount);
  row["action"] = "x";
  EXPECT_EQ(read(row).rejected, row_rejection::action);
  row["timestamp"] = "x";
  EXPECT_EQ(read(row).rejected, row_rejection::timestamp);
  row["netuid"] = 0;
  EXPECT_EQ(read(row).rejected, row_rejection::netuid);
}

TEST(event_rows, numbers_that_are_none_are_no_amounts) {
  auto text = taoapp_row().dump();
  const std::string amount = "2.515996809";
  for (const auto* other : {"NaN", "Infinity", "-Infinity", "1e400"}) {
    auto damaged = text;
    damaged.replace(damaged.find(amount), amount.size(), other);
    EXPECT_EQ(read_event_row(damaged, "FILE", 1).rejected, row_rejection::amount) << other;
  }
}

TEST(event_rows, a_line_that_is_no_object_is_counted_as_json) {
  for (const auto* text : {"", "[]", "7", "{\"netuid\":3", "{\"netuid\":3,\"netuid\":4}", "{}x"}) {
    const auto row = read_event_row(text, "FILE", 3);
    EXPECT_EQ(row.rejected, row_rejection::json) << text;
    EXPECT_TRUE(row.why.starts_with("FILE:3:")) << row.why;
  }
}

TEST(event_rows, the_column_is_that_of_the_value) {
  const auto row = read_event_row(R"({"netuid":  "x"})", "FILE", 3);
  EXPECT_TRUE(row.why.starts_with("FILE:3:13: netuid: expected")) << row.why;
}

} // namespace
} // namespace sluice::io
