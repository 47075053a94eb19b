/// What the validators of a world report in each step: one honest, one lying, one often silent.
#pragma once

#include "rules/ids.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sluice {

/// Numbers are places in the list of a world's validators.
enum class dev_validator_kind : uint8_t {
  honest = 0,
  lying,  // about every load, and about whether the first miner serves
  silent, // honest, but sends nothing in two of every four steps
};
inline constexpr size_t dev_validators = 3;
inline constexpr std::array<std::string_view, dev_validators> dev_validator_names{"honest", "lying",
                                                                                  "silent"};
constexpr std::string_view name_of(dev_validator_kind x) {
  return dev_validator_names.at(static_cast<size_t>(x));
}

/// The uid of the first of them; the others follow.
inline constexpr uint16_t dev_validator_uid = 13;

/// A miner that is reported about.
struct dev_reported_miner {
  miner_uid uid;
  hotkey key;
};

/// The 32 secret bytes of a world's validator: SHA-256 of a text with the seed. Everybody who knows
/// the seed knows them.
std::array<uint8_t, 32> dev_validator_secret(uint64_t seed, dev_validator_kind x);

/// The list of items, by uid of the miners; none: it is silent in this step. Same arguments, same
/// bytes. `step`: from 1; `now_ms`: its moment, milliseconds since 1970-01-01 UTC.
std::optional<std::string>
dev_status_list(dev_validator_kind kind, uint64_t seed, uint64_t step, uint64_t now_ms,
                const std::vector<dev_reported_miner>& miners);

} // namespace sluice
