#include "io/leads/document.hpp"

#include <gtest/gtest.h>

namespace sluice::io {
namespace {

lead_time time_in(const char* text) {
  return read_lead_time(json::parse(text));
}

TEST(lead_document, reads_every_form_of_a_time) {
  EXPECT_EQ(time_in("\"2025-08-25T06:01:59Z\""), lead_time::of_text("2025-08-25T06:01:59Z"));
  EXPECT_EQ(time_in("1756101719"), lead_time::of_whole(1'756'101'719));
  EXPECT_EQ(time_in("-5"), lead_time::of_whole(-5));
  EXPECT_EQ(time_in("1756101719.5"), lead_time::of_number(1'756'101'719.5));
  EXPECT_EQ(time_in("18446744073709551615"), lead_time::of_number(18'446'744'073'709'551'615.0));
  EXPECT_EQ(time_in(R"({"seconds": 5, "nanos": 7})"), lead_time::of_parts(5, 7));
  EXPECT_EQ(time_in(R"({"seconds": 5})"), lead_time::of_parts(5, 0));
  for (const auto* other :
       {"null", "true", "false", "[]", "{}", R"({"seconds": "5"})", R"({"seconds": 5.0})",
        R"({"seconds": 5, "nanos": "7"})", R"({"nanos": 7})", R"({"seconds": true})",
        R"({"seconds": 5, "nanos": null})"})
    EXPECT_EQ(time_in(other), lead_time::no_time()) << other;
  EXPECT_EQ(read_lead_time(std::string(65, '1')), lead_time::no_time());
}

TEST(lead_document, reads_all_fields_and_writes_them_again) {
  const auto text = R"({"kind":"curation_result","request_id":"r1","timestamp":1756101719.5,)"
                    R"("leads":[{"id":"i","source":"S","curated_by":"C","conversion_score":0.5,)"
                    R"("llm_score":0.25,"created_at":{"seconds":5,"nanos":7},)"
                    R"("updated_at":"2025-08-25T06:01:59Z","owner_email":"a@b.de",)"
                    R"("business":"B","website":"w","industry":"i","sub_industry":"s",)"
                    R"("region":"r","role":"o","first":"f","last":"l",)"
                    R"("owner_full_name":"n","linkedin":"k"},{}]})";
  record_fault wrong;
  const auto read = read_curation_result(json::parse(text), wrong);
  ASSERT_TRUE(read) << wrong.expected << wrong.got;
  EXPECT_EQ(read->leads[0].curated_by, "C");
  EXPECT_EQ(read->leads[0].linkedin, "k");
  EXPECT_EQ(read->leads[1], lead{});
  EXPECT_EQ(curation_result_json(*read).dump(), text);
}

TEST(lead_document, takes_null_and_other_types_for_missing) {
  record_fault wrong;
  const auto read
    = read_lead(json::parse(R"({"id": 17, "source": 5, "curated_by": null, "business": true,
        "conversion_score": "0.5", "llm_score": "0.5", "unknown": [1, 2]})"),
                wrong);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->id, "17");
  EXPECT_EQ(read->source, "");
  EXPECT_EQ(read->curated_by, "");
  EXPECT_EQ(read->business, "");
  EXPECT_EQ(read->conversion_score, 0.0); // not null, so it counts
  EXPECT_EQ(read->llm_score, std::nullopt);
  EXPECT_EQ(read_lead(json::parse(R"({"conversion_score": null})"), wrong)->conversion_score,
            std::nullopt);
}

TEST(lead_document, states_where_it_is_wrong) {
  const auto reason = [](const json& x) {
    record_fault wrong;
    EXPECT_FALSE(read_curation_result(x, wrong));
    return to_text(wrong.path) + ": " + wrong.expected + ", " + wrong.got;
  };
  EXPECT_EQ(reason(json::parse("[]")), ": an object, a list");
  EXPECT_EQ(reason(json::parse("{}")), "leads: a list of leads, nothing");
  EXPECT_EQ(reason(json::parse(R"({"leads": 5})")), "leads: a list of leads, 5");
  EXPECT_EQ(reason(json::parse(R"({"leads": [{}, 5]})")), "leads[1]: an object, 5");
  json long_one = json::parse(R"({"leads": [{}]})");
  long_one["leads"][0]["website"] = std::string(2049, 'x');
  EXPECT_EQ(reason(long_one), "leads[0].website: at most 2048 bytes, 2049");
  long_one = json::parse(R"({"leads": []})");
  long_one["request_id"] = std::string(129, 'x');
  EXPECT_EQ(reason(long_one), "request_id: at most 128 bytes, 129");
  long_one = json::parse(R"({"leads": []})");
  for (int i = 0; i < 10'001; ++i)
    long_one["leads"].push_back(json::object());
  EXPECT_EQ(reason(long_one), "leads: at most 10000 leads, 10001");
}

TEST(lead_document, reads_prospects_of_a_named_miner) {
  record_fault wrong;
  const auto read = read_prospect_batch(
    json::parse(R"({"miner_hotkey": "M", "prospects": [{"business": "B"}], "created_at": 5})"),
    wrong);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->miner_hotkey, "M");
  EXPECT_EQ(read->prospects.size(), 1U);
  EXPECT_EQ(read->created_at, lead_time::of_whole(5));
  EXPECT_FALSE(read_prospect_batch(json::parse(R"({"prospects": []})"), wrong));
  EXPECT_EQ(wrong.expected, "the hotkey of the miner in miner_hotkey");
}

} // namespace
} // namespace sluice::io
