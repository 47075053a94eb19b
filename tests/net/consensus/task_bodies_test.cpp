#include "net/consensus/task_bodies.hpp"

#include <gtest/gtest.h>

namespace sluice::net {
namespace {

result<miner_body> read_answer(const std::string& text) {
  return task_codec().answer({text, body_form::nested});
}

TEST(task_bodies, read_back_what_was_written) {
  const task_question question{"t-1-50", "t", "tts", "say \"this\"\n", 0};
  const auto asked
    = task_codec().question({task_question_body(question).text(), body_form::nested});
  ASSERT_TRUE(asked) << asked.error().what;
  const auto read = task_question_in(*asked, 5000);
  EXPECT_EQ(read->payload, question.payload);
  EXPECT_EQ(read->assignment_id, "t-1-50");
  EXPECT_EQ(read->deadline_ms, 5000U);
  EXPECT_EQ(task_question_body(question).text().find("deadline"), std::string::npos);

  const task_answer answer{"t", "3 words", 1500};
  const auto answered = read_answer(task_answer_body(answer).text());
  ASSERT_TRUE(answered) << answered.error().what;
  EXPECT_EQ(*task_answer_in(*answered), answer);

  const task_notice notice{"t", "done", 1, 0.9, 0.97, true};
  const auto noticed = task_codec().notice({task_notice_body(notice).text(), body_form::nested});
  ASSERT_TRUE(noticed) << noticed.error().what;
  EXPECT_EQ(*task_notice_in(*noticed), notice);
}

TEST(task_bodies, keep_a_value_that_was_never_written) {
  const task_answer answer{"t", "x", 0};
  EXPECT_EQ(*task_answer_in(task_answer_body(answer)), answer);
}

TEST(task_bodies, carry_the_longest_texts_of_several_lines) {
  std::string text(task_limits::result_bytes_max, 'x');
  text[100] = '\n';
  text[200] = '\t';
  const auto read = read_answer(task_answer_body({"t", text, 0}).text());
  ASSERT_TRUE(read) << read.error().what;
  EXPECT_EQ(task_answer_in(*read)->result, text);
  text.resize(task_limits::payload_bytes_max, 'y');
  const auto asked = task_codec().question(
    {task_question_body({"a", "t", "tts", text, 0}).text(), body_form::nested});
  ASSERT_TRUE(asked) << asked.error().what;
  EXPECT_EQ(task_question_in(*asked, 1)->payload, text);
}

TEST(task_bodies, need_no_time_in_an_answer) {
  const auto read = read_answer(R"({"task_id":"t","result":"x"})");
  ASSERT_TRUE(read) << read.error().what;
  EXPECT_EQ(task_answer_in(*read)->processing_ms, 0U);
}

TEST(task_bodies, refuse_what_is_no_answer) {
  const std::string long_text(task_limits::result_bytes_max + 1, 'x');
  for (const auto& text : std::vector<std::string>{
         "", "{}", "[]", "{", R"({"task_id":"t"})", R"({"task_id":"","result":"x"})",
         R"({"task_id":"t","result":""})", R"({"task_id":1,"result":"x"})",
         R"({"task_id":"t","result":"x","more":1})", R"({"task_id":"t","result":"\u001b"})",
         R"({"task_id":"t","result":"x","processing_ms":-1})",
         R"({"task_id":"t","result":"x","processing_ms":3600001})",
         R"({"task_id":"t","result":")" + long_text + "\"}"}) {
    const auto read = read_answer(text);
    ASSERT_FALSE(read) << text;
    EXPECT_EQ(read.error().code, ec::bad_input) << text;
  }
}

} // namespace
} // namespace sluice::net
