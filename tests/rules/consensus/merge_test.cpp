#include "rules/consensus/merge.hpp"
#include "rules/consensus/report_book.hpp"
#include "tests/support/consensus_reports.hpp"
#include "tests/support/straight_consensus.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace sluice {
namespace {

using nlohmann::json;
using test::put_into;
using test::report_of;
using test::report_time_ms;

/// What the latest reports in the window make by the long way.
test::straight_record
straight_of(const std::map<uint16_t, test::straight_report>& latest, uint64_t now_ms) {
  std::vector<test::straight_report> in_window;
  for (const auto& [validator, x] : latest)
    if (x.ms + 300'000 >= now_ms)
      in_window.push_back(x);
  return test::straight_merge(in_window);
}

void expect_same(const consensus_record& x, const test::straight_record& expected) {
  EXPECT_EQ(name_of(x.state), expected.state);
  EXPECT_EQ(std::set<uint16_t>(x.validators.begin(), x.validators.end()), expected.validators);
  if (!x.has_quorum())
    return;
  EXPECT_EQ(std::set<std::string>(x.conflicts.begin(), x.conflicts.end()), expected.conflicts);
  EXPECT_EQ(x.compared_fields, static_cast<uint32_t>(expected.compared));
  EXPECT_NEAR(x.conflict_ratio, expected.ratio, 1e-12);
  EXPECT_NEAR(x.confidence, expected.confidence, 1e-9);
  const auto status = json::parse(status_json(x.status));
  EXPECT_EQ(status.size(), expected.status.size());
  for (const auto& [name, value] : expected.status.items()) {
    ASSERT_TRUE(status.contains(name)) << name;
    if (value.is_number_float())
      EXPECT_NEAR(status.at(name).get<double>(), value.get<double>(), 1e-9) << name;
    else
      EXPECT_EQ(status.at(name), value) << name;
  }
}

TEST(consensus_merge, is_what_the_straight_way_makes_of_random_reports) {
  for (uint64_t seed = 1; seed <= 40; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937_64 chance{seed};
    report_book book;
    std::map<uint16_t, std::map<uint16_t, test::straight_report>> latest; // uid, validator
    uint64_t now_ms = report_time_ms;
    for (int i = 0; i < 60; ++i) {
      now_ms += chance() % (chance() % 8 == 0 ? 400'000 : 30'000);
      const auto validator = static_cast<uint16_t>(chance() % 6);
      const auto list = test::random_list(chance, 1 + chance() % 6, 4, 3);
      const auto read = read_status_list(list);
      ASSERT_TRUE(read) << read.error().what;
      put_into(book, report_of(validator, now_ms, read->statuses));
      for (const auto& item : json::parse(list)) {
        const auto clean = test::straight_cleaned(item);
        latest[item.at("uid").get<uint16_t>()][validator]
          = {validator, now_ms, clean, test::straight_confidence(clean)};
      }
      book.expire(now_ms);
      for (const auto& [uid, reports] : latest)
        if (const auto* record = book.find({uid}))
          expect_same(*record, straight_of(reports, now_ms));
    }
    EXPECT_EQ(book.records().size(), latest.size());
  }
}

TEST(consensus_merge, counts_the_latest_report_of_each_validator_only) {
  report_book book;
  auto first = test::full_status(49, "abc", 1000, true);
  put_into(book, report_of(48, report_time_ms, {first}));
  EXPECT_EQ(book.find({49})->state, consensus_state::pending);
  put_into(book, report_of(48, report_time_ms + 1, {first})); // the same one twice is no quorum
  EXPECT_EQ(book.find({49})->state, consensus_state::pending);
  first.is_serving = false;
  first.stake = 1100;
  put_into(book, report_of(49, report_time_ms + 2, {test::full_status(49, "abc", 1200, true)}));
  put_into(book, report_of(48, report_time_ms + 3, {first}));
  const auto& record = *book.find({49});
  EXPECT_EQ(record.validators, (std::vector<uint16_t>{48, 49}));
  EXPECT_DOUBLE_EQ(*record.status.stake, 1150);
  EXPECT_FALSE(*record.status.is_serving); // a tie: the most recent
  EXPECT_EQ(record.conflicts, std::vector<std::string>{"is_serving"});
}

TEST(consensus_merge, returns_the_field_itself_and_not_the_uid) {
  report_book book;
  for (const uint16_t validator : {1, 2})
    put_into(book, report_of(validator, report_time_ms, {test::full_status(7, "h", 1, true)}));
  const auto& status = book.find({7})->status;
  EXPECT_EQ(status.ip, "\"192.0.2.1\"");
  EXPECT_EQ(status.port, "8091");
  EXPECT_EQ(*status.max_capacity, 5);
}

TEST(consensus_merge, merges_fields_of_other_programs_and_values_that_are_lists) {
  report_book book;
  const std::string tts = R"({"uid":7,"task_type_specialization":["tts"],)";
  put_into(book,
           report_of(1, report_time_ms, {test::status_from(tts + R"("region":{"a": [1, 2]}})")}));
  put_into(book, report_of(2, report_time_ms, {test::status_from(tts + R"("zone":3})")}));
  const auto& record = *book.find({7});
  ASSERT_EQ(record.state, consensus_state::agreed);
  EXPECT_EQ(record.status.extra,
            (std::vector<status_extra>{{"region", R"({"a":[1,2]})"}, {"zone", "3"}}));
  EXPECT_EQ(record.status.task_types, std::vector<std::string>{"tts"});
  EXPECT_EQ(record.compared_fields, 2U); // uid and the specialization
}

TEST(consensus_merge, serves_the_heaviest_hotkey_of_a_uid_that_was_registered_anew) {
  report_book book;
  for (const uint16_t validator : {1, 2, 3})
    put_into(book, report_of(validator, report_time_ms,
                             {test::full_status(7, validator == 3 ? "old" : "new",
                                                validator == 3 ? 9 : 5, true)}));
  const auto& record = *book.find({7});
  EXPECT_EQ(record.hotkey, "new");
  EXPECT_EQ(record.validators, (std::vector<uint16_t>{1, 2}));
  EXPECT_DOUBLE_EQ(*record.status.stake, 5); // nothing of the other one
  EXPECT_TRUE(record.conflicts.empty());     // two thirds are more than 60 %
  put_into(book, report_of(4, report_time_ms, {test::full_status(7, "old", 9, true)}));
  EXPECT_EQ(book.find({7})->conflicts, std::vector<std::string>{"hotkey"});
}

TEST(consensus_merge, lets_an_older_report_weigh_less_when_a_halving_time_is_set) {
  consensus_settings settings;
  settings.weights.halving_s = 60;
  report_book book{settings};
  put_into(book, report_of(1, report_time_ms, {test::full_status(7, "h", 100, true)}));
  put_into(book, report_of(2, report_time_ms + 60'000, {test::full_status(7, "h", 400, true)}));
  EXPECT_NEAR(*book.find({7})->status.stake, (100 * 0.5 + 400) / 1.5, 1e-9);
}

TEST(consensus_merge, weighs_by_stake_and_reputation_when_that_is_set) {
  consensus_settings settings;
  settings.weights.stake = true;
  settings.weights.reputation = true;
  report_book book{settings};
  book.set_validators({{1, "A", 1000}, {2, "B", 250}});
  validator_history known;
  known.hotkey = "uid:1";
  known.uid = 1;
  known.reputation = 0.5;
  book.set_history(known);
  put_into(book, report_of(1, report_time_ms, {test::full_status(7, "h", 100, true)}));
  put_into(book, report_of(2, report_time_ms, {test::full_status(7, "h", 400, true)}));
  EXPECT_NEAR(*book.find({7})->status.stake, (100 * 0.5 + 400 * 0.25) / 0.75, 1e-9);
}

TEST(consensus_merge, explains_every_merged_field_by_its_reports) {
  report_book book;
  put_into(book, report_of(1, report_time_ms, {test::full_status(7, "h", 100, true)}));
  auto other = test::full_status(7, "h", 400, false);
  other.ip = "\"192.0.2.2\"";
  put_into(book, report_of(2, report_time_ms + 1, {other}));
  std::map<std::string, field_explanation> why;
  for (auto& x : book.explain({7}))
    why[x.field] = x;
  const auto fields = fields_of(book.find({7})->status);
  EXPECT_EQ(why.size(), fields.size());
  for (const auto& [name, value] : fields) {
    ASSERT_TRUE(why.contains(name)) << name;
    EXPECT_EQ(why[name].json, value);
    EXPECT_EQ(why[name].reports.size(), 2U) << name;
  }
  EXPECT_EQ(why["stake"].rule, merge_rule::mean);
  EXPECT_EQ(why["stake"].reports[0].json, "100");
  EXPECT_TRUE(why["is_serving"].conflict);
  EXPECT_EQ(why["is_serving"].rule, merge_rule::vote);
  EXPECT_EQ(why["ip"].rule, merge_rule::newest);
  EXPECT_FALSE(why["ip"].reports[0].counts);
  EXPECT_TRUE(why["ip"].reports[1].counts);
  EXPECT_EQ(why["ip"].reports[1].report, 2U);
  EXPECT_TRUE(book.explain({8}).empty());
}

} // namespace
} // namespace sluice
