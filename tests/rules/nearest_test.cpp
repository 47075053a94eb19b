#include "rules/nearest.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace sluice {
namespace {

constexpr std::array<std::string_view, 4> names{"seed", "price", "files", "start_block"};

TEST(nearest, finds_what_is_a_few_letters_away) {
  EXPECT_EQ(nearest("sed", names), "seed");
  EXPECT_EQ(nearest("pirce", names), "price");
  EXPECT_EQ(nearest("startblock", names), "start_block");
  EXPECT_EQ(nearest("start_blocks", names), "start_block");
  EXPECT_EQ(nearest("seed", names), "seed");
}

TEST(nearest, finds_nothing_when_nothing_is_near) {
  EXPECT_EQ(nearest("volatility", names), std::nullopt);
  EXPECT_EQ(nearest("", names), std::nullopt);
  EXPECT_EQ(nearest(std::string(5000, 'a'), names), std::nullopt);
  EXPECT_EQ(nearest("seed", {}), std::nullopt);
}

TEST(nearest, the_first_among_equals_is_taken) {
  constexpr std::array<std::string_view, 2> twins{"bars", "cars"};
  EXPECT_EQ(nearest("dars", twins), "bars");
}

} // namespace
} // namespace sluice
