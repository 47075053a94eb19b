#include "rules/sports/nonce_book.hpp"

#include <gtest/gtest.h>

#include <random>

namespace sluice {
namespace {

constexpr int64_t nonce_second = 1'000'000;
constexpr int64_t nonce_now = 1'743'508'800'123'456;

TEST(sports_nonce_book, takes_a_nonce_of_a_hotkey_once) {
  sports_nonce_book book{{}};
  EXPECT_FALSE(book.refuses({"a"}, "1", nonce_now));
  book.keep({{"a"}, "1", nonce_now});
  EXPECT_TRUE(book.refuses({"a"}, "1", nonce_now));
  EXPECT_FALSE(book.refuses({"a"}, "1.0", nonce_now));
  EXPECT_FALSE(book.refuses({"b"}, "1", nonce_now));
  book.keep({{"b"}, "1", nonce_now});
  EXPECT_EQ(book.size(), 2U);
}

TEST(sports_nonce_book, remembers_a_nonce_for_as_long_as_its_message_is_fresh) {
  sports_nonce_book book{{}};
  const int64_t ahead = nonce_now + 300 * nonce_second; // the furthest that is taken
  book.keep({{"a"}, "1", ahead});
  EXPECT_TRUE(book.refuses({"a"}, "1", nonce_now + 600 * nonce_second)); // fresh to the end
  EXPECT_FALSE(book.refuses({"a"}, "1", nonce_now + 603 * nonce_second));
  EXPECT_EQ(book.size(), 0U);
}

TEST(sports_nonce_book, keeps_the_later_of_two_moments) {
  sports_nonce_book book{{}};
  book.keep({{"a"}, "1", nonce_now});
  book.keep({{"a"}, "1", nonce_now + 100 * nonce_second});
  book.keep({{"a"}, "1", nonce_now + 50 * nonce_second});
  EXPECT_EQ(book.size(), 1U);
  EXPECT_TRUE(book.refuses({"a"}, "1", nonce_now + 350 * nonce_second));
  EXPECT_FALSE(book.refuses({"a"}, "1", nonce_now + 405 * nonce_second));
  EXPECT_EQ(book.size(), 0U);
}

TEST(sports_nonce_book, takes_nothing_that_it_cannot_remember) {
  sports_nonce_book book{{300, 3, 5}};
  for (const auto* nonce : {"1", "2", "3"})
    book.keep({{"a"}, nonce, nonce_now});
  EXPECT_TRUE(book.refuses({"a"}, "4", nonce_now));
  EXPECT_FALSE(book.refuses({"b"}, "4", nonce_now));
  book.keep({{"b"}, "4", nonce_now});
  book.keep({{"c"}, "5", nonce_now});
  EXPECT_TRUE(book.refuses({"d"}, "6", nonce_now));
  EXPECT_FALSE(book.refuses({"d"}, "6", nonce_now + 400 * nonce_second));
}

TEST(sports_nonce_book, is_as_a_list_of_all_that_were_used) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 chance{seed};
  sports_nonce_book book{{30, 1000, 10'000}};
  std::vector<sports_nonce> all; // never forgotten
  int64_t now = nonce_now;
  size_t refused = 0;
  for (int i = 0; i < 20'000; ++i) {
    now += static_cast<int64_t>(chance() % (nonce_second / 2));
    const hotkey key{std::string(1, static_cast<char>('a' + chance() % 5))};
    const auto nonce = std::to_string(chance() % 200);
    const auto at = now + static_cast<int64_t>(chance() % 61) * nonce_second - 30 * nonce_second;
    bool fresh_use = false, recent_use = false;
    for (const auto& x : all)
      if (x.key == key && x.nonce == nonce) {
        fresh_use = fresh_use || x.at_us + 30 * nonce_second >= now;
        recent_use = recent_use || x.at_us + 32 * nonce_second >= now;
      }
    const bool refuses = book.refuses(key, nonce, now);
    if (fresh_use) {
      ASSERT_TRUE(refuses) << i;
    }
    if (!recent_use) {
      ASSERT_FALSE(refuses) << i;
    }
    if (!refuses) {
      book.keep({key, nonce, at});
      all.push_back({key, nonce, at});
    }
    refused += refuses ? 1 : 0;
    if (all.size() > 2000)
      all.erase(all.begin(), all.begin() + 1000); // older than 90 s by then
  }
  EXPECT_GT(refused, 100U);
  EXPECT_LT(book.size(), 1000U);
}

} // namespace
} // namespace sluice
