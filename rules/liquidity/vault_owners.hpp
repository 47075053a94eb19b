/// Whose work the vault's positions are.
#pragma once

#include "rules/ids.hpp"
#include "rules/liquidity/plan.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace sluice {

/// Owners of the positions in `vault.end`, in their order: what was there at the start keeps its
/// owner ("": the vault's own; an empty list: all are), what was minted since is the player's.
/// `started`: number of positions at the start; `end_block`: the last one of the round. No error.
std::vector<hotkey> owners_at_end(const plan_outcome& vault, const std::vector<hotkey>& at_start,
                                  size_t started, const hotkey& player, uint64_t end_block);

/// Does this miner own any of them? No error.
bool owns_any(const std::vector<hotkey>& owners, const hotkey& miner);

} // namespace sluice
