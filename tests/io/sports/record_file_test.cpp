#include "io/sports/record_file.hpp"
#include "tests/support/scratch_folder.hpp"

#include <gtest/gtest.h>

#include <fstream>

namespace sluice::io {
namespace {

struct sports_reading {
  std::vector<sports_record_line> records;
  std::vector<std::string> bad;
  sports_file_counts counts;
  std::string error;
};

sports_reading read_records(const std::string& text, bool strict = false) {
  const test::scratch_folder folder;
  const auto path = (folder.path() / "f.jsonl").string();
  std::ofstream{path} << text;
  sports_reading made;
  const auto read = read_sports_file(
    path, {.at_us = 7, .strict = strict},
    [&](sports_record_line&& x) -> result<nothing> {
      made.records.push_back(std::move(x));
      return nothing{};
    },
    [&](const bad_sports_record& x) {
      made.bad.push_back(x.reason.substr(x.reason.find("f.jsonl")));
    });
  if (read)
    made.counts = *read;
  else
    made.error = read.error().what;
  return made;
}

const std::string game_row
  = R"("externalId":5005,"teamA":"O'Brien FC","teamB":"Real \"B\"","sport":"soccer",)"
    R"("league":"League","date":"2025-01-06T10:30:00Z","outcome":"TeamAWin","teamAOdds":2.44,)"
    R"("teamBOdds":"2.02","drawOdds":3.16,"canDraw":true)";

TEST(sports_record_file, reads_games_predictions_and_settings) {
  const auto read = read_records(
    R"({"kind":"settings","now":"2025-01-08T23:00:00Z","slots":16,)"
    R"("miners":[{"uid":3,"hotkey":"h","valid":false}]})"
    "\n\n{\"kind\":\"game\",\"at\":\"2025-01-05T12:00:00Z\","
    + game_row + "}\r\n{" + game_row
    + "}\n"
      R"({"kind":"prediction","received_at":"2025-01-06T03:53:56.791Z","hotkey":"h",)"
      R"("prediction":{"prediction_id":"p","wager":151,"tie_odds":null,"x":[1]}})");
  ASSERT_EQ(read.error, "");
  ASSERT_TRUE(read.bad.empty()) << read.bad.front();
  ASSERT_EQ(read.records.size(), 4U);
  const auto& settings = std::get<sports_file_settings>(read.records[0].what);
  EXPECT_EQ(settings.now_us, 1'736'377'200'000'000);
  EXPECT_EQ(settings.slots, 16U);
  ASSERT_EQ(settings.miners.size(), 1U);
  EXPECT_EQ(settings.miners[0].uid, 3);
  EXPECT_FALSE(settings.miners[0].valid);
  const auto& game = std::get<game_update>(read.records[1].what);
  EXPECT_EQ(read.records[1].line, 3U);
  EXPECT_EQ(game.at_us, 1'736'078'400'000'000);
  EXPECT_EQ(game.external_id, "5005");
  EXPECT_EQ(game.team_b, "Real \"B\"");
  EXPECT_EQ(game.start_us, 1'736'159'400'000'000);
  EXPECT_EQ(game.outcome, game_outcome::team_a);
  EXPECT_EQ(game.team_a_odds, 2'440'000'000);
  EXPECT_EQ(game.team_b_odds, 2'020'000'000) << "a number may be a text";
  EXPECT_EQ(game.tie_odds, 3'160'000'000);
  EXPECT_EQ(std::get<game_update>(read.records[2].what).at_us, 7) << "as the caller says";
  const auto& prediction = std::get<prediction_arrival>(read.records[3].what);
  EXPECT_EQ(prediction.received_us, 1'736'135'636'791'000);
  EXPECT_EQ(prediction.key.value, "h");
  EXPECT_EQ(prediction.claim.wager, (claim_value{claim_kind::number, "151"}));
  EXPECT_EQ(prediction.claim.tie_odds.kind, claim_kind::null);
  EXPECT_EQ(prediction.claim.team_a.kind, claim_kind::missing);
  EXPECT_EQ(read.counts.games, 2U);
  EXPECT_EQ(read.counts.predictions, 1U);
}

TEST(sports_record_file, names_line_and_column_of_what_is_wrong) {
  const auto read = read_records(R"({"kind":"weather"}
{"kind":"game","externalId":1,"teamA":"","teamB":"b","date":"2025-01-06T10:30:00Z"}
{"kind":"game","externalId":1.5,"teamA":"a","teamB":"b","date":"2025-01-06T10:30:00Z"}
{"externalId":1,"teamA":"a","teamB":"b","date":"tomorrow"}
{"externalId":1,"teamA":"a","teamB":"b","date":"2025-01-06","teamAOdds":1}
{"kind":"prediction","hotkey":"h","received_at":"2025-01-06T10:30:00Z","prediction":7}
{"kind":"prediction","hotkey":"","received_at":"2025-01-06T10:30:00Z"}
{"kind":"game", x}
[1]
)");
  ASSERT_EQ(read.error, "");
  ASSERT_EQ(read.bad.size(), 9U);
  EXPECT_TRUE(read.bad[0].starts_with(
    "f.jsonl:1:9: kind: expected game, prediction or settings, got \"weather\"; "))
    << read.bad[0];
  EXPECT_TRUE(read.bad[1].starts_with("f.jsonl:2:39: teamA: expected a text")) << read.bad[1];
  EXPECT_TRUE(read.bad[2].starts_with("f.jsonl:3:29: externalId: expected")) << read.bad[2];
  EXPECT_TRUE(read.bad[3].starts_with("f.jsonl:4:48: date: expected a time like")) << read.bad[3];
  EXPECT_TRUE(read.bad[4].starts_with("f.jsonl:5:")) << read.bad[4];
  EXPECT_TRUE(read.bad[5].starts_with("f.jsonl:6:85: prediction: expected an object, got 7"))
    << read.bad[5];
  EXPECT_TRUE(read.bad[6].starts_with("f.jsonl:7:31: hotkey: expected a text")) << read.bad[6];
  EXPECT_TRUE(read.bad[7].starts_with("f.jsonl:8:17: ")) << read.bad[7];
  EXPECT_TRUE(read.bad[8].starts_with("f.jsonl:9:1: ")) << read.bad[8];
  EXPECT_EQ(read.counts.bad, 9U);
}

TEST(sports_record_file, ends_at_the_first_fault_when_it_is_strict) {
  const auto read = read_records("{" + game_row + "}\n{}\n{" + game_row + "}\n", true);
  EXPECT_NE(read.error.find("f.jsonl:2:1: kind: expected"), std::string::npos) << read.error;
  EXPECT_EQ(read.records.size(), 1U);
}

TEST(sports_record_file, says_when_there_is_no_file) {
  const auto read = read_sports_file(
    "/no/such/file", {}, [](sports_record_line&&) -> result<nothing> { return nothing{}; },
    [](const bad_sports_record&) {});
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, ec::unreachable);
}

} // namespace
} // namespace sluice::io
