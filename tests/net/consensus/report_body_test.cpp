#include "net/consensus/report_body.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace sluice::net {
namespace {

using nlohmann::json;

http_request request_of(std::string body, std::string type) {
  http_request x;
  x.method = "POST";
  x.body = std::move(body);
  if (!type.empty())
    x.headers.push_back({"content-type", std::move(type)});
  return x;
}

signed_report taken(const std::string& body, const std::string& type) {
  const auto read = read_report(request_of(body, type));
  if (const auto* no = std::get_if<http_response>(&read)) {
    ADD_FAILURE() << body << no->body;
    return {};
  }
  return std::get<consensus_report_call>(read).report;
}

http_response refused(const std::string& body, const std::string& type) {
  const auto read = read_report(request_of(body, type));
  if (const auto* no = std::get_if<http_response>(&read))
    return *no;
  ADD_FAILURE() << body << " was taken";
  return {};
}

constexpr auto form = "application/x-www-form-urlencoded";
constexpr auto as_json = "application/json";

TEST(report_body, is_a_form_or_json) {
  const signed_report expected{7, 9, "", 0, "", R"([{"uid": 1}])"};
  EXPECT_EQ(taken("validator_uid=7&epoch=9&miner_statuses=%5B%7b%22uid%22:+1%7D%5d", form),
            expected);
  EXPECT_EQ(taken("validator_uid=7&epoch=9&miner_statuses=%5B%7b%22uid%22:+1%7D%5d", ""), expected);
  EXPECT_EQ(taken(R"({"validator_uid": 7, "epoch": 9, "miner_statuses": [{"uid": 1}]})", as_json),
            expected);
  EXPECT_EQ(taken(R"({"validator_uid": "7", "epoch": "9", "more": {"a": [1, "]"]},
                      "miner_statuses": "[{\"uid\": 1}]"})",
                  "Application/JSON ; charset=utf-8"),
            expected);
}

TEST(report_body, keeps_the_bytes_of_a_list_as_they_were_signed) {
  const auto got = taken("{\"miner_statuses\":\n[ {\"uid\" :1.0e0,\t\"x\":\"\\u0041]\"}  ]  ,"
                         "\"validator_uid\":7,\"epoch\":9,\"hotkey\":\"5C\",\"issued\":12,"
                         "\"signature\":\"c2ln\"}",
                         as_json);
  EXPECT_EQ(got.miner_statuses, "[ {\"uid\" :1.0e0,\t\"x\":\"\\u0041]\"}  ]");
  EXPECT_EQ(got.hotkey, "5C");
  EXPECT_EQ(got.issued_ms, 12U);
  EXPECT_EQ(got.signature, "c2ln");
}

TEST(report_body, names_every_field_that_is_missing_or_wrong) {
  const auto got = refused("validator_uid=70000&hotkey=5C", form);
  EXPECT_EQ(got.status, 422U);
  const auto detail = json::parse(got.body)["detail"];
  std::vector<std::string> fields;
  for (const auto& x : detail)
    fields.push_back(x["loc"][1]);
  EXPECT_EQ(fields, (std::vector<std::string>{"validator_uid", "miner_statuses", "epoch",
                                              "signature", "issued"}));
  EXPECT_EQ(detail[0]["msg"], "ensure this value is from 0 to 65535");
  for (const auto* bad : {"", "1.0", "1e1", "0x1", " 1", "-", "true", "1 "}) {
    const auto no = refused(std::string{"miner_statuses=[]&epoch=1&validator_uid="} + bad, form);
    EXPECT_EQ(no.status, 422U) << bad;
    EXPECT_EQ(json::parse(no.body)["detail"][0]["type"], "type_error.integer") << bad;
  }
  EXPECT_EQ(refused(R"({"validator_uid":null,"epoch":1,"miner_statuses":[]})", as_json).status,
            422U);
}

TEST(report_body, refuses_what_two_programs_could_read_differently) {
  for (const auto* body : {"validator_uid=1&validator_uid=2&epoch=1&miner_statuses=[]",
                           "validator_uid=%1", "validator_uid=%zz", "validator_uid=1&epoch=%ff",
                           "a=1&b=1&c=1&d=1&e=1&f=1&g=1&h=1&i=1&j=1"
                           "&k=1&l=1&m=1&n=1&o=1&p=1&q=1"})
    EXPECT_EQ(refused(body, form).status, 400U) << body;
  for (const auto* body :
       {"", "[]", "{", "7", R"({"epoch":1,"epoch":2})", R"({"epoch":1,"\u0065poch":2})",
        R"({"epoch":1 "x":2})", R"({"x":nul})", R"({"x":01})", "{\"x\":\"\xff\"}", R"({"x":{})",
        R"({"x":1}})", R"({"x":"a)"})
    EXPECT_EQ(refused(body, as_json).status, 400U) << body;
  EXPECT_EQ(refused("<x/>", "text/xml").status, 415U);
  const auto where = refused("{\"epoch\": 1,\n \"x\" 2}", as_json);
  EXPECT_NE(where.body.find("line 2"), std::string::npos) << where.body;
}

TEST(report_body, bounds_who_signs) {
  const std::string rest = "&validator_uid=1&epoch=1&miner_statuses=[]&issued=1&signature=a";
  EXPECT_EQ(taken("hotkey=" + std::string(128, 'x') + rest, form).hotkey.size(), 128U);
  EXPECT_EQ(refused("hotkey=" + std::string(129, 'x') + rest, form).status, 400U);
}

} // namespace
} // namespace sluice::net
