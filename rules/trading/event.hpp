/// A stake or unstake of a coldkey: what the trading mechanism rebuilds trades from.
#pragma once

#include "rules/fields.hpp"
#include "rules/result.hpp"

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sluice {

/// The direction of an event: a stake buys alpha of a subnet for TAO, an unstake sells it.
/// DELEGATE and StakeAdded are stakes, UNDELEGATE and StakeRemoved unstakes.
enum class stake_action : uint8_t {
  stake = 0,
  unstake,
};

constexpr bool known(stake_action x) {
  switch (x) {
  case stake_action::stake:
  case stake_action::unstake:
    return true;
  }
  return false;
}

/// "stake" or "unstake".
std::string_view name_of(stake_action x);

/// Any of the words above in any case, with or without underscores; none for another word.
std::optional<stake_action> parse_stake_action(std::string_view word);

/// Units of TAO (rao) and of alpha in one whole: 10^9.
inline constexpr int64_t rao_per_tao = 1'000'000'000;
/// The highest amount of one event, in rao or alpha units: 21 million whole, all there will be.
inline constexpr int64_t amount_max = 21'000'000 * rao_per_tao;
/// Bytes: an SS58 address has 48 characters and begins with 5.
inline constexpr size_t key_bytes = 48;
/// Bytes, at most, of an extrinsic's id.
inline constexpr size_t extrinsic_bytes_max = 96;
inline constexpr int64_t us_per_second = 1'000'000;
inline constexpr int64_t us_per_day = 86'400 * us_per_second;
/// A time of an event: from 1970 to the end of 9999.
inline constexpr int64_t time_us_max = 253'402'300'799 * us_per_second + 999'999;

struct trading_event {
  std::string coldkey;   // whose stake it is
  std::string hotkey;    // staked to; not the miner's own
  std::string extrinsic; // id, 1 to extrinsic_bytes_max bytes
  int64_t time_us = 0;   // UTC, microseconds since 1970
  uint64_t block = 0;    // 0: unknown
  std::optional<uint32_t>
    index;             // of the event in its block or extrinsic, where the source gives it
  uint16_t netuid = 0; // 1 to 65535
  stake_action action = stake_action::stake;
  int64_t tao = 0;   // rao, 1 to amount_max
  int64_t alpha = 0; // alpha units, 1 to amount_max
  int64_t fee = 0;   // rao, 0 to amount_max, of an unstake at most `tao`: part of cost or proceeds
  SLUICE_FIELDS(coldkey, hotkey, extrinsic, time_us, block, index, netuid, action, tao, alpha, fee)
  bool operator==(const trading_event&) const = default;
};

/// Why a row is no event; the first that fits, in this order.
enum class row_rejection : uint8_t {
  none = 0,
  json,      // the line is no JSON object, or a field has a type that it cannot have
  netuid,    // 0, missing, no whole number, above 65535
  timestamp, // no ISO time, or outside 1970 to 9999
  action,    // an unknown word
  amount,    // no finite number above 0, or above amount_max; either amount, or the fee
  extrinsic, // missing or too long, or its event index is 2^32 - 1
  key,       // coldkey or hotkey is no address
};

inline constexpr size_t row_rejections = 8;

constexpr bool known(row_rejection x) {
  return static_cast<size_t>(x) < row_rejections;
}

/// "netuid", "amount", ...; "" for none.
std::string_view name_of(row_rejection x);

/// What is wrong with an event, row_rejection::none when nothing is.
row_rejection rejection_of(const trading_event& x);

/// Is this what an address looks like: key_bytes letters of base58, the first a 5? The checksum is
/// not looked at.
bool looks_like_a_key(std::string_view text);

/// The order of events (README of the vectors, rule 3): time, stakes before unstakes, extrinsic,
/// hotkey, TAO, alpha; then event index (none first), coldkey, netuid.
std::strong_ordering in_ledger_order(const trading_event& a, const trading_event& b);

} // namespace sluice
