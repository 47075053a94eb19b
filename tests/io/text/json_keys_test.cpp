#include "io/text/json_keys.hpp"

#include <gtest/gtest.h>

namespace sluice::io {
namespace {

std::optional<std::string> twice_in(std::string_view text) {
  std::optional<std::string> twice;
  (void)parse_keys_once(text, twice);
  return twice;
}

TEST(json_keys, may_come_again_in_another_object) {
  EXPECT_FALSE(twice_in(R"({"a":{"a":1},"b":[{"a":1},{"a":2}],"c":{"b":{}}})"));
  EXPECT_FALSE(twice_in("[]"));
  EXPECT_FALSE(twice_in("1"));
}

TEST(json_keys, that_come_twice_in_one_object_are_found_the_first_of_them) {
  EXPECT_EQ(twice_in(R"({"a":1,"a":2})"), "a");
  EXPECT_EQ(twice_in(R"({"x":{"b":1,"c":{"b":1},"b":2},"x":1})"), "b");
  EXPECT_EQ(twice_in(R"([{"":1,"":1}])"), "");
}

TEST(json_keys, are_of_a_value_that_is_read_as_always) {
  std::optional<std::string> twice;
  EXPECT_EQ(parse_keys_once(R"({"b":1,"a":[2]})", twice).dump(), R"({"b":1,"a":[2]})");
  EXPECT_THROW(parse_keys_once("{", twice), json::parse_error);
  EXPECT_THROW(parse_keys_once("1e999", twice), json::out_of_range);
}

} // namespace
} // namespace sluice::io
