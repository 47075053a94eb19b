#include "sim/pool/oracle.hpp"

#include <boost/multiprecision/cpp_int.hpp>
#include <gtest/gtest.h>

#include <deque>
#include <random>

namespace sluice {
namespace {

using big = boost::multiprecision::cpp_int;

/// The same oracle as a history without a ring: exact sums at each written moment.
class history {
public:
  struct moment {
    uint64_t time = 0; // does not wrap
    big ticks = 0;
    big seconds_per_liquidity = 0;
  };

  void write(uint64_t time, int32_t tick, uint64_t liquidity, size_t kept) {
    moments.push_back(after(moments.back(), time, tick, liquidity));
    while (moments.size() > kept)
      moments.pop_front();
  }

  static moment after(const moment& last, uint64_t time, int32_t tick, uint64_t liquidity) {
    uint64_t passed = time - last.time;
    return {time, last.ticks + big(tick) * passed,
            last.seconds_per_liquidity + (big(passed) << 128) / std::max<uint64_t>(liquidity, 1)};
  }

  std::deque<moment> moments;
};

struct walker {
  oracle ring;
  history exact;
  oracle_view now;
  uint64_t time = 0;

  /// A step of time with the tick and liquidity that hold from then on.
  void step(uint64_t seconds, int32_t tick, uint64_t liquidity) {
    time += seconds;
    now.now = static_cast<uint32_t>(time);
    if (seconds > 0) {
      auto cardinality_before = now.cardinality;
      std::tie(now.index, now.cardinality) = ring.write(now);
      exact.write(time, now.tick, static_cast<uint64_t>(now.liquidity), now.cardinality);
      EXPECT_GE(now.cardinality, cardinality_before);
    }
    now.tick = tick;
    now.liquidity = liquidity;
  }
};

void expect_same(const observation& got, const history::moment& expected) {
  EXPECT_EQ(got.tick_cumulative, static_cast<int64_t>(expected.ticks));
  big wrapped = expected.seconds_per_liquidity & ((big(1) << 160) - 1);
  EXPECT_EQ(to_string(got.seconds_per_liquidity_cumulative_x128), wrapped.str());
}

} // namespace

TEST(oracle, remembers_what_a_history_without_a_ring_remembers) {
  for (uint64_t seed = 1; seed <= 30; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937_64 random(seed);
    walker x;
    x.time = (uint64_t{1} << 32) - random() % 3000; // the clock of 32 bits wraps on the way
    x.ring.initialize(static_cast<uint32_t>(x.time));
    x.exact.moments.push_back({x.time, 0, 0});
    x.now = {static_cast<uint32_t>(x.time), 5, 1000, 0, 1};
    for (int i = 0; i < 400; ++i) {
      if (random() % 20 == 0)
        x.ring.grow(static_cast<uint16_t>(random() % 40));
      x.step(random() % 30, static_cast<int32_t>(random() % 2000) - 1000, random() % 3 * 12345);
      x.time += random() % 3;
      x.now.now = static_cast<uint32_t>(x.time);
      for (const auto& moment : x.exact.moments) {
        auto seen = x.ring.observe(x.now, static_cast<uint32_t>(x.time - moment.time));
        ASSERT_TRUE(seen) << "step " << i;
        expect_same(*seen, moment);
      }
      auto current = history::after(x.exact.moments.back(), x.time, x.now.tick,
                                    static_cast<uint64_t>(x.now.liquidity));
      expect_same(*x.ring.observe(x.now, 0), current);
      auto too_old = x.time - x.exact.moments.front().time + 1;
      ASSERT_FALSE(x.ring.observe(x.now, static_cast<uint32_t>(too_old))) << "step " << i;
      ASSERT_FALSE(testing::Test::HasFailure());
    }
  }
}

TEST(oracle, interpolates_between_two_observations) {
  oracle ring;
  ring.initialize(100);
  ring.grow(3);
  oracle_view now{110, -7, 1, 0, 1};
  std::tie(now.index, now.cardinality) = ring.write(now); // -70 at 110
  now.now = 120;
  now.tick = 3;
  std::tie(now.index, now.cardinality) = ring.write(now); // -40 at 120
  EXPECT_EQ(ring.observe(now, 20)->tick_cumulative, 0);
  EXPECT_EQ(ring.observe(now, 17)->tick_cumulative, -21);
  EXPECT_EQ(ring.observe(now, 4)->tick_cumulative, -52);
  EXPECT_EQ(ring.observe(now, 21), std::nullopt);
}

TEST(oracle, shows_grown_slots_as_the_contract_prepares_them) {
  oracle ring;
  ring.initialize(100);
  ring.grow(65535);
  EXPECT_EQ(ring.at(0), (observation{100, 0, {}, true}));
  EXPECT_EQ(ring.at(1), (observation{1, 0, {}, false}));
  EXPECT_EQ(ring.at(65534), (observation{1, 0, {}, false}));
  EXPECT_EQ(ring.at(65535), (observation{0, 0, {}, false}));
  EXPECT_EQ(ring.written(), 1);
}

TEST(oracle, writes_once_per_timestamp) {
  oracle ring;
  ring.initialize(100);
  ring.grow(3);
  oracle_view now{100, 5, 1, 0, 1};
  EXPECT_EQ(ring.write(now), (std::pair<uint16_t, uint16_t>{0, 1}));
  now.now = 101;
  EXPECT_EQ(ring.write(now), (std::pair<uint16_t, uint16_t>{1, 3}));
}

TEST(oracle, is_put_back_to_where_it_was_kept) {
  std::mt19937_64 random(3);
  oracle ring;
  oracle_view now{100, 5, 1, 0, 1};
  const auto fresh = ring.keep(now);
  ring.initialize(100);
  ring.put_back(fresh);
  EXPECT_EQ(ring, oracle{});
  ring.initialize(100);
  for (int i = 0; i < 500; ++i) {
    const auto before = ring;
    const auto kept = ring.keep(now);
    const bool grows = random() % 5 == 0;
    auto next = now;
    next.now += static_cast<uint32_t>(random() % 3);
    next.tick = static_cast<int32_t>(random() % 100);
    if (grows)
      ring.grow(static_cast<uint16_t>(random() % 30));
    else
      std::tie(next.index, next.cardinality) = ring.write(next);
    const auto after = ring;
    ring.put_back(kept);
    ASSERT_EQ(ring, before) << i;
    if (random() % 3 == 0)
      continue;
    ring = after;
    now = next;
  }
}

} // namespace sluice
