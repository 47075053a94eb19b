#include "rules/api/rates.hpp"

#include <gtest/gtest.h>

namespace sluice {
namespace {

TEST(api_rates, take_a_burst_and_then_so_many_per_second) {
  api_rates rates{{.key = {2, 5}, .network = {1, 3}}};
  for (int i = 0; i < 5; ++i)
    EXPECT_EQ(rates.take_for_key("a", 1000), 0U);
  EXPECT_EQ(rates.take_for_key("a", 1000), 500U);
  EXPECT_EQ(rates.take_for_key("b", 1000), 0U) << "another key has a rate of its own";
  EXPECT_EQ(rates.take_for_key("a", 1499), 1U);
  EXPECT_EQ(rates.take_for_key("a", 1500), 0U);
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(rates.take_for_network("10.0.0.1", 1500), 0U);
  EXPECT_EQ(rates.take_for_network("10.0.0.1", 1500), 1000U);
  EXPECT_EQ(rates.take_for_network("10.0.0.2", 1500), 0U);
}

TEST(api_rates, of_zero_are_no_limit) {
  api_rates rates{{.key = {0, 0}, .network = {0, 0}}};
  for (int i = 0; i < 10'000; ++i) {
    EXPECT_EQ(rates.take_for_key("a", 1), 0U);
    EXPECT_EQ(rates.take_for_network("a", 1), 0U);
  }
  EXPECT_EQ(rates.size(), 0U);
}

TEST(api_rates, stay_small_whoever_comes) {
  api_rates rates{{.key = {1, 10}, .network = {1, 10}, .networks_max = 100}};
  size_t refused = 0;
  for (int i = 0; i < 100'000; ++i)
    refused += rates.take_for_network(std::to_string(i), 1'000) != 0 ? 1 : 0;
  EXPECT_LE(rates.size(), 101U);
  EXPECT_GT(refused, 99'000U) << "who comes under many names shares one rate";
  EXPECT_EQ(rates.take_for_network("new", 100'000), 0U) << "the idle ones are forgotten";
  EXPECT_LE(rates.size(), 3U);
}

TEST(api_rates, are_stated_in_whole_seconds) {
  EXPECT_EQ(retry_after_s(1), 1U);
  EXPECT_EQ(retry_after_s(1000), 1U);
  EXPECT_EQ(retry_after_s(1001), 2U);
  EXPECT_EQ(retry_after_s(UINT64_MAX), 86'400U);
}

} // namespace
} // namespace sluice
