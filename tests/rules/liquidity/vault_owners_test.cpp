#include "rules/liquidity/vault_owners.hpp"

#include <gtest/gtest.h>

namespace sluice {
namespace {

const hotkey first_owner{"alice"}, second_owner{"bob"}, nobody{""};

/// A vault whose positions were there until these blocks; those of the last block are left.
plan_outcome vault_after(std::vector<uint64_t> until, uint64_t end) {
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
  const auto end = vault_after({99, 40, 99, 99, 60, 99}, 99); // three at the start, three minted
  EXPECT_EQ(owners_at_end(end, {nobody, second_owner, first_owner}, 3, second_owner, 99),
            (std::vector<hotkey>{nobody, first_owner, second_owner, second_owner}));
}

TEST(owners_at_end, without_owners_everything_is_the_vaults_own) {
  EXPECT_EQ(owners_at_end(vault_after({99, 99}, 99), {}, 1, first_owner, 99),
            (std::vector<hotkey>{nobody, first_owner}));
  EXPECT_TRUE(owners_at_end(vault_after({}, 99), {}, 0, first_owner, 99).empty());
}

TEST(owns_any, the_vaults_own_are_nobodys) {
  EXPECT_TRUE(owns_any({nobody, first_owner}, first_owner));
  EXPECT_FALSE(owns_any({nobody, first_owner}, second_owner));
  EXPECT_FALSE(owns_any({nobody}, nobody));
  EXPECT_FALSE(owns_any({}, first_owner));
}

} // namespace
} // namespace sluice
