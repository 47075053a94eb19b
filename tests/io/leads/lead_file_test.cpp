#include "io/leads/lead_file.hpp"
#include "tests/support/scratch_folder.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace sluice::io {
namespace {

/// What reading a text gives.
struct lead_reading {
  std::vector<curation_result> documents;
  std::vector<prospect_batch> batches;
  std::vector<json> settings;
  std::vector<uint32_t> lines;
  std::vector<std::string> bad;
  lead_file_counts counts;
  std::string error;
};

lead_reading read_leads(std::string_view text, bool strict = false) {
  lead_reading made;
  const auto take = [&](const lead_record& x) -> result<nothing> {
    made.lines.push_back(x.line);
    if (const auto* document = std::get_if<curation_result>(&x.what))
      made.documents.push_back(*document);
    else if (const auto* batch = std::get_if<prospect_batch>(&x.what))
      made.batches.push_back(*batch);
    else
      made.settings.push_back(std::get<lead_file_settings>(x.what).value);
    return nothing{};
  };
  const auto bad = [&](const bad_lead_record& x) { made.bad.push_back(x.reason); };
  const auto read = read_lead_text(text, "f", {strict, {}}, take, bad);
  if (read)
    made.counts = *read;
  else
    made.error = read.error().what;
  return made;
}

constexpr std::string_view firestore_one
  = R"({"name": "a/b/r9", "fields": {"leads": {"arrayValue": {"values": [
        {"mapValue": {"fields": {"source": {"stringValue": "S"},
                                 "created_at": {"timestampValue": "2025-08-25T06:01:59Z"}}}}]}}}})";

TEST(lead_file, reads_json_lines_of_every_kind) {
  const auto read
    = read_leads("\xef\xbb\xbf"
                 "{\"kind\":\"settings\",\"now\":5}\n\n"
                 "{\"kind\":\"curation_result\",\"request_id\":\"r\",\"leads\":[]}\r\n"
                 "{\"leads\":[{}]}\n"
                 "{\"kind\":\"prospects\",\"miner_hotkey\":\"M\",\"prospects\":[]}\n"
                 "{\"miner_hotkey\":\"N\",\"prospects\":[{}]}");
  EXPECT_EQ(read.error, "");
  EXPECT_TRUE(read.bad.empty()) << read.bad.front();
  EXPECT_EQ(read.settings.size(), 1U);
  EXPECT_EQ(read.documents.size(), 2U);
  EXPECT_EQ(read.batches.size(), 2U);
  EXPECT_EQ(read.lines, (std::vector<uint32_t>{1, 3, 4, 5, 6}));
  EXPECT_EQ(read.counts.records, 5U);
}

TEST(lead_file, reads_what_firestore_answers_in_every_form) {
  const std::string one{firestore_one};
  const std::string line = json::parse(one).dump();
  for (const auto& text : {one, line, line + "\n", "[" + one + "]",
                           "[{\"document\": " + one + ", \"readTime\": \"x\"}]",
                           "{\"document\": " + line + ", \"readTime\": \"x\"}",
                           "{\"documents\": [" + one + "],\n \"nextPageToken\": \"t\"}",
                           "{\"documents\":[" + line + "]}"}) {
    const auto read = read_leads(text);
    EXPECT_EQ(read.error, "") << text;
    ASSERT_EQ(read.documents.size(), 1U) << text << (read.bad.empty() ? "" : read.bad.front());
    EXPECT_EQ(read.documents[0].request_id, "r9");
    EXPECT_EQ(read.documents[0].leads.at(0).source, "S");
    EXPECT_TRUE(read.bad.empty());
  }
  EXPECT_EQ(read_leads("[{\"readTime\": \"x\"}]").counts.records, 0U); // nothing was found
  EXPECT_EQ(read_leads("{}").bad.size(), 1U);
  EXPECT_EQ(read_leads("").counts.records, 0U);
}

TEST(lead_file, passes_bad_records_over_with_line_column_and_reason) {
  const auto read = read_leads("{\"leads\":[]}\n"
                               "{\"leads\":[{},7]}\n"
                               "{\"leads\":[}\n"
                               "{\"kind\":\"other\"}\n"
                               "[1]\n"
                               "{\"leads\":[],\"leads\":[]}\n"
                               "{\"leads\":[\n"
                               "{\"leads\":[\xff]}\n"
                               "{\"leads\":[{\"conversion_score\":1e999}]}\n"
                               "{\"leads\":[]}\n");
  EXPECT_EQ(read.error, "");
  EXPECT_EQ(read.documents.size(), 2U);
  EXPECT_EQ(read.lines, (std::vector<uint32_t>{1, 10}));
  ASSERT_EQ(read.bad.size(), 8U);
  EXPECT_EQ(read.counts.bad, 8U);
  EXPECT_EQ(read.bad[0], "f:2:14: leads[1]: expected an object, got 7; correct the record or leave "
                         "it out");
  EXPECT_NE(read.bad[1].find("f:3:11: expected JSON, got \"}"), std::string::npos) << read.bad[1];
  EXPECT_NE(read.bad[2].find("f:4:9: kind: expected a record of kind"), std::string::npos)
    << read.bad[2];
  EXPECT_NE(read.bad[3].find("f:5:1: expected an object, got a list"), std::string::npos);
  EXPECT_NE(read.bad[4].find("leads: expected every key once"), std::string::npos);
  EXPECT_NE(read.bad[5].find("a record that is cut off"), std::string::npos);
  EXPECT_NE(read.bad[6].find("expected UTF-8"), std::string::npos);
  EXPECT_NE(read.bad[7].find("f:9:1: expected JSON"), std::string::npos);
}

TEST(lead_file, ends_with_the_first_bad_record_when_it_is_strict) {
  const auto read = read_leads("{\"leads\":[]}\n{\"leads\":7}\n{\"leads\":[]}\n", true);
  EXPECT_EQ(read.documents.size(), 1U);
  EXPECT_TRUE(read.bad.empty());
  EXPECT_NE(read.error.find("f:2:10: leads: expected a list of leads, got 7"), std::string::npos)
    << read.error;
}

TEST(lead_file, states_the_place_inside_a_text_of_many_lines) {
  const auto read = read_leads("[\n  {\"leads\": []},\n  {\"leads\": [\n    5]}\n]\n");
  EXPECT_EQ(read.documents.size(), 1U);
  EXPECT_EQ(read.lines, (std::vector<uint32_t>{2}));
  ASSERT_EQ(read.bad.size(), 1U);
  EXPECT_NE(read.bad[0].find("f:4:5: leads[0]"), std::string::npos) << read.bad[0];
  EXPECT_NE(read_leads("[\n{\"leads\": []},\n").error.find("one that is cut off"),
            std::string::npos);
}

TEST(lead_file, refuses_what_is_nested_too_deep) {
  const auto read = read_leads("{\"leads\":" + std::string(100'000, '[') + "\n{\"leads\":[]}\n");
  EXPECT_EQ(read.bad.size(), 1U);
  EXPECT_NE(read.bad.at(0).find("at most 64 levels"), std::string::npos);
  EXPECT_EQ(read.documents.size(), 1U);
}

TEST(lead_file, hands_a_fault_of_who_takes_on) {
  const auto take = [](const lead_record&) -> result<nothing> {
    return fault{ec::storage_full, "full"};
  };
  const auto read = read_lead_text("{\"leads\":[]}\n", "f", {}, take, {});
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, ec::storage_full);
}

TEST(lead_file, reads_a_file_as_it_reads_its_text) {
  const test::scratch_folder folder;
  const auto path = folder.write("leads.jsonl", "{\"leads\":[{}]}\n{\"leads\":[]}\nx\n");
  uint64_t documents = 0;
  uint64_t last = 0;
  uint64_t bad = 0;
  const auto take = [&](const lead_record&) -> result<nothing> {
    ++documents;
    return nothing{};
  };
  const auto read
    = read_lead_file(path, {false, [&](uint64_t done, uint64_t of) { last = done * 1000 + of; }},
                     take, [&](const bad_lead_record&) { ++bad; });
  ASSERT_TRUE(read) << read.error().what;
  EXPECT_EQ(documents, 2U);
  EXPECT_EQ(bad, 1U);
  EXPECT_EQ(last, 30'030U);
  const auto missing = read_lead_file(path + ".no", {}, take, {});
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ec::unreachable);
}

TEST(lead_file, survives_random_bytes) {
  const uint64_t seed = 7;
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 chance{seed};
  const std::string whole = "[{\"document\":" + std::string{firestore_one}
                            + "},\n{\"leads\":[{\"id\":\"x\\\"\",\"created_at\":5e0}]}]";
  for (int i = 0; i < 3000; ++i) {
    auto text = whole.substr(0, chance() % (whole.size() + 1));
    for (uint64_t n = chance() % 4; n > 0 && !text.empty(); --n)
      text[chance() % text.size()] = "{}[]\",:\\\n5\xc3"[chance() % 11];
    const auto read = read_leads(text);
    ASSERT_LE(read.documents.size(), 4U);
  }
}

} // namespace
} // namespace sluice::io
