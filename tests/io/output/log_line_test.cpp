#include "io/output/log_line.hpp"

#include <gtest/gtest.h>

namespace sluice::io {
namespace {

TEST(log_line, what_strangers_write_stays_on_one_line) {
  EXPECT_EQ(one_line("all is well"), "all is well");
  EXPECT_EQ(one_line("a\nb\r\nc\td"), "a\\nb\\r\\nc\\td");
  EXPECT_EQ(one_line("\x1b[2Jx\x7f"), "\\x1b[2Jx\\x7f");
  EXPECT_EQ(one_line(std::string_view{"a\0b", 3}), "a\\x00b");
  EXPECT_EQ(one_line("next\xc2\x85line"), "next\\u{85}line") << "U+0085 ends lines too";
  EXPECT_EQ(one_line("na\xc3\xafve \xc2\xa9"), "na\xc3\xafve \xc2\xa9");
  EXPECT_EQ(one_line("cut \xc2"), "cut \xc2");
  EXPECT_EQ(one_line("C:\\n"), "C:\\n");
}

TEST(log_line, the_same_record_again_is_counted_and_given_with_the_next_other_one) {
  repeated_records seen;
  const auto is = [](folded_record x, uint64_t repeated, bool is_new) {
    return x.repeated == repeated && x.is_new == is_new;
  };
  EXPECT_TRUE(is(seen.take("a", 0), 0, true));
  EXPECT_TRUE(is(seen.take("b", 0), 0, true));
  for (int i = 0; i < 7; ++i)
    EXPECT_TRUE(is(seen.take("b", 1), 0, false));
  EXPECT_TRUE(is(seen.take("a", 2), 7, true));
  EXPECT_TRUE(is(seen.take("b", 2), 0, true));
  EXPECT_EQ(seen.rest(), 0U);
}

TEST(log_line, a_count_is_given_once_a_minute_as_long_as_it_goes_on) {
  repeated_records seen;
  EXPECT_TRUE(seen.take("a", 100).is_new);
  EXPECT_EQ(seen.take("a", 159).repeated, 0U);
  EXPECT_EQ(seen.take("a", 160).repeated, 2U);
  EXPECT_EQ(seen.take("a", 161).repeated, 0U);
  EXPECT_EQ(seen.rest(), 1U);
  EXPECT_EQ(seen.rest(), 0U);
}

TEST(log_line, an_empty_record_is_one_as_well) {
  repeated_records seen;
  EXPECT_TRUE(seen.take("", 0).is_new);
  EXPECT_FALSE(seen.take("", 0).is_new);
}

} // namespace
} // namespace sluice::io
