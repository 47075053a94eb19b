#include "io/text/json_place.hpp"

#include <gtest/gtest.h>

using namespace sluice::io;

namespace {

constexpr std::string_view text = R"({
  "a": [1, {"b": "x,]}\" y", "c": null},
        [], 22],
  "d\n": {"e": {"f": -1.5e3 } },
  "a": [ 7 ]
})";

} // namespace

TEST(json_place, finds_values_by_their_path) {
  EXPECT_EQ(place_of(text, {}), (text_place{1, 1}));
  EXPECT_EQ(place_of(text, {"d\n", "e", "f"}), (text_place{4, 22}));
  EXPECT_EQ(place_of(R"([1, {"b": "x,]}\" y", "c": null}, [], 22])", {size_t{1}, "c"}),
            (text_place{1, 28}));
  EXPECT_EQ(place_of(R"([1, {"b": "x,]}\" y", "c": null}, [], 22])", {size_t{3}}),
            (text_place{1, 39}));
}

TEST(json_place, of_equal_keys_the_last_one_counts) {
  EXPECT_EQ(place_of(text, {"a"}), (text_place{5, 8}));
  EXPECT_EQ(place_of(text, {"a", size_t{0}}), (text_place{5, 10}));
}

TEST(json_place, stops_at_the_deepest_value_that_exists) {
  EXPECT_EQ(place_of(text, {"d\n", "nothing", "f"}), (text_place{4, 10}));
  EXPECT_EQ(place_of(text, {"a", size_t{9}}), (text_place{5, 8}));
  EXPECT_EQ(place_of(text, {size_t{0}}), (text_place{1, 1}));
}

TEST(json_place, counts_lines_and_columns_from_one) {
  EXPECT_EQ(place_of_byte("ab\ncd", 0), (text_place{1, 1}));
  EXPECT_EQ(place_of_byte("ab\ncd", 4), (text_place{2, 2}));
  EXPECT_EQ(place_of_byte("ab\ncd", 99), (text_place{2, 3}));
}

TEST(json_place, paths_read_like_code) {
  EXPECT_EQ(to_text(json_path{"rebalances", size_t{2}, "block"}), "rebalances[2].block");
  EXPECT_EQ(to_text(json_path{}), "");
}
