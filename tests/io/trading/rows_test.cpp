#include "io/trading/rows.hpp"
#include "tests/rules/trading/some_events.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <random>

namespace sluice::io {
namespace {

using nlohmann::json;

const std::string cold = "5HdSvEGXkSRmgBZB6p2WmerfGAU2r8Sgvucs5UeM1oLStMoC";
const std::string hot = "5EHL1GxEDtsapQkaFs7NvjEJReHiJkQRkNQanCXr8b1g2qj9";

json taostats_row() {
  return {{"block_number", 5200010},
          {"timestamp", "2025-04-01T00:02:00Z"},
          {"netuid", 3},
          {"action", "UNDELEGATE"},
          {"nominator", {{"ss58", cold}, {"hex", "0x00"}}},
          {"delegate", {{"ss58", hot}}},
          {"amount", "2515996809"},
          {"alpha", "26223623244"},
          {"alpha_price_in_tao", "0.095943905"},
          {"usd", "628.9992"},
          {"extrinsic_id", "5200010-0001"}};
}

json taoapp_row() {
  return {{"coldkey", cold},
          {"timestamp", "2025-04-01T02:02:00+02:00"},
          {"event_id", "StakeRemoved"},
          {"netuid", 3},
          {"amount_in", 2.515996809},
          {"amount_out", 26.223623244},
          {"hotkey", hot},
          {"extrinsics", "5200010-0001"}};
}

trading_event expected_event() {
  trading_event x;
  x.coldkey = cold;
  x.hotkey = hot;
  x.extrinsic = "5200010-0001";
  x.time_us = test::april_2025_us + 120 * us_per_second;
  x.netuid = 3;
  x.action = stake_action::unstake;
  x.tao = 2'515'996'809;
  x.alpha = 26'223'623'244;
  return x;
}

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

json page_of(size_t rows) {
  json data = json::array();
  for (size_t i = 0; i < rows; ++i)
    data.push_back(taostats_row());
  return {{"pagination", {{"total_items", 250}, {"total_pages", 3}, {"next_page", 2}}},
          {"data", data},
          {"more", {1, {{"x", 2}}}}};
}

TEST(event_pages, of_taostats_state_what_comes_next) {
  auto document = page_of(2);
  document["data"][1]["amount"] = "12.5x";
  const auto page = read_event_page(document.dump(2), "PAGE", {event_row_form::taostats});
  ASSERT_TRUE(page) << page.error().what;
  EXPECT_EQ(page->rows, 2U);
  EXPECT_EQ(page->events.size(), 1U);
  EXPECT_EQ(page->rejected[static_cast<size_t>(row_rejection::amount)], 1U);
  ASSERT_EQ(page->why.size(), 1U);
  EXPECT_TRUE(page->why[0].starts_with("PAGE:")) << page->why[0];
  EXPECT_EQ(page->next_page, 2U);
  EXPECT_EQ(page->total, 250U);
  EXPECT_EQ(page->total_pages, 3U);
  document["pagination"]["next_page"] = nullptr;
  EXPECT_EQ(read_event_page(document.dump(), "PAGE", {event_row_form::taostats})->next_page,
            std::nullopt);
}

TEST(event_pages, of_taoapp_too) {
  const json document{{"data", {taoapp_row()}}, {"next_page", 2}, {"total", 1001}};
  const auto page = read_event_page(document.dump(), "PAGE", {event_row_form::taoapp});
  ASSERT_TRUE(page) << page.error().what;
  EXPECT_EQ(page->events, std::vector{expected_event()});
  EXPECT_EQ(page->next_page, 2U);
  EXPECT_EQ(page->total, 1001U);
  const json last{{"data", json::array()}, {"next_page", nullptr}, {"total", 0}};
  EXPECT_EQ(read_event_page(last.dump(), "PAGE", {event_row_form::taoapp})->next_page,
            std::nullopt);
}

TEST(event_pages, documents_that_cannot_be_are_refused_with_their_place) {
  const event_row_options options{event_row_form::taoapp};
  for (const auto* text :
       {"", "[]", "{}", "{\"data\":{}}", "{\"data\":[1]}", "{\"data\":[],\"data\":[]}",
        "{\"data\":[]", "{\"data\":[],\"total\":\"many\"}", "{\"data\":[],\"next_page\":-1}",
        "{\"data\":[]} x", "{\"data\":[{\"netuid\":1,\"netuid\":2}]}"}) {
    const auto page = read_event_page(text, "PAGE", options);
    ASSERT_FALSE(page) << text;
    EXPECT_EQ(page.error().code, ec::bad_input);
    EXPECT_TRUE(page.error().what.starts_with("PAGE:1:")) << page.error().what;
  }
  EXPECT_EQ(read_event_page("{}", "PAGE", {}).error().code, ec::invalid_argument);
  EXPECT_EQ(read_event_page("{\"data\":[\"\xff\"]}", "PAGE", options).error().code, ec::bad_input);
}

TEST(event_pages, are_bounded) {
  const event_row_options options{event_row_form::taostats};
  EXPECT_FALSE(read_event_page(std::string(page_bytes_max + 1, ' '), "PAGE", options));
  std::string many = "{\"data\":[";
  for (size_t i = 0; i <= page_rows_max; ++i)
    many += i == 0 ? "{}" : ",{}";
  const auto page = read_event_page(many + "]}", "PAGE", options);
  ASSERT_FALSE(page);
  EXPECT_NE(page.error().what.find("10000"), std::string::npos);
}

TEST(event_pages, damaged_bytes_end_in_an_answer) {
  const uint64_t seed = std::random_device{}();
  std::mt19937_64 random{seed};
  const auto good = page_of(2).dump();
  for (int i = 0; i < 5000; ++i) {
    auto text = good;
    for (int k = 0; k < 3; ++k)
      text[random() % text.size()] = static_cast<char>(random() % 256);
    const auto page = read_event_page(text, "PAGE", {event_row_form::taostats});
    if (!page)
      continue;
    for (const auto& x : page->events)
      EXPECT_EQ(rejection_of(x), row_rejection::none) << "seed " << seed;
  }
}

TEST(pool_data, is_read_in_smallest_units) {
  const auto pool
    = read_pool_data(R"({"netuid":3,"tao_reserve":1.5,"alpha_reserve":"20","alpha_supply":100,)"
                     R"("emission_rate":0.5,"price":0.075})",
                     "POOL", 9);
  ASSERT_TRUE(pool);
  EXPECT_EQ(pool->netuid, 3);
  EXPECT_EQ(pool->time_us, 9);
  EXPECT_EQ(pool->tao_reserve, 1'500'000'000);
  EXPECT_EQ(pool->alpha_reserve, 20'000'000'000);
  EXPECT_EQ(pool->price, 0.075);
  EXPECT_EQ(read_pool_data("[]", "POOL", 9).error().code, ec::bad_input);
}

} // namespace
} // namespace sluice::io
