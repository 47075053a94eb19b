#include "io/leads/firestore.hpp"

#include <gtest/gtest.h>

namespace sluice::io {
namespace {

TEST(firestore, gives_the_plain_value_of_every_type) {
  const auto document = json::parse(R"({
    "name": "projects/p/databases/(default)/documents/curation_results/abc",
    "fields": {
      "text": {"stringValue": "x"},
      "whole": {"integerValue": "-9223372036854775808"},
      "number": {"doubleValue": 0.5},
      "odd": {"doubleValue": "NaN"},
      "flag": {"booleanValue": true},
      "none": {"nullValue": null},
      "time": {"timestampValue": "2025-08-25T06:01:59.470690Z"},
      "place": {"geoPointValue": {"latitude": 1, "longitude": 2}},
      "map": {"mapValue": {"fields": {"a": {"integerValue": "1"}}}},
      "empty": {"mapValue": {}},
      "list": {"arrayValue": {"values": [{"stringValue": "y"}, {"integerValue": 2}]}},
      "empty_list": {"arrayValue": {}}},
    "createTime": "2025-08-26T00:00:00Z", "updateTime": "2025-08-27T00:00:00Z"})");
  record_fault wrong;
  const auto plain = plain_of_firestore(document, wrong);
  ASSERT_TRUE(plain) << wrong.expected;
  EXPECT_EQ(*plain, json::parse(R"({"text": "x", "whole": -9223372036854775808, "number": 0.5,
      "odd": "NaN", "flag": true, "none": null, "time": "2025-08-25T06:01:59.470690Z",
      "place": {"latitude": 1, "longitude": 2}, "map": {"a": 1}, "empty": {},
      "list": ["y", 2], "empty_list": [], "request_id": "abc",
      "timestamp": "2025-08-26T00:00:00Z"})"));
}

TEST(firestore, keeps_the_documents_own_id_and_time) {
  record_fault wrong;
  const auto plain
    = plain_of_firestore(json::parse(R"({"name": "x/y", "createTime": "2025-08-26T00:00:00Z",
      "fields": {"request_id": {"stringValue": "r"}, "timestamp": {"integerValue": "5"}}})"),
                         wrong);
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->at("request_id"), "r");
  EXPECT_EQ(plain->at("timestamp"), 5);
}

TEST(firestore, states_which_field_is_of_no_type) {
  const auto reason = [](const std::string& fields) {
    record_fault wrong;
    EXPECT_FALSE(plain_of_firestore(json::parse("{\"fields\": " + fields + "}"), wrong));
    return to_text(wrong.path) + ": " + wrong.expected;
  };
  EXPECT_EQ(reason(R"({"a": {"otherValue": 1}})"), "a: a type of Firestore's values");
  EXPECT_EQ(reason(R"({"a": {"integerValue": "1.5"}})"), "a: a whole number of 64 bits in quotes");
  EXPECT_EQ(reason(R"({"a": {"integerValue": "99999999999999999999"}})"),
            "a: a whole number of 64 bits in quotes");
  EXPECT_EQ(reason(R"({"a": {"booleanValue": "x"}})"), "a: true or false");
  EXPECT_EQ(reason(R"({"a": {"stringValue": 1}})"), "a: a text as stringValue");
  EXPECT_EQ(reason(R"({"a": {"doubleValue": true}})"), "a: a number");
  EXPECT_EQ(reason(R"({"a": {"arrayValue": {"values": {}}}})"), "a: a list as values");
  EXPECT_EQ(reason(R"({"a": {"mapValue": {"fields": [1]}}})"), "a: an object as fields");
  EXPECT_EQ(reason(R"({"a": {"mapValue": 5}})"), "a: an object as fields");
  EXPECT_EQ(reason(R"({"a": {"arrayValue": {"values": [{"stringValue": "x"}, 5]}}})"),
            "a[1]: an object with one typed value, such as {\"stringValue\": ...}");
  std::string deep = R"({"stringValue": "x"})";
  for (int i = 0; i < 20; ++i)
    deep = R"({"mapValue": {"fields": {"a": )" + deep + "}}}";
  EXPECT_NE(reason("{\"a\": " + deep + "}").find("at most 16 levels"), std::string::npos);
}

TEST(firestore, knows_its_documents) {
  EXPECT_TRUE(is_firestore_document(json::parse(R"({"fields": {}})")));
  for (const auto* other : {"5", "{}", R"({"fields": 5})", R"({"fields": {}, "leads": []})"})
    EXPECT_FALSE(is_firestore_document(json::parse(other))) << other;
  record_fault wrong;
  EXPECT_FALSE(plain_of_firestore(json::parse("{}"), wrong));
}

} // namespace
} // namespace sluice::io
