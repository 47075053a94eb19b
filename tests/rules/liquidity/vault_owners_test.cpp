#include "rules/liquidity/vault_owners.hpp"

#include <gtest/gtest.h>

namespace sluice {
namespace {

const hotkey alice{"alice"}, bob{"bob"}, vault{""};

/// A vault whose positions were there until these blocks; those of the last block are left.
plan_outcome after(std::vector<uint64_t> until, uint64_t end) {
  plan_outcome x;
  for (const auto block : until) {
    position_breakdown p;
    p.to_block = block;
    x.positions.push_back(p);
    if (block == end)
      x.end.positions.emplace_back();
  }
  return x;
}

TEST(owners_at_end, what_was_there_keeps_its_owner_and_what_was_minted_is_the_players) {
  const auto end = after({99, 40, 99, 99, 60, 99}, 99); // three at the start, three minted
  EXPECT_EQ(owners_at_end(end, {vault, bob, alice}, 3, bob, 99),
            (std::vector<hotkey>{vault, alice, bob, bob}));
}

TEST(owners_at_end, without_owners_everything_is_the_vaults_own) {
  EXPECT_EQ(owners_at_end(after({99, 99}, 99), {}, 1, alice, 99),
            (std::vector<hotkey>{vault, alice}));
  EXPECT_TRUE(owners_at_end(after({}, 99), {}, 0, alice, 99).empty());
}

TEST(owns_any, the_vaults_own_are_nobodys) {
  EXPECT_TRUE(owns_any({vault, alice}, alice));
  EXPECT_FALSE(owns_any({vault, alice}, bob));
  EXPECT_FALSE(owns_any({vault}, vault));
  EXPECT_FALSE(owns_any({}, alice));
}

} // namespace
} // namespace sluice
