// What `sluice sports import` reads: the public cases give the recorded answers that way too.
#include "io/sports/record_file.hpp"
#include "rules/sports/book.hpp"
#include "tests/support/shared.hpp"
#include "tests/vectors/examples.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace sluice::vectors {
namespace {

/// A case as the importer reads it.
struct imported_case {
  io::sports_file_settings settings;
  std::vector<io::sports_record_line> records; // games and predictions, in order of time
};

int64_t moment_of_record(const io::sports_record_line& x) {
  if (const auto* game = std::get_if<game_update>(&x.what))
    return game->at_us;
  return std::get<prediction_arrival>(x.what).received_us;
}

imported_case import_case(const std::filesystem::path& file) {
  imported_case made;
  io::sports_file_options options;
  options.strict = true;
  const auto counts = io::read_sports_file(
    file.string(), options,
    [&made](io::sports_record_line&& x) -> result<nothing> {
      if (auto* settings = std::get_if<io::sports_file_settings>(&x.what))
        made.settings = std::move(*settings);
      else
        made.records.push_back(std::move(x));
      return nothing{};
    },
    [](const io::bad_sports_record&) {});
  EXPECT_TRUE(counts) << counts.error().what;
  std::ranges::stable_sort(made.records, [](const auto& a, const auto& b) {
    const auto left = moment_of_record(a);
    const auto right = moment_of_record(b);
    return left != right ? left < right : a.what.index() < b.what.index();
  });
  return made;
}

/// The codes of all answers, in order of processing.
std::vector<std::string> imported_answers(sports_book& book, const imported_case& input) {
  std::map<std::string, uint16_t> uids;
  for (const auto& miner : input.settings.miners)
    uids[miner.hotkey] = miner.uid;
  std::vector<std::string> made;
  for (const auto& x : input.records) {
    if (const auto* game = std::get_if<game_update>(&x.what)) {
      book.put(book.after(*game));
      continue;
    }
    const auto& arrival = std::get<prediction_arrival>(x.what);
    const auto uid = uids.find(arrival.key.value);
    const auto judged = book.judge(
      arrival, uid == uids.end() ? std::nullopt : std::optional{miner_uid{uid->second}}, {});
    if (judged.accepted) {
      const auto applied = book.apply(*judged.accepted);
      EXPECT_TRUE(applied) << applied.error().what;
    }
    made.emplace_back(name_of(judged.answer.code));
  }
  return made;
}

TEST(sports_import, gives_the_recorded_answers_and_states_of_the_public_cases) {
  const auto folder = test::shared_folder() / "vectors/mechanisms-large/sports";
  if (!std::filesystem::exists(folder))
    GTEST_SKIP() << folder << " is not here";
  for (const auto& one : std::filesystem::directory_iterator{folder}) {
    SCOPED_TRACE(one.path().string());
    std::ifstream in{one.path() / "expected.json"};
    const auto expected = json::parse(in);
    const auto input = import_case(one.path() / "input.jsonl");
    sports_book book;
    std::vector<std::string> recorded;
    for (const auto& x : expected.at("answers"))
      recorded.push_back(x.value("code", std::string{"accepted"}));
    EXPECT_EQ(imported_answers(book, input), recorded);
    book.apply(book.due(input.settings.now_us));
    ASSERT_EQ(book.predictions().size(), expected.at("predictions").size());
    auto at = expected.at("predictions").begin();
    for (const auto& [number, x] : book.predictions()) {
      EXPECT_EQ(x.prediction_id, at->at("prediction_id").get<std::string>());
      EXPECT_EQ(name_of(x.state), at->at("state").get<std::string>());
      ++at;
    }
  }
}

} // namespace
} // namespace sluice::vectors
