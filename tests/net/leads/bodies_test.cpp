#include "net/leads/bodies.hpp"
#include "net/miner_gateway/wire.hpp"

#include <gtest/gtest.h>

namespace sluice::net {
namespace {

lead full_lead() {
  lead x;
  x.id = "7b6f";
  x.source = "5Source";
  x.curated_by = "5Curator";
  x.conversion_score = 0.75;
  x.llm_score = 0.5;
  x.created_at = lead_time::of_text("2025-08-25T06:01:59Z");
  x.updated_at = lead_time::of_parts(1756101719, 5);
  x.owner_email = "ada@company.test";
  x.business = "Company";
  x.website = "https://company.test";
  x.industry = "Food";
  x.sub_industry = "Bakery";
  x.region = "North";
  x.role = "Owner";
  x.first = "Ada";
  x.last = "L\xc3\xb8vlace";
  x.owner_full_name = "Ada L\xc3\xb8vlace";
  x.linkedin = "company";
  return x;
}

std::string refusal(result<miner_body> (*read)(const body_text&), const std::string& text) {
  const auto got = read({text, body_form::nested});
  return got ? "" : got.error().what;
}

TEST(leads_bodies, read_back_what_was_written) {
  const auto codec = leads_codec();
  const lead_question question{"dev-1-1", 5, "bakeries", 85'000};
  const auto asked = codec.question({lead_question_body(question).text(), body_form::nested});
  ASSERT_TRUE(asked) << asked.error().what;
  EXPECT_EQ(*lead_question_in(*asked, 85'000), question);
  lead small;
  small.created_at = lead_time::of_number(1.5);
  small.updated_at = lead_time::of_whole(-7);
  const lead_answer answer{{full_lead(), small, {}}};
  const auto answered = codec.answer({lead_answer_body(answer).text(), body_form::nested});
  ASSERT_TRUE(answered) << answered.error().what;
  EXPECT_EQ(*lead_answer_in(*answered), answer);
  const lead_notice notice{0.25, 7, 9, "ok"};
  const auto noticed = codec.notice({lead_notice_body(notice).text(), body_form::nested});
  ASSERT_TRUE(noticed) << noticed.error().what;
  EXPECT_EQ(*lead_notice_in(*noticed), notice);
}

TEST(leads_bodies, are_read_from_values_and_from_texts) {
  const lead_answer answer{{full_lead()}};
  const auto body = lead_answer_body(answer);
  EXPECT_EQ(*lead_answer_in(body), answer);
  EXPECT_EQ(*lead_answer_in(miner_body{body.text()}), answer);
  EXPECT_EQ(lead_question_in(miner_body{"{}"}, 1).error().code, ec::bad_input);
  EXPECT_EQ(lead_question_body({"a", 2, "b", 99}).text(),
            R"({"request_id":"a","num_leads":2,"business_desc":"b"})");
  EXPECT_EQ(lead_answer_body({{{}}}).text(), R"({"leads":[{}]})");
}

TEST(leads_bodies, refuse_what_is_no_answer) {
  const auto answer = leads_codec().answer;
  EXPECT_EQ(refusal(answer, "{}"), "answer: body.leads: expected a value, got nothing");
  EXPECT_EQ(refusal(answer, R"({"leads":{}})"),
            "answer: body.leads: expected a list, got an object");
  EXPECT_EQ(refusal(answer, R"({"leads":[{"business":1}]})"),
            "answer: body.leads[0].business: expected a text, got 1");
  EXPECT_NE(refusal(answer, R"({"leads":[{"busines":"x"}]})").find("did you mean business?"),
            std::string::npos);
  EXPECT_NE(refusal(answer, R"({"leads":[{"source":")" + std::string(129, 'x') + R"("}]})"), "");
  std::string many = R"({"leads":[{})";
  for (size_t i = 0; i < lead_answer_max; ++i)
    many += ",{}";
  EXPECT_EQ(refusal(answer, many + "]}"),
            "answer: body.leads: expected at most 250 leads, got 251");
  EXPECT_NE(refusal(answer, std::string(miner_bytes_max + 1, ' ')), "");
  EXPECT_NE(refusal(answer, R"({"leads":[{"created_at":[[[[[[[[]]]]]]]]}]})"), "");
}

TEST(leads_bodies, refuse_what_is_no_question_and_no_notice) {
  const auto codec = leads_codec();
  EXPECT_NE(refusal(codec.question, R"({"request_id":"","num_leads":1,"business_desc":""})"), "");
  EXPECT_NE(refusal(codec.question, R"({"request_id":"a","num_leads":0,"business_desc":""})"), "");
  EXPECT_NE(refusal(codec.question, R"({"request_id":"a","num_leads":251,"business_desc":""})"),
            "");
  EXPECT_EQ(
    refusal(codec.question, R"({"request_id":"a","num_leads":1,"business_desc":"","new":1})"), "")
    << "a node may learn new fields";
  for (const auto* share : {"-0.1", "1.1", "\"1\""})
    EXPECT_NE(refusal(codec.notice, std::string{R"({"share":)"} + share
                                      + R"(,"curated":0,"sourced":0,"status":""})"),
              "")
      << share;
}

TEST(leads_bodies, an_answer_holds_as_many_leads_as_fit) {
  const std::vector<lead> many(400, full_lead());
  const auto fitting = fitting_leads(many);
  EXPECT_GT(fitting.leads.size(), 10U);
  EXPECT_TRUE(leads_codec().answer({lead_answer_body(fitting).text(), body_form::nested}));
  auto more = fitting;
  more.leads.push_back(full_lead());
  more.leads.push_back(full_lead());
  EXPECT_FALSE(leads_codec().answer({lead_answer_body(more).text(), body_form::nested}));
  EXPECT_EQ(fitting_leads(std::vector<lead>(400)).leads.size(), lead_answer_max);
  EXPECT_TRUE(fitting_leads({}).leads.empty());
}

} // namespace
} // namespace sluice::net
