#include "tools/liquidity/pair_name.hpp"

#include <gtest/gtest.h>

namespace sluice::tools {
namespace {

constexpr std::string_view weth = "0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2";
constexpr std::string_view usdc = "0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48";
constexpr std::string_view ens = "0xC18360217D8F7Ab5e7c516566761Ea12Ce7F9D72";

TEST(pair_name, one_token_that_is_known_and_the_words_of_the_file_name_both) {
  EXPECT_EQ(pair_name_of("ens-weth-3000", weth, ens), (pair_name{"WETH", "ENS", "ens-weth"}));
  EXPECT_EQ(pair_name_of("WETH_ens.2021", weth, ens), std::nullopt) << "no word: ens.2021";
  EXPECT_EQ(pair_name_of("WETH_ens_2021", ens, weth), (pair_name{"ENS", "WETH", "weth-ens"}));
}

TEST(pair_name, two_tokens_that_are_known_need_no_file_name) {
  EXPECT_EQ(pair_name_of("recording", usdc, weth), (pair_name{"USDC", "WETH", ""}));
  EXPECT_EQ(pair_name_of("usdc-weth-500", usdc, weth), (pair_name{"USDC", "WETH", "usdc-weth"}));
  EXPECT_EQ(pair_name_of("ens-weth-3000", usdc, weth), (pair_name{"USDC", "WETH", ""}))
    << "the file is called otherwise";
}

TEST(pair_name, nothing_is_guessed_from_a_file_name_alone) {
  EXPECT_EQ(pair_name_of("ens-weth-3000", "", ""), std::nullopt);
  EXPECT_EQ(pair_name_of("ens-weth-3000", ens, "0x01"), std::nullopt);
  EXPECT_EQ(pair_name_of("pool", weth, ens), std::nullopt);
  EXPECT_EQ(pair_name_of("ens-3000", weth, ens), std::nullopt);
  EXPECT_EQ(pair_name_of("", weth, ens), std::nullopt);
}

TEST(pair_name, a_job_has_the_words_of_the_file_when_they_are_the_tokens) {
  EXPECT_EQ(job_name_of("usdc-weth-500-2023-08-13", "USDC", "WETH"), "usdc-weth");
  EXPECT_EQ(job_name_of("weth-usdc", "USDC", "WETH"), "weth-usdc");
  EXPECT_EQ(job_name_of("bars", "USDC", "WETH"), "");
  EXPECT_EQ(job_name_of("ens-weth", "USDC", "WETH"), "");
}

} // namespace
} // namespace sluice::tools
