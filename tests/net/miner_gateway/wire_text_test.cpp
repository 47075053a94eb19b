#include "net/miner_gateway/wire_text.hpp"

#include <gtest/gtest.h>

namespace sluice::net::wire {

namespace {

/// "name=value;..." of the members of a text; "none" when it seems to be no object.
std::string taken_apart(std::string_view text) {
  const auto all = members_of(text);
  if (!all)
    return "none";
  std::string shown;
  for (const auto& x : *all)
    shown.append(x.name).append("=").append(x.value).append(";");
  return shown;
}

TEST(wire_text, an_object_is_taken_apart_without_reading_its_values) {
  EXPECT_EQ(taken_apart("{}"), "");
  EXPECT_EQ(taken_apart(R"( { "a" : 1 , "b":{"c":[1,"]}"]},"d":"\"" } )"),
            R"(a=1;b={"c":[1,"]}"]};d="\"";)");
  EXPECT_EQ(taken_apart(R"({"a":nonsense,"\u0062":[1}})"), "a=nonsense;b=[1};");
  for (const auto* none :
       {"", "{", "[]", "{}x", R"({"a"})", R"({"a":})", R"({"a":1,})", R"({a:1})", R"({"a":1)",
        R"({"a":[1})", R"({"a":"1})", R"({"a":1 2})", R"({"a":1]})", R"({"\x":1})"})
    EXPECT_EQ(taken_apart(none), "none") << none;
}

TEST(wire_text, every_text_that_is_an_object_is_taken_apart) {
  for (const auto* text : {R"({"a":-1.5e3,"b":true,"c":null,"d":"é","e":[[],{}],"f":""})",
                           "{\n\t\"a\" :\r\n[1 , 2]\n}"}) {
    const auto root = parse(text);
    ASSERT_TRUE(root) << root.error().what;
    const auto all = members_of(text);
    ASSERT_TRUE(all) << text;
    ASSERT_EQ(all->size(), root->size());
    for (const auto& x : *all)
      EXPECT_EQ(io::json::parse(x.value), root->at(x.name)) << x.name;
  }
}

TEST(wire_text, a_quoted_text_is_read) {
  EXPECT_EQ(unquoted(R"("a")"), "a");
  EXPECT_EQ(unquoted(R"("\u0061\"")"), "a\"");
  for (const auto* none : {"", "\"", "a", R"("\x")", "\"a"})
    EXPECT_EQ(unquoted(none), std::nullopt) << none;
}

TEST(wire_text, bounds_are_those_of_whoever_asks) {
  EXPECT_FALSE(bounds_fault("[[[[[[[[]]]]]]]]", 16, "body"));
  EXPECT_EQ(bounds_fault("[[[[[[[[]]]]]]]]", 15, "body")->what,
            "body: expected at most 15 bytes, got 16");
  EXPECT_EQ(bounds_fault("[[[[[[[[[", 16, "message")->what,
            "message: expected lists and objects at most 8 deep, got 9");
}

} // namespace

} // namespace sluice::net::wire
