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
