#include "rules/consensus/report_share.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <random>

namespace sluice {
namespace {

TEST(known_reports, forgets_the_first_beyond_its_bound) {
  known_reports known{3};
  for (const auto* x : {"a", "b", "c"})
    EXPECT_TRUE(known.add(x));
  EXPECT_FALSE(known.add("a"));
  EXPECT_TRUE(known.add("d"));
  EXPECT_EQ(known.size(), 3U);
  EXPECT_FALSE(known.has("a"));
  EXPECT_TRUE(known.has("b"));
  EXPECT_TRUE(known.add("a"));
  EXPECT_FALSE(known.has("b"));
  known.remove("c");
  known.remove("never");
  EXPECT_TRUE(known.add("c")) << "as if it had never been there";
  EXPECT_TRUE(known.add("e"));
  EXPECT_FALSE(known.has("d"));
  EXPECT_TRUE(known.has("c"));
}

/// Against a second model: a list that is cut from the front.
TEST(share_queue, never_exceeds_its_bounds_and_counts_what_it_drops) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 chance{seed};
  for (int run = 0; run < 50; ++run) {
    const share_bounds bounds{1 + chance() % 4, 1 + chance() % 8, 10 + chance() % 300};
    share_queue queue{bounds};
    std::deque<std::string> model;
    size_t unanswered = 0;
    uint64_t dropped = 0, made = 0;
    for (int step = 0; step < 500; ++step) {
      switch (chance() % 3) {
      case 0: {
        const auto text = std::string(chance() % 60, 'x') + std::to_string(++made);
        queue.add(std::make_shared<const std::string>(text));
        model.push_back(text);
        const auto bytes = [&] {
          size_t n = 0;
          for (const auto& x : model)
            n += x.size();
          return n;
        };
        while (model.size() > bounds.waiting || bytes() > bounds.waiting_bytes) {
          model.pop_front();
          ++dropped;
        }
        break;
      }
      case 1: {
        const auto next = queue.next();
        const bool may = !model.empty() && unanswered < bounds.unanswered;
        ASSERT_EQ(next != nullptr, may);
        if (may) {
          EXPECT_EQ(*next, model.front());
          model.pop_front();
          ++unanswered;
        }
        break;
      }
      default:
        EXPECT_EQ(queue.answered(), unanswered > 0);
        unanswered -= unanswered > 0 ? 1 : 0;
      }
      EXPECT_EQ(queue.waiting(), model.size());
      EXPECT_EQ(queue.unanswered(), unanswered);
      EXPECT_EQ(queue.dropped(), dropped);
    }
    queue.clear();
    EXPECT_EQ(queue.waiting() + queue.unanswered(), 0U);
    EXPECT_FALSE(queue.answered());
  }
}

} // namespace
} // namespace sluice
