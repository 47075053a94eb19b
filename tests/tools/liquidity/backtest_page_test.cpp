#include "tests/tools/liquidity/sample_backtest.hpp"
#include "tools/liquidity/backtest_page.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace sluice::tools {

namespace {

/// What the page's script would parse.
io::json data_in(const std::string& page) {
  const std::string begin = "<script type=\"application/json\" id=\"data\">";
  const auto from = page.find(begin) + begin.size();
  return io::json::parse(page.substr(from, page.find("</script>", from) - from));
}

/// The report with other rounds.
void set_rounds(backtest_report& report, const std::vector<backtest_round>& rounds) {
  report.rounds = {};
  for (const auto& x : rounds)
    if (auto added = report.rounds.add(x); !added)
      throw std::runtime_error(added.error().what);
}

/// A long run: the sample's rounds again and again.
backtest_report long_run(size_t rounds) {
  auto report = test::sample_backtest({"hold", "narrow"});
  std::vector<backtest_round> all(report.rounds.begin(), report.rounds.end());
  const auto some = all.size();
  while (all.size() < rounds) {
    auto next = all[all.size() % some];
    const auto& last = all.back();
    next.number.value = last.number.value + 1;
    next.start_block = last.end_block + 1;
    next.end_block = last.end_block + 15;
    next.start_time = last.end_time;
    next.end_time = last.end_time + 900;
    all.push_back(std::move(next));
  }
  set_rounds(report, all);
  return report;
}

} // namespace

TEST(backtest_page, needs_nothing_from_anywhere) {
  const auto page = to_html(test::sample_backtest(), "1.2.3");
  EXPECT_TRUE(page.starts_with("<!doctype html>"));
  EXPECT_EQ(page.find("{{"), std::string::npos);
  for (const char* outside : {"src=", "@import", "url(http", "<link rel=\"stylesheet", "fetch(",
                              "XMLHttpRequest", "import("})
    EXPECT_EQ(page.find(outside), std::string::npos) << outside;
  for (size_t at = page.find("://"); at != std::string::npos; at = page.find("://", at + 1))
    EXPECT_EQ(page.substr(at - 4, 26), "http://www.w3.org/2000/svg") << "a name, never loaded";
  EXPECT_NE(page.find("prefers-color-scheme: dark"), std::string::npos);
}

TEST(backtest_page, carries_the_numbers_of_the_report) {
  const auto report = test::sample_backtest();
  const auto data = data_in(to_html(report, "1.2.3"));
  EXPECT_EQ(data["version"], "1.2.3");
  ASSERT_EQ(data["players"].size(), 4u);
  const auto* first = report.ranked()[0];
  const auto& player = data["players"][0];
  EXPECT_EQ(player["name"], first->name);
  EXPECT_EQ(player["final_value"], to_string(first->total.value));
  EXPECT_EQ(data["rounds"].size(), report.rounds.size());
  EXPECT_EQ(player["cells"].size(), report.rounds.size());
  for (const char* line : {"net", "value", "hodl", "fees", "il", "average"}) {
    EXPECT_EQ(player["lines"][line]["x"].size(), report.rounds.size() + 1) << line;
    EXPECT_EQ(player["lines"][line]["y"].size(), report.rounds.size() + 1) << line;
  }
  EXPECT_EQ(player["lines"]["score"]["x"].size(), report.rounds.size());
  EXPECT_TRUE(data["players"][3]["lines"]["score"]["x"].empty()) << "never scored";
  EXPECT_EQ(data["prices"]["x"].front(), report.first().start_time);
  EXPECT_EQ(data["prices"]["x"].back(), report.last().end_time);
}

TEST(backtest_page, rewards_of_who_stakes_stand_beside_the_values) {
  const auto report = test::sample_staked_backtest();
  const auto data = data_in(to_html(report, "1.2.3"));
  EXPECT_EQ(data["staked"], true);
  EXPECT_EQ(data["pool"]["kind"], "slipstream");
  for (const auto& player : data["players"]) {
    const auto& last = player["lines"]["rewards"]["y"].back();
    EXPECT_EQ(last, player["shown"]["rewards"]);
    EXPECT_EQ(last.get<double>() > 0, player["name"] == "narrow");
    double sum = 0;
    for (const auto& cell : player["cells"])
      sum += cell.at(9).get<double>();
    EXPECT_NEAR(sum, last.get<double>(), 1e-6 * sum);
  }
  const auto unstaked = data_in(to_html(test::sample_backtest(), "1.2.3"));
  EXPECT_EQ(unstaked["staked"], false);
  EXPECT_FALSE(unstaked["players"][0]["lines"].contains("rewards"));
}

TEST(backtest_page, stays_small_however_long_the_run_is) {
  const auto report = long_run(20'000);
  const auto data = page_data(report, "");
  EXPECT_EQ(data["rounds"].size(), 2000u);
  EXPECT_EQ(data["rounds"].back()[0], report.last().number.value);
  for (const auto& player : data["players"]) {
    EXPECT_EQ(player["cells"].size(), 2000u);
    for (const auto& line : player["lines"])
      EXPECT_LE(line["x"].size(), 2000u);
  }
  EXPECT_LT(to_html(report, "").size(), 2'000'000u);
}

TEST(backtest_page, has_the_best_of_many_players_and_states_it) {
  std::vector<std::string> names{"hold"};
  for (int i = 0; i < 40; ++i)
    names.push_back("narrow:width=0.0" + std::to_string(10 + i));
  const auto report = test::sample_backtest(names);
  const auto data = page_data(report, "");
  ASSERT_EQ(data["players"].size(), 32u);
  for (size_t i = 0; i < 32; ++i)
    EXPECT_EQ(data["players"][i]["name"], report.ranked()[i]->name);
  EXPECT_EQ(data["notes"].back(),
            "the page has the best 32 of 41 players; the answer and --csv have all of them");
}

TEST(backtest_page, what_strangers_wrote_stays_text) {
  auto report = test::sample_backtest({"hold"});
  report.market = "</title><script>alert(\"1\")</script>{{DATA}}&'";
  report.players[0].name = "</script><!--<script>\u2028";
  report.notes = {"<img src=x>"};
  const auto page = to_html(report, "0");
  EXPECT_EQ(page.find("<script>alert"), std::string::npos);
  EXPECT_EQ(page.find("<img"), std::string::npos);
  EXPECT_EQ(page.find("<!--<"), std::string::npos);
  EXPECT_EQ(page.find("\u2028"), std::string::npos);
  EXPECT_NE(page.find("&lt;/title&gt;&lt;script&gt;alert(&quot;1&quot;)"), std::string::npos);
  const auto data = data_in(page);
  EXPECT_EQ(data["market"], report.market);
  EXPECT_EQ(data["players"][0]["name"], report.players[0].name);
}

TEST(backtest_page, without_times_the_axis_is_blocks) {
  auto report = test::sample_backtest({"hold"});
  report.pace.known = false;
  std::vector<backtest_round> rounds(report.rounds.begin(), report.rounds.end());
  for (auto& x : rounds)
    x.start_time = x.end_time = 0;
  set_rounds(report, rounds);
  const auto data = page_data(report, "");
  EXPECT_TRUE(data["from_time"].is_null());
  EXPECT_EQ(data["players"][0]["lines"]["net"]["x"].front(), report.first().start_block);
  EXPECT_EQ(data["players"][0]["lines"]["net"]["x"].back(), report.last().end_block + 1);
}

} // namespace sluice::tools
