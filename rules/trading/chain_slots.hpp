/// Who of the known miners has which slot now, as the chain states it.
#pragma once

#include "rules/trading/world.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace sluice {

/// A neuron without its coldkey: the chain's view states none. `uid`: 0 to 65535.
struct chain_slot {
  uint16_t uid = 0;
  std::string hotkey;
};

/// Identities whose hotkey the chain has are registered there, the others are not any more. Of
/// several with one hotkey the registered one stays, else the one that was seen last. Answers how
/// many slots have a hotkey that no identity has: their coldkeys are unknown.
size_t take_slots(trading_world& world, std::span<const chain_slot> slots);

} // namespace sluice
