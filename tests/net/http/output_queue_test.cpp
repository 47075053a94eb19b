#include "net/http/output_queue.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace sluice::net {
namespace {

std::string bytes_of(const output_queue::pieces& x) {
  std::string out;
  for (const auto& piece : x)
    out.append(static_cast<const char*>(piece.data()), piece.size());
  return out;
}

TEST(output_queue, sends_everything_in_order_whatever_is_taken_at_once) {
  const auto seed = std::random_device{}();
  std::mt19937 random{seed};
  const auto below = [&](size_t bound) { return random() % bound; };
  for (int round = 0; round < 200; ++round) {
    output_queue queue;
    std::string expected, got;
    for (auto parts = below(12); parts > 0; --parts) {
      const auto text = std::to_string(below(100'000));
      queue.text() += text;
      const auto body = std::make_shared<const std::string>(
        output_queue::referred_bytes_min - 2 + below(4), static_cast<char>('a' + below(26)));
      queue.add(*body, body);
      expected += text + *body;
    }
    while (!queue.empty()) {
      ASSERT_EQ(queue.bytes(), expected.size() - got.size()) << "seed " << seed;
      const auto next = bytes_of(queue.next());
      ASSERT_FALSE(next.empty()) << "seed " << seed;
      const auto taken = std::min(next.size(), size_t{1} + below(20'000));
      got += next.substr(0, taken);
      queue.sent(taken);
    }
    ASSERT_TRUE(got == expected) << "seed " << seed;
    ASSERT_EQ(queue.next().count, 0U);
  }
}

TEST(output_queue, holds_a_body_until_it_is_sent) {
  output_queue queue, other;
  auto body = std::make_shared<const std::string>(output_queue::referred_bytes_min, 'x');
  const std::weak_ptr<const std::string> kept = body;
  queue.add(*body, body);
  body.reset();
  queue.swap(other);
  EXPECT_TRUE(queue.empty());
  EXPECT_EQ(other.bytes(), output_queue::referred_bytes_min);
  other.sent(1);
  EXPECT_FALSE(kept.expired());
  other.sent(output_queue::referred_bytes_min - 1);
  EXPECT_TRUE(kept.expired());
}

} // namespace
} // namespace sluice::net
