#include "rules/consensus/explain.hpp"
#include "rules/consensus/report_book.hpp"
#include "rules/consensus/status_list.hpp"

#include <gtest/gtest.h>

namespace sluice {
namespace {

constexpr uint64_t now_ms = 1'767'225'600'000;

void add(report_book& book, uint16_t validator, const std::string& list) {
  status_report report;
  report.validator_uid = validator;
  report.received_ms = now_ms;
  report.statuses = read_status_list(list)->statuses;
  book.prepare(report);
  ASSERT_TRUE(book.put(std::move(report)));
}

/// VIO-E2E-1: two validators, is_serving in conflict, one field of four: 1.0 + 0.2 - 0.25 = 0.95.
TEST(confidence_parts, add_up_to_the_confidence_of_the_record) {
  report_book book;
  add(book, 48, R"([{"uid":49,"hotkey":"k","stake":1000,"is_serving":true}])");
  add(book, 49, R"([{"uid":49,"hotkey":"k","stake":1300,"is_serving":false}])");
  const auto* record = book.find({49});
  ASSERT_NE(record, nullptr);
  const auto parts = confidence_parts_of(*record, book.explain({49}), book.settings());
  ASSERT_TRUE(parts);
  EXPECT_DOUBLE_EQ(parts->mean, 1.0);
  EXPECT_DOUBLE_EQ(parts->bonus, 0.2);
  EXPECT_DOUBLE_EQ(parts->penalty, 0.25);
  EXPECT_NEAR(parts->sum, 0.95, 1e-12);
  EXPECT_NEAR(record->confidence, 0.95, 1e-12);
}

TEST(confidence_parts, are_none_without_a_quorum_and_where_weights_are_other_things) {
  report_book book;
  add(book, 48, R"([{"uid":49,"hotkey":"k","stake":1000,"is_serving":true}])");
  EXPECT_FALSE(confidence_parts_of(*book.find({49}), book.explain({49}), book.settings()));
  consensus_settings settings;
  settings.policy = consensus_policy::byzantine;
  report_book other{settings};
  add(other, 48, R"([{"uid":49,"hotkey":"k","stake":1000,"is_serving":true}])");
  add(other, 49, R"([{"uid":49,"hotkey":"k","stake":1000,"is_serving":true}])");
  EXPECT_FALSE(confidence_parts_of(*other.find({49}), other.explain({49}), settings));
}

} // namespace
} // namespace sluice
