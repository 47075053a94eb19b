#include "rules/consensus/task_work.hpp"

#include <gtest/gtest.h>

namespace sluice {
namespace {

TEST(task_work, is_small_and_real) {
  EXPECT_EQ(task_result(task_type::transcription, "Hello,  WORLD! It's 5."), "hello world it s 5");
  EXPECT_EQ(task_result(task_type::tts, "one two three"), "3 words, 2 s");
  EXPECT_EQ(task_result(task_type::summarization, "One. Two? Three! Four."), "One. Two?");
  EXPECT_EQ(task_result(task_type::summarization, "no end"), "no end");
  EXPECT_EQ(task_result(task_type::translation, "one two three"), "three two one");
  EXPECT_EQ(task_result(task_type::video_transcription, "A b\n\nC."), "1: a b\n2: \n3: c");
  EXPECT_EQ(task_result(task_type::text_translation, "Abc de"), "cba ed");
  EXPECT_EQ(task_result(task_type::document_translation, "a b\nc d"), "b a\nd c");
}

TEST(task_work, keeps_characters_whole) {
  EXPECT_EQ(task_result(task_type::text_translation, "a\xc3\xa4"
                                                     "b"),
            "b\xc3\xa4"
            "a");
  std::string many;
  for (size_t i = 0; i < task_limits::payload_bytes_max / 2; ++i)
    many += "\xc3\xa4";
  const auto cut = task_result(task_type::transcription, "x" + many.substr(2));
  EXPECT_EQ(cut.size(), task_limits::result_bytes_max - 1); // x and whole characters
  EXPECT_EQ(cut.substr(cut.size() - 2), "\xc3\xa4");
}

TEST(task_work, is_never_empty) {
  for (size_t i = 0; i < task_type_names.size(); ++i)
    EXPECT_FALSE(task_result(static_cast<task_type>(i), "...").empty()) << i;
  EXPECT_EQ(task_result(task_type::translation, "?!"), "-");
}

} // namespace
} // namespace sluice
