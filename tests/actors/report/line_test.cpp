#include "actors/report/line.hpp"

#include <gtest/gtest.h>

namespace sluice::report {

TEST(line, grows_by_keys_and_values) {
  EXPECT_EQ(line{"start"}.end(), "start\n");
  EXPECT_EQ(line{"start"}.add("a", std::string{"b"}).add("n", 7).end(), "start a=b n=7\n");
}

TEST(line, an_empty_text_is_left_out_and_an_empty_value_is_quoted) {
  EXPECT_EQ(line{"x"}.add_text("a", "").add_text("b", "c").end(), "x b=c\n");
  EXPECT_EQ(line{"x"}.add("a", std::string{}).end(), "x a=\"\"\n");
}

TEST(line, stays_one_line_whatever_is_in_it) {
  EXPECT_EQ(line{"x"}.add("a", std::string{"two words"}).end(), "x a=\"two words\"\n");
  EXPECT_EQ(line{"x"}.add("a", std::string{"b=c"}).end(), "x a=\"b=c\"\n");
  EXPECT_EQ(line{"x"}.add("a", std::string{"say \"hi\"\ny z=1 \x1b[2J\\"}).end(),
            "x a=\"say \\\"hi\\\" y z=1  [2J\\\\\"\n");
}

} // namespace sluice::report
