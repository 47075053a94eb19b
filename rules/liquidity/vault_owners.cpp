#include "rules/liquidity/vault_owners.hpp"

#include <algorithm>

namespace sluice {

std::vector<hotkey> owners_at_end(const plan_outcome& vault, const std::vector<hotkey>& at_start,
                                  size_t started, const hotkey& player, uint64_t end_block) {
  // The breakdowns begin with what there was, in the order of the plan, and go on as positions were
  // minted; those that are left at the end are the end's positions, in the same order. Nothing is
  // burned at the last block: miners are not asked there.
  const auto left = vault.end.positions.size();
  std::vector<hotkey> owners;
  for (size_t i = 0; i < vault.positions.size() && owners.size() < left; ++i) {
    const auto& p = vault.positions[i];
    if (p.to_block != end_block)
      continue;
    if (i >= started)
      owners.push_back(player);
    else
      owners.push_back(i < at_start.size() ? at_start[i] : hotkey{});
  }
  owners.resize(left);
  return owners;
}

bool owns_any(const std::vector<hotkey>& owners, const hotkey& miner) {
  return !miner.value.empty() && std::ranges::find(owners, miner) != owners.end();
}

} // namespace sluice
