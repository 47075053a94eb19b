// The fuzzer of `sluice replay` on damaged recordings: the same code as under libFuzzer.
#include "tests/fuzz/replay_input.hpp"
#include "tests/fuzz/seeds.hpp"

#include <gtest/gtest.h>

namespace sluice::test {

namespace {

/// One of the ways in which files go bad.
void damage(std::string& text, std::mt19937_64& luck) {
  if (text.empty())
    return;
  const auto at = luck() % text.size();
  switch (luck() % 6) {
  case 0: // a byte
    text[at] = static_cast<char>(luck());
    break;
  case 1: // a digit, so that it stays a recording
    if (const auto digit = text.find_first_of("0123456789", at); digit != std::string::npos)
      text[digit] = static_cast<char>('0' + luck() % 10);
    break;
  case 2: // a piece is lost
    text.erase(at, luck() % 200);
    break;
  case 3: // a piece twice
    text.insert(at, text.substr(luck() % text.size(), luck() % 400));
    break;
  case 4: // a number becomes another
    if (const auto digit = text.find_first_of("0123456789", at); digit != std::string::npos)
      text.insert(digit, luck() % 2 == 0 ? "-" : "99999999999999999999");
    break;
  default: // the end is missing
    text.resize(luck() % 4 == 0 ? at : text.size() - luck() % std::min<size_t>(text.size(), 30));
  }
}

} // namespace

TEST(fuzz_replay, whole_recordings_are_read) {
  for (const auto& text : replay_seeds()) {
    const auto end = replay_anything(text);
    EXPECT_EQ(end.wrong, "") << text.substr(0, 200);
    EXPECT_TRUE(end.read) << text.substr(0, 200);
  }
}

TEST(fuzz_replay, hundreds_of_damaged_recordings_end_in_a_report_or_a_sentence) {
  constexpr uint64_t seed = 20'260'102;
  RecordProperty("seed", std::to_string(seed));
  std::mt19937_64 luck{seed};
  const auto seeds = replay_seeds();
  int read = 0;
  for (int i = 0; i < 400; ++i) {
    auto text = seeds[luck() % seeds.size()];
    for (auto times = 1 + luck() % 3; times > 0; --times)
      damage(text, luck);
    const auto end = replay_anything(text);
    ASSERT_EQ(end.wrong, "") << "seed " << seed << ", input " << i;
    read += end.read ? 1 : 0;
  }
  EXPECT_GT(read, 20);
  EXPECT_LT(read, 380);
}

TEST(fuzz_replay, bytes_that_are_no_recording_are_refused) {
  std::mt19937_64 luck{20'260'103};
  for (int i = 0; i < 500; ++i) {
    std::string noise(luck() % 300, '\0');
    for (auto& x : noise)
      x = static_cast<char>(luck());
    const auto end = replay_anything(noise);
    EXPECT_EQ(end.wrong, "");
    EXPECT_FALSE(end.read);
  }
}

} // namespace sluice::test
