#include "rules/door/nonces.hpp"

#include <gtest/gtest.h>

#include <set>

namespace sluice {

namespace {

constexpr std::array<uint8_t, 32> broken{}; // a source of chance that always says the same

TEST(nonces, agree_with_python) {
  // hashlib.sha256(b"sluice/door/nonce\n" + (3).to_bytes(8, "big") + (1).to_bytes(8, "big")
  //                + bytes(range(32))).hexdigest()
  std::array<uint8_t, 32> random{};
  for (size_t i = 0; i < random.size(); ++i)
    random[i] = static_cast<uint8_t>(i);
  nonce_source source{door_life{3}};
  (void)source.next(broken);
  EXPECT_EQ(source.next(random),
            "a58742cb48447263cf1e1896d9886959dfeea3c20b410a959963d6b807b4f869");
}

TEST(nonces, never_come_twice_although_chance_is_broken) {
  std::set<std::string> seen;
  door_life stored;
  for (int start = 0; start < 20; ++start) {
    stored = next_life(stored);
    nonce_source source{stored};
    for (int i = 0; i < 50; ++i) {
      const auto nonce = source.next(broken);
      EXPECT_EQ(nonce.size(), 64U);
      EXPECT_TRUE(seen.insert(nonce).second) << "start " << start << ", nonce " << i;
    }
  }
}

TEST(nonces, never_come_twice_although_the_life_was_restored_from_a_backup) {
  nonce_source first{door_life{7}};
  nonce_source again{door_life{7}};
  std::array<uint8_t, 32> other{};
  other[31] = 1;
  EXPECT_NE(first.next(broken), again.next(other));
}

TEST(nonces, a_life_follows_the_last) {
  EXPECT_EQ(next_life(door_life{}), door_life{1});
  EXPECT_EQ(next_life(door_life{41}), door_life{42});
}

} // namespace

} // namespace sluice
