/// Identifiers that cannot be mixed up.
#pragma once

#include "rules/fields.hpp"

#include <compare>
#include <cstdint>
#include <string>

namespace sluice {

template <class Tag, class T>
struct id {
  T value{};
  SLUICE_FIELDS(value)
  friend auto operator<=>(const id&, const id&) = default;
};

/// The slot of a neuron on the subnet, 0 to 65535 (in a configuration to limits::miners_max - 1);
/// another hotkey may take it over.
using miner_uid = id<struct miner_uid_tag, uint16_t>;
/// Who a miner is: its public key as text (ss58 on a real chain).
using hotkey = id<struct hotkey_tag, std::string>;
/// Number of an epoch of the chain, from 0; see epoch_at.
using epoch_no = id<struct epoch_no_tag, uint64_t>;

/// Number of a block, from 0. Block numbers stay plain integers: they are calculated with
/// everywhere.
using block_no = uint64_t;

} // namespace sluice
