#include "rules/trading/backoff.hpp"

#include <gtest/gtest.h>

#include <random>

namespace sluice::test {
namespace {

constexpr uint64_t now_ms = 784'111'777'000; // Sun, 06 Nov 1994 08:49:37 GMT (RFC 9110, 5.6.7)

source_answer answer(unsigned status) {
  source_answer x;
  x.status = status;
  return x;
}

TEST(trading_backoff, waits_for_the_reset_when_no_request_remains) {
  const source_pause_terms terms;
  EXPECT_EQ(rate_pause_ms("", "", now_ms, terms), 0U);
  EXPECT_EQ(rate_pause_ms("1", "60", now_ms, terms), 0U);
  EXPECT_EQ(rate_pause_ms("none", "60", now_ms, terms), 0U);
  EXPECT_EQ(rate_pause_ms("0", "30", now_ms, terms), 30'000U);
  const uint64_t today = 1'760'000'000'000;
  EXPECT_EQ(rate_pause_ms("0", "1760000007", today, terms), 7'000U);
  EXPECT_EQ(rate_pause_ms("0", "1760000007500", today, terms), 7'500U);
  EXPECT_EQ(rate_pause_ms("0", "1759999999", today, terms), 0U);
  EXPECT_EQ(rate_pause_ms("0", "", today, terms), terms.unstated_ms);
  EXPECT_EQ(rate_pause_ms("0", "1860000000", today, terms), terms.obeyed_ms);
}

TEST(trading_backoff, decides_as_the_failure_matrix_requires) {
  const source_pause_terms terms;
  const auto verdict = [&](unsigned status, uint32_t attempts) {
    return decide(answer(status), attempts, 7, now_ms, terms).verdict;
  };
  EXPECT_EQ(verdict(200, 1), source_verdict::take);
  EXPECT_EQ(verdict(401, 1), source_verdict::stop);
  for (const unsigned status : {204U, 304U, 400U, 403U, 404U, 410U, 422U})
    EXPECT_EQ(verdict(status, 1), source_verdict::next_time) << status;
  for (const unsigned status : {0U, 408U, 429U, 500U, 502U, 503U, 599U}) {
    for (uint32_t attempts = 1; attempts < terms.attempts_max; ++attempts)
      EXPECT_EQ(verdict(status, attempts), source_verdict::again) << status;
    const auto last = decide(answer(status), terms.attempts_max, 7, now_ms, terms);
    EXPECT_EQ(last.verdict, source_verdict::next_time) << status;
    EXPECT_TRUE(last.exhausted) << status;
    EXPECT_NE(last.why.find("5 attempts"), std::string::npos) << last.why;
  }
  EXPECT_FALSE(decide(answer(404), 1, 7, now_ms, terms).exhausted);
  EXPECT_NE(decide(answer(401), 1, 7, now_ms, terms).why.find("key_file"), std::string::npos);
}

TEST(trading_backoff, never_undercuts_what_the_server_wants) {
  const source_pause_terms terms;
  const auto seed = std::random_device{}();
  std::mt19937_64 random{seed};
  for (int i = 0; i < 1'000; ++i) {
    auto x = answer(i % 2 == 0 ? 429 : 503);
    x.retry_after = "40";
    const auto pause = decide(x, 1, random(), now_ms, terms).pause_ms;
    EXPECT_GE(pause, 40'000U) << seed;
    EXPECT_LE(pause, 44'000U) << seed;
    x.retry_after = "";
    const auto own = decide(x, 1, random(), now_ms, terms).pause_ms;
    EXPECT_GE(own, x.status == 429 ? 60'000U : terms.least_ms) << seed;
    EXPECT_LE(own, x.status == 429 ? 66'000U : terms.least_ms) << seed;
    x.retry_after = "100000"; // more than is obeyed
    EXPECT_LE(decide(x, 1, random(), now_ms, terms).pause_ms, terms.obeyed_ms * 11 / 10) << seed;
    auto good = answer(200);
    good.remaining = "0";
    good.reset = "5";
    EXPECT_GE(decide(good, 1, random(), now_ms, terms).pause_ms, 5'000U) << seed;
  }
}

TEST(trading_backoff, doubles_up_to_a_bound) {
  const source_pause_terms terms;
  for (const uint64_t chance : {uint64_t{0}, uint64_t{12'345}, UINT64_MAX}) {
    uint64_t top = terms.least_ms;
    for (uint64_t failures = 1; failures < 100; ++failures) {
      const auto pause = failure_pause_ms(failures, chance, terms);
      EXPECT_GE(pause, std::max(terms.least_ms, top / 2));
      EXPECT_LE(pause, top);
      top = std::min(top * 2, terms.most_ms);
    }
  }
}

} // namespace
} // namespace sluice::test
