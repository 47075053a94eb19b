#include "rules/consensus/status_field.hpp"
#include "rules/consensus/status_list.hpp"
#include "tests/support/consensus_reports.hpp"

#include <gtest/gtest.h>

namespace sluice {
namespace {

TEST(status_list, reads_the_report_of_the_design_note) {
  const auto read = read_status_list(
    R"([{"uid": 49, "hotkey": "abc123", "stake": 1000, "is_serving": true, "port": 8091,
         "ip": "192.0.2.1", "performance_score": 0.85, "current_load": 1, "max_capacity": 5,
         "last_seen": "2025-08-25T12:00:00", "task_type_specialization": null}])");
  ASSERT_TRUE(read) << read.error().what;
  ASSERT_EQ(read->statuses.size(), 1U);
  const auto& x = read->statuses.front();
  EXPECT_EQ(x.uid.value, 49);
  EXPECT_EQ(x.hotkey, "abc123");
  EXPECT_EQ(*x.stake, 1000);
  EXPECT_TRUE(*x.is_serving);
  EXPECT_EQ(x.port, "8091");
  EXPECT_EQ(x.ip, "\"192.0.2.1\"");
  EXPECT_EQ(x.last_seen, "\"2025-08-25T12:00:00\"");
  EXPECT_TRUE(x.specialization.empty());
  EXPECT_EQ(status_json(x),
            R"({"current_load":1,"hotkey":"abc123","ip":"192.0.2.1","is_serving":true,)"
            R"("last_seen":"2025-08-25T12:00:00","max_capacity":5,"performance_score":0.85,)"
            R"("port":8091,"stake":1000,"uid":49})");
}

TEST(status_list, skips_what_is_no_item_and_goes_on) {
  const auto read = read_status_list(
    R"([5, null, "x", [], {}, {"uid":null}, {"uid":"7"}, {"uid":true}, {"uid":1.0}, {"uid":-1},
        {"uid":65536}, {"uid":1e2}, {"uid":18446744073709551616}, {"uid":3,"uid":4},
        {"uid":5,"stake":1,"stake":2}, {"uid":6,"zone":1,"zone":2}, {"uid":0}, {"uid":65535}])");
  ASSERT_TRUE(read) << read.error().what;
  EXPECT_EQ(read->skipped, 16U);
  ASSERT_EQ(read->statuses.size(), 2U); // uid 0 is a miner like any other
  EXPECT_EQ(read->statuses[0].uid.value, 0);
  EXPECT_EQ(read->statuses[1].uid.value, 65'535);
}

TEST(status_list, removes_values_that_cannot_be) {
  const auto none = mask_of(test::status_from(R"({"uid":1})"));
  for (const auto* field :
       {R"("stake":-1)", R"("stake":"5")", R"("stake":1e999)", R"("stake":true)",
        R"("current_load":-0.5)", R"("performance_score":1.01)", R"("performance_score":-0.1)",
        R"("is_serving":"yes")", R"("is_serving":1)", R"("hotkey":"")", R"("hotkey":5)",
        R"("hotkey":"\ud83d")", R"("max_capacity":"5")", R"("task_type_specialization":5)",
        R"("task_type_specialization":true)", R"("ip":null)", R"("last_seen":null)"}) {
    const auto x = test::status_from(R"({"uid":1,)" + std::string{field} + "}");
    EXPECT_EQ(mask_of(x), none) << field;
    EXPECT_EQ(x.uid.value, 1);
  }
  EXPECT_EQ(*test::status_from(R"({"uid":1,"performance_score":1})").performance_score, 1);
  EXPECT_EQ(*test::status_from(R"({"uid":1,"max_capacity":-2})").max_capacity, -2);
}

TEST(status_list, makes_task_types_of_every_form_of_a_specialization) {
  const auto types = [](const std::string& json) {
    return test::status_from(R"({"uid":1,"task_type_specialization":)" + json + "}").task_types;
  };
  using list = std::vector<std::string>;
  EXPECT_EQ(types("\"tts\""), list{"tts"});
  EXPECT_EQ(types(R"(["tts", 5, "asr", "tts"])"), (list{"asr", "tts"}));
  EXPECT_EQ(types(R"({"tts":{"total":6},"asr":{}})"), (list{"asr", "tts"}));
  EXPECT_EQ(types("[]"), list{});
  const auto x = test::status_from(R"({"uid":1,"task_type_specialization": [ "a b" , {} ]})");
  EXPECT_EQ(x.specialization, R"(["a b",{}])");
}

TEST(status_list, keeps_unknown_fields_within_bounds) {
  std::string item = R"({"uid":1,"\u0061":"\u0062")";
  for (int i = 0; i < 40; ++i)
    item += ",\"x" + std::to_string(10 + i) + "\":" + std::to_string(i);
  const auto x = test::status_from(item + "}");
  EXPECT_EQ(x.extra.size(), status_limits::extra_max);
  EXPECT_EQ(x.extra.front(), (status_extra{"a", "\"b\""}));
  const std::string long_text(5000, 'x');
  const auto y = test::status_from(R"({"uid":1,"zone":")" + long_text + R"(","ip":")" + long_text
                                   + R"(","hotkey":")" + long_text + "\"}");
  EXPECT_EQ(y, test::status_from(R"({"uid":1})"));
}

TEST(status_list, tells_a_value_that_is_no_list_from_text_that_is_no_json) {
  for (const auto* text : {"{}", "5", "null", R"({"uid":1})", "\"[]\""}) {
    const auto read = read_status_list(text);
    ASSERT_TRUE(read) << text;
    EXPECT_FALSE(read->is_list) << text;
  }
  EXPECT_TRUE(read_status_list(" [] ")->is_list);
  for (const auto* text : {"", "[", "[1,]", "not json", "[{\"uid\":1]", "[] []", "[\"\xff\"]"}) {
    const auto read = read_status_list(text);
    ASSERT_FALSE(read) << text;
    EXPECT_EQ(read.error().code, ec::bad_input);
    EXPECT_NE(read.error().what.find("miner_statuses"), std::string::npos);
  }
}

TEST(status_list, refuses_what_is_too_much) {
  std::string many = "[0";
  for (size_t i = 0; i < status_limits::items_max; ++i)
    many += ",0";
  EXPECT_FALSE(read_status_list(many + "]"));
  EXPECT_FALSE(read_status_list("[" + std::string(status_limits::list_bytes_max, ' ') + "]"));
  EXPECT_FALSE(read_status_list("[" + std::string(20, '[') + std::string(20, ']') + "]"));
}

TEST(status_list, survives_mutated_reports) {
  std::mt19937_64 chance{3};
  size_t good = 0;
  for (int i = 0; i < 20'000; ++i) {
    auto text = test::random_list(chance, 3, 4, 2);
    for (uint64_t n = chance() % 4; n > 0; --n)
      text[chance() % text.size()] = static_cast<char>(chance() % 128);
    const auto read = read_status_list(text);
    good += read ? 1 : 0;
    for (const auto& x : read ? read->statuses : std::vector<miner_status>{})
      EXPECT_TRUE(!x.performance_score || (*x.performance_score >= 0 && *x.performance_score <= 1));
  }
  EXPECT_GT(good, 4000U);
}

} // namespace
} // namespace sluice
