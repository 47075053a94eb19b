#include "rules/miner_gateway/nonces.hpp"

#include <gtest/gtest.h>

#include <set>

namespace sluice {

namespace {

constexpr std::array<uint8_t, 32> broken{}; // a source of chance that always gives the same

TEST(nonces, agree_with_python) {
  // hashlib.sha256(b"sluice/door/nonce\n" + (3).to_bytes(8, "big") + (1).to_bytes(8, "big")
  //                + bytes(range(32))).hexdigest()
  std::array<uint8_t, 32> random{};
  for (size_t i = 0; i < random.size(); ++i)
    random[i] = static_cast<uint8_t>(i);
  nonce_source source{gateway_incarnation{3}};
  (void)source.next(broken);
  EXPECT_EQ(source.next(random),
            "a58742cb48447263cf1e1896d9886959dfeea3c20b410a959963d6b807b4f869");
}

TEST(nonces, never_come_twice_although_chance_is_broken) {
  std::set<std::string> seen;
  gateway_incarnation stored;
  for (int start = 0; start < 20; ++start) {
    stored = next_incarnation(stored);
    nonce_source source{stored};
    for (int i = 0; i < 50; ++i) {
      const auto nonce = source.next(broken);
      EXPECT_EQ(nonce.size(), 64U);
      EXPECT_TRUE(seen.insert(nonce).second) << "start " << start << ", nonce " << i;
    }
  }
}

TEST(nonces, never_come_twice_although_the_incarnation_was_restored_from_a_backup) {
  nonce_source first{gateway_incarnation{7}};
  nonce_source again{gateway_incarnation{7}};
  std::array<uint8_t, 32> other{};
  other[31] = 1;
  EXPECT_NE(first.next(broken), again.next(other));
}

TEST(nonces, an_incarnation_follows_the_last) {
  EXPECT_EQ(next_incarnation(gateway_incarnation{}), gateway_incarnation{1});
  EXPECT_EQ(next_incarnation(gateway_incarnation{41}), gateway_incarnation{42});
}

} // namespace

} // namespace sluice
