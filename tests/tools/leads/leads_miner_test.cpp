#include "net/leads/bodies.hpp"
#include "rules/leads/name.hpp"
#include "tests/support/scratch_folder.hpp"
#include "tools/leads/leads_miner.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <sstream>

namespace sluice::tools {
namespace {

lead offered(const std::string& address, const std::string& industry, double score) {
  lead x;
  x.owner_email = address;
  x.industry = industry;
  x.conversion_score = score;
  return x;
}

lead_question looking_for(const std::string& what, uint64_t count) {
  return {"r", count, what, 0};
}

class leads_miner_test : public ::testing::Test {
protected:
  std::unique_ptr<miner_side> make(const std::string& lines, bool once = false) {
    miner_side_config config;
    config.strategy = "pool:" + folder.write("leads.jsonl", lines);
    config.json = true;
    config.once = once;
    config.write = [this](std::string_view text) { shown += text; };
    auto made = make_leads_miner(config);
    EXPECT_TRUE(made) << made.error().what;
    return *std::move(made);
  }

  static net::wire_question question(const std::string& body) {
    return {7, std::string{leads_name}, 85'000, {body, body_form::nested}};
  }

  std::vector<nlohmann::json> lines() const {
    std::vector<nlohmann::json> all;
    std::istringstream in{shown};
    for (std::string line; std::getline(in, line);)
      all.push_back(nlohmann::json::parse(line));
    return all;
  }

  test::scratch_folder folder;
  std::string shown;
};

TEST_F(leads_miner_test, answers_from_its_file_and_shows_it) {
  const auto side = make("{\"owner_email\":\"a@b.test\",\"industry\":\"Food\"}\n\n"
                         "{\"owner_email\":\"c@d.test\",\"source\":\"5Other\"}\n");
  side->welcome("node", {"5Me"}, {31});
  const auto move
    = side->asked(question(R"({"request_id":"r1","num_leads":5,"business_desc":"food"})"));
  ASSERT_TRUE(move) << move.error().what;
  ASSERT_TRUE(move->answer);
  EXPECT_EQ(move->answer->id, 7U);
  const auto answer = net::leads_codec().answer(move->answer->body);
  ASSERT_TRUE(answer) << answer.error().what;
  const auto leads = net::lead_answer_in(*answer)->leads;
  ASSERT_EQ(leads.size(), 2U);
  EXPECT_EQ(leads[0].owner_email, "a@b.test");
  EXPECT_EQ(leads[0].source, "5Me") << "its own";
  EXPECT_EQ(leads[1].source, "5Other");
  const auto all = lines();
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[0]["leads"], 2);
  EXPECT_EQ(all[1]["event"], "question");
  EXPECT_EQ(all[1]["num_leads"], 5);
  EXPECT_EQ(all[1]["deadline_ms"], 85'000);
  EXPECT_EQ(all[2], (nlohmann::json{{"event", "answer"}, {"request_id", "r1"}, {"leads", 2}}));
}

TEST_F(leads_miner_test, shows_its_share_and_is_over_then) {
  const auto side = make("{\"owner_email\":\"a@b.test\"}\n", true);
  const auto notice = [&] {
    return side->noticed(
      {std::string{leads_name},
       {R"({"share":0.25,"curated":3,"sourced":4,"status":"ok"})", body_form::nested}});
  };
  ASSERT_TRUE(notice());
  EXPECT_FALSE(side->over()) << "it has not answered yet";
  ASSERT_TRUE(side->asked(question(R"({"request_id":"r","num_leads":1,"business_desc":""})")));
  ASSERT_TRUE(notice());
  EXPECT_EQ(side->over(), 0);
  EXPECT_EQ(lines().back()["share"], 0.25);
  EXPECT_EQ(lines().back()["sourced"], 4);
}

TEST_F(leads_miner_test, passes_over_other_mechanisms_and_refuses_what_it_cannot_read) {
  const auto side = make("{\"owner_email\":\"a@b.test\"}\n", true);
  auto other = question("{}");
  other.mechanism = "other";
  const auto move = side->asked(other);
  ASSERT_TRUE(move);
  EXPECT_FALSE(move->answer);
  EXPECT_TRUE(side->noticed({"other", {"{}", body_form::nested}}));
  EXPECT_EQ(shown, "");
  EXPECT_EQ(side->asked(question("{}")).error().code, ec::bad_input);
  EXPECT_FALSE(side->noticed({std::string{leads_name}, {"{}", body_form::nested}}));
  side->lost("node", "it is away", 1500);
  EXPECT_EQ(lines().back()["pause_ms"], 1500);
  side->refused({gateway_reason::closing, "later", 10});
  EXPECT_FALSE(side->over());
  side->refused({gateway_reason::banned, "no", 0});
  EXPECT_EQ(side->over(), 1);
}

TEST_F(leads_miner_test, states_what_is_wrong_with_its_file) {
  const auto fault_of = [&](const std::string& lines) {
    const auto read = read_lead_pool(folder.write("x.jsonl", lines));
    return read ? "" : read.error().what.substr(folder.at("").size());
  };
  EXPECT_EQ(fault_of(""), "");
  EXPECT_TRUE(fault_of("{\"owner_email\":\"a@b.test\"}\n[]\n").starts_with("x.jsonl:2: expected"));
  EXPECT_EQ(fault_of("{\"business\":\"x\"}\n"),
            "x.jsonl:1: owner_email: expected an e-mail address, got nothing; correct this line");
  EXPECT_TRUE(fault_of("{\"owner_email\":[]}\n").starts_with("x.jsonl:1: owner_email: expected"));
  EXPECT_EQ(read_lead_pool(folder.at("none")).error().code, ec::unreachable);
  miner_side_config config;
  config.strategy = "wide";
  EXPECT_EQ(make_leads_miner(config).error().what,
            "expected pool:FILE, a JSON lines file of leads, got \"wide\"");
  config.strategy = "pool:" + folder.at("none");
  EXPECT_EQ(make_leads_miner(config).error().code, ec::unreachable);
}

TEST(leads_pool, offers_what_shares_most_words_then_what_scores_best) {
  const std::vector<lead> pool{
    offered("low@a.test", "Bakery", 0.1), offered("high@a.test", "Bakery", 0.9),
    offered("two@a.test", "Bakery Food", 0.0), offered("other@a.test", "Freight", 1.0),
    offered("HIGH@a.test", "bakery", 0.8)};
  const auto addresses = [&](const std::string& what, uint64_t count) {
    std::string all;
    for (const auto& x : pool_answer(pool, looking_for(what, count)))
      all += (all.empty() ? "" : " ") + x.owner_email.substr(0, x.owner_email.find('@'));
    return all;
  };
  EXPECT_EQ(addresses("a BAKERY, with food", 9), "two high low other");
  EXPECT_EQ(addresses("freight!", 2), "other high");
  EXPECT_EQ(addresses("", 3), "other high low") << "by score alone, one per address";
  EXPECT_EQ(pool_answer({}, looking_for("x", 3)).size(), 0U);
}

} // namespace
} // namespace sluice::tools
