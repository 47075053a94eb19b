#include "net/admin/wire.hpp"

#include <gtest/gtest.h>

namespace sluice::net {

namespace {

TEST(shell_wire, writes_what_the_documents_show) {
  EXPECT_EQ(to_line(shell_question{1, "tree"}), R"({"id":1,"line":"tree"})");
  EXPECT_EQ(to_line(shell_answer{1, {true, R"([{"a":1}])"}}),
            R"({"id":1,"ok":true,"data":[{"a":1}]})");
  EXPECT_EQ(to_line(shell_answer{7, {false, "no job \"x\""}}),
            R"({"id":7,"ok":false,"error":"no job \"x\""})");
  EXPECT_EQ(to_line(shell_answer{std::nullopt, {false, "no"}}),
            R"({"id":null,"ok":false,"error":"no"})");
}

TEST(shell_wire, keeps_an_answer_on_one_line) {
  EXPECT_EQ(to_line(shell_answer{1, {true, "{\n  \"a\": \"x\\ny\"\n}"}}),
            "{\"id\":1,\"ok\":true,\"data\":{   \"a\": \"x\\ny\" }}");
  EXPECT_EQ(to_line(shell_answer{1, {true, "not JSON"}}),
            R"({"id":1,"ok":false,"error":"a bug: the node's answer is no JSON"})");
  EXPECT_EQ(to_line(shell_answer{1, {false, "bad \xff byte"}}),
            "{\"id\":1,\"ok\":false,\"error\":\"bad \xef\xbf\xbd byte\"}");
}

TEST(shell_wire, reads_what_it_writes) {
  const shell_question question{18'446'744'073'709'551'615ULL, "miner ban 3 \"a; b\"\t\xc3\xa9"};
  EXPECT_EQ(*parse_question(to_line(question)), question);
  for (const auto& answer :
       {shell_answer{3, {true, R"({"z":1,"a":[2.5,null]})"}}, shell_answer{4, {false, "a\nb"}},
        shell_answer{std::nullopt, {false, "full"}}})
    EXPECT_EQ(*parse_answer(to_line(answer)), answer);
}

TEST(shell_wire, states_what_it_expected) {
  for (std::string_view line :
       {"", "tree", "[]", "{}", R"({"id":-1,"line":"tree"})", R"({"id":"1","line":"tree"})",
        R"({"id":1,"line":["tree"]})", R"({"id":1})", "{\"id\":1,\"line\":\"tr"}) {
    const auto seen = parse_question(line);
    ASSERT_FALSE(seen) << line;
    EXPECT_EQ(seen.error().what, R"(expected one line like {"id":1,"line":"tree"})");
  }
  for (std::string_view line : {"", "HTTP/1.1 400 Bad Request", R"({"id":1})", R"({"id":1,"ok":1})",
                                R"({"id":1,"ok":true})", R"({"id":1,"ok":false,"error":3})"})
    EXPECT_FALSE(parse_answer(line)) << line;
}

} // namespace

} // namespace sluice::net
