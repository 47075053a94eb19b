/// Who the miners are: identities of coldkey and hotkey, where they are registered, since when they
/// count.
#pragma once

#include "rules/fields.hpp"
#include "rules/result.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace sluice {

/// A neuron of the subnet in one metagraph.
struct trading_neuron {
  uint16_t uid = 0;
  std::string hotkey;
  std::string coldkey;
  double dividends = 0; // 0: a miner
  double stake = 0;     // TAO
  SLUICE_FIELDS(uid, hotkey, coldkey, dividends, stake)
  bool operator==(const trading_neuron&) const = default;
};

struct metagraph_snapshot {
  uint64_t block = 0;
  int64_t time_us = 0; // UTC, microseconds since 1970
  std::vector<trading_neuron> neurons;
  SLUICE_FIELDS(block, time_us, neurons)
  bool operator==(const metagraph_snapshot&) const = default;
};

/// A miner over all its uids. History belongs to it, not to a uid (A3.11).
struct trading_identity {
  std::string coldkey;
  std::string hotkey;
  uint16_t last_uid = 0;   // where a snapshot last showed it
  bool registered = false; // the last snapshot shows it
  int64_t first_seen_us = 0;
  std::optional<int64_t> tracking_start_us; // from a record; none: first_seen_us
  SLUICE_FIELDS(coldkey, hotkey, last_uid, registered, first_seen_us, tracking_start_us)
  bool operator==(const trading_identity&) const = default;

  int64_t counts_from_us() const { return tracking_start_us.value_or(first_seen_us); }
};

enum class trading_status : uint8_t {
  active = 0,  // registered
  inactive,    // was registered; its history stays
  blacklisted, // by the operator; never scored
};

/// "active", "inactive", "blacklisted".
std::string_view name_of(trading_status x);

/// What becomes of an event of a coldkey on a netuid; in the order of the checks (README of the
/// vectors, rule 3).
enum class event_outcome : uint8_t {
  applied = 0,
  future,            // later than now
  registered_subnet, // its coldkey is a neuron there: it may be emission, not trading (A3.2)
  unknown_coldkey,   // belongs to no miner
  before_tracking,   // earlier than the miner's tracking start
};

inline constexpr size_t event_outcomes = 5;

/// "applied", "future", ...
std::string_view name_of(event_outcome x);

/// Everything that the ledger takes from outside beside events. Identities ascend by coldkey, then
/// hotkey; bounds are those of io/trading/world_file and of the chain (65536 neurons a snapshot).
struct trading_world {
  uint64_t block = 0;  // of the last snapshot; 0: none yet
  int64_t time_us = 0; // of the last snapshot
  std::vector<trading_identity> identities;
  std::map<uint16_t, std::set<std::string>> registered; // netuid: coldkeys registered there
  std::set<std::string> blacklist;                      // hotkeys
  /// Tracking starts of identities that no snapshot has shown yet, by coldkey and hotkey.
  std::map<std::pair<std::string, std::string>, int64_t> tracking_ahead;
  SLUICE_FIELDS(block, time_us, identities, registered, blacklist, tracking_ahead)
  bool operator==(const trading_world&) const = default;
};

/// Takes a snapshot that is not older than the last one; an older one is invalid_argument. Neurons
/// without dividends become identities; an identity that the snapshot lacks is not registered any
/// more. Two neurons of one uid or one hotkey are bad_input.
result<nothing> observe(trading_world& world, const metagraph_snapshot& snapshot);

/// From when on an identity counts, whether a snapshot has shown it or not.
void set_tracking_start(trading_world& world, const std::string& hotkey, const std::string& coldkey,
                        int64_t time_us);

/// The identity that events of this coldkey are credited to; null when it has none. Of several: a
/// registered one, then the lowest last uid, then the hotkey (README, rule 4).
const trading_identity* credited(const trading_world& world, std::string_view coldkey);

/// Null when there is none.
const trading_identity* identity_of(const trading_world& world, std::string_view hotkey);
/// The registered identity with this uid; null when there is none.
const trading_identity* identity_at(const trading_world& world, uint16_t uid);

trading_status status_of(const trading_world& world, const trading_identity& x);

/// What the world states about one book, the lots of a coldkey on a netuid.
struct book_facts {
  bool registered_there = false; // the coldkey is a neuron on the netuid
  bool registered_known = false; // it is known who is registered on the netuid
  std::string hotkey;            // of the credited identity; "": the coldkey is unknown
  int64_t counts_from_us = 0;    // tracking start of the credited identity
  SLUICE_FIELDS(registered_there, registered_known, hotkey, counts_from_us)
  bool operator==(const book_facts&) const = default;
};

book_facts facts_of(const trading_world& world, std::string_view coldkey, uint16_t netuid);

/// `now_us`: events later than it are future.
event_outcome outcome_of(const book_facts& facts, int64_t time_us, int64_t now_us);

} // namespace sluice
