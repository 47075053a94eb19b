#include "rules/miner_gateway/rates.hpp"

#include <gtest/gtest.h>

#include <random>

namespace sluice {

namespace {

TEST(token_bucket, gives_the_burst_at_once_and_then_the_rate) {
  const rate terms{2, 4};
  token_bucket bucket;
  uint64_t now = 1'000;
  for (int i = 0; i < 4; ++i)
    EXPECT_EQ(bucket.take(terms, 1, now), 0U);
  EXPECT_EQ(bucket.take(terms, 1, now), 500U);
  EXPECT_EQ(bucket.take(terms, 1, now + 499), 1U);
  EXPECT_EQ(bucket.take(terms, 1, now + 500), 0U);
  EXPECT_EQ(bucket.take(terms, 3, now + 500), 1'500U);
  EXPECT_EQ(bucket.take(terms, 3, now + 2'000), 0U);
}

TEST(token_bucket, never_holds_more_than_the_burst) {
  const rate terms{10, 3};
  token_bucket bucket;
  EXPECT_EQ(bucket.take(terms, 3, 0), 0U);
  EXPECT_FALSE(bucket.full(terms, 299));
  EXPECT_TRUE(bucket.full(terms, 300));
  EXPECT_EQ(bucket.take(terms, 3, 1'000'000'000), 0U);
  EXPECT_EQ(bucket.take(terms, 1, 1'000'000'000), 100U);
}

TEST(token_bucket, returns_never_when_no_waiting_helps) {
  token_bucket bucket;
  EXPECT_EQ(bucket.take({5, 10}, 11, 0), token_bucket::never);
  EXPECT_EQ(bucket.take({0, 10}, 10, 0), 0U);
  EXPECT_EQ(bucket.take({0, 10}, 1, 1'000'000), token_bucket::never);
  EXPECT_EQ(token_bucket{}.take({0, 0}, 1, 0), token_bucket::never);
}

TEST(token_bucket, what_is_given_back_can_be_taken_again_and_no_more) {
  const rate terms{2, 4};
  token_bucket bucket;
  EXPECT_EQ(bucket.take(terms, 4, 1'000), 0U);
  bucket.give_back(terms, 3, 1'000);
  EXPECT_EQ(bucket.take(terms, 3, 1'000), 0U);
  EXPECT_EQ(bucket.take(terms, 1, 1'000), 500U);
  bucket.give_back(terms, 100, 1'000);
  EXPECT_TRUE(bucket.full(terms, 1'000));
  EXPECT_EQ(bucket.take(terms, 5, 1'000), token_bucket::never);
  EXPECT_EQ(bucket.take(terms, 4, 1'000), 0U);
  EXPECT_NE(bucket.take(terms, 1, 1'000), 0U);
}

TEST(token_bucket, stands_a_clock_that_stands_or_leaps) {
  const rate terms{1'000'000'000, 1'000'000'000'000};
  token_bucket bucket;
  EXPECT_EQ(bucket.take(terms, terms.burst, 5), 0U);
  EXPECT_GT(bucket.take(terms, 1, 5), 0U);
  EXPECT_GT(bucket.take(terms, 1, 0), 0U); // never backwards
  EXPECT_EQ(bucket.take(terms, terms.burst, UINT64_MAX), 0U);
}

TEST(token_bucket, over_any_stretch_gives_at_most_burst_and_rate) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 chance{seed};
  const rate terms{1 + chance() % 500, 1 + chance() % 2'000};
  token_bucket bucket;
  std::vector<std::pair<uint64_t, uint64_t>> taken; // when, how many
  uint64_t now = chance();
  for (int i = 0; i < 3'000; ++i) {
    now += chance() % 20;
    const uint64_t n = chance() % (terms.burst + 1);
    const auto wait = bucket.take(terms, n, now);
    if (wait == 0)
      taken.emplace_back(now, n);
    else { // the promise is exact: not a millisecond earlier
      auto early = bucket;
      EXPECT_NE(early.take(terms, n, now + wait - 1), 0U);
      EXPECT_EQ(early.take(terms, n, now + wait), 0U);
    }
  }
  for (size_t from = 0; from < taken.size(); from += 37) {
    uint64_t sum = 0;
    for (size_t to = from; to < taken.size(); ++to) {
      sum += taken[to].second;
      const auto passed = taken[to].first - taken[from].first;
      ASSERT_LE(sum * 1'000, terms.burst * 1'000 + passed * terms.per_second);
    }
  }
}

constexpr rate_terms small{{{{1, 2}, {10, 100}, {1, 3}}}, 2, 4};

TEST(rate_table, counts_each_key_by_itself) {
  rate_table table{small};
  EXPECT_TRUE(table.open("a", 0).allowed);
  EXPECT_TRUE(table.open("a", 0).allowed);
  const auto third = table.open("a", 0);
  EXPECT_FALSE(third.allowed);
  EXPECT_TRUE(third.too_many);
  EXPECT_TRUE(table.open("b", 0).allowed);
  table.close("a", 0);
  const auto fast = table.open("a", 0);
  EXPECT_FALSE(fast.allowed);
  EXPECT_FALSE(fast.too_many);
  EXPECT_EQ(fast.retry_ms, 1'000U);
  EXPECT_TRUE(table.open("a", 1'000).allowed);
}

TEST(rate_table, a_new_connection_starts_with_what_the_last_one_left) {
  rate_table table{small};
  const auto first = table.open("a", 0);
  EXPECT_EQ(table.take(first.account, metered::bytes, 100, 0), 0U);
  table.close(first.account, 0);
  const auto second = table.open("a", 0);
  ASSERT_TRUE(second.allowed);
  EXPECT_EQ(table.take(second.account, metered::bytes, 10, 0), 1'000U);
}

TEST(rate_table, bytes_and_messages_are_counted_apart) {
  rate_table table{small};
  const auto place = table.open("a", 0).account;
  EXPECT_EQ(table.take(place, metered::bytes, 100, 0), 0U);
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(table.take(place, metered::messages, 1, 0), 0U);
  EXPECT_EQ(table.take(place, metered::messages, 1, 0), 1'000U);
  EXPECT_EQ(table.take("nobody", metered::messages, 1, 0), token_bucket::never);
}

TEST(rate_table, forgets_who_cannot_be_distinguished_from_a_newcomer) {
  rate_table table{small};
  for (const std::string key : {"a", "b", "c"})
    table.close(table.open(key, 0).account, 0);
  EXPECT_EQ(table.size(), 3U);
  table.close(table.open("d", 60'000).account, 60'000); // a, b and c are full again
  EXPECT_EQ(table.size(), 1U);
  table.close("d", 61'000);
  EXPECT_EQ(table.size(), 0U);
}

TEST(rate_table, many_names_share_one_account_when_the_table_is_full) {
  rate_table table{small};
  for (const std::string key : {"a", "b", "c"})
    EXPECT_EQ(table.open(key, 0).account, key);
  EXPECT_EQ(table.open("d", 0).account, "");
  EXPECT_EQ(table.open("e", 0).account, "");
  const auto third = table.open("f", 0);
  EXPECT_FALSE(third.allowed);
  EXPECT_TRUE(third.too_many);
  EXPECT_EQ(table.size(), 4U);
  EXPECT_EQ(table.open("a", 0).account, "a"); // who was there before is not touched
}

TEST(rate_table, stays_small_under_a_flood_of_names) {
  rate_table table{{{{{1, 2}, {10, 100}, {1, 3}}}, 2, 100}};
  uint64_t allowed = 0;
  for (uint64_t i = 0; i < 100'000; ++i) {
    const auto got = table.open("key " + std::to_string(i), i / 100); // a second in all
    if (got.allowed) {
      ++allowed;
      table.close(got.account, i / 100);
    }
    ASSERT_LE(table.size(), 100U);
  }
  EXPECT_LE(allowed, 99U + 2U + 1U); // each name once, then the shared burst and its refill
}

} // namespace

} // namespace sluice
