/// The node's own tables on one page: key, value, who writes it, how it is ordered. Mechanisms have
/// theirs in folders of their own.
#pragma once

#include "rules/weights/parts.hpp"
#include "storage/coded_rows.hpp"
#include "storage/records.hpp"
#include "storage/schema.hpp"
#include "storage/table.hpp"

namespace sluice::storage::tables {

/// Raise when a value here or of a mechanism changes shape, with a migration in schema.cpp or in
/// the mechanism's part. Versions count from 1, one per change. A folder of a higher one is
/// schema_mismatch.
inline constexpr uint32_t schema_version = 4;

// ---- node ---------------------------------------------------------------------------------------

/// Last scores of each mechanism.
///   key    : mechanism name
///   value  : mechanism_scores
///   writer : mechanisms
///   order  : by name
inline constexpr table<std::string, mechanism_scores> scores_of_mechanisms{node_store,
                                                                           "score_sheets"};

/// What became of the weights of each epoch.
///   key    : epoch_no
///   value  : publish_record
///   writer : chain_writer (intent first, then each step)
///   order  : oldest first
/// Epochs are the chain's numbers.
inline constexpr table<epoch_no, publish_record> published{node_store, "published"};

/// What each mechanism's share of an epoch's weights was made of.
///   key    : epoch_no
///   value  : weight_parts
///   writer : weights, before the order, or with the decision not to publish
///   order  : oldest first
/// Epochs are the chain's numbers.
inline constexpr table<epoch_no, weight_parts> weight_parts_of_epochs{node_store, "weight_parts"};

/// How often the miner gateway has begun: what protects against replays
/// (rules/miner_gateway/nonces.hpp).
///   key    : "door"
///   value  : gateway_incarnation
///   writer : miner gateway, before its first challenge
///   order  : one row
inline constexpr table<std::string, gateway_incarnation> miner_gateway_incarnations{node_store,
                                                                                    "door_lives"};

/// Hotkeys that were sent away.
///   key    : hotkey
///   value  : ban_record
///   writer : roster
///   order  : by hotkey
inline constexpr table<hotkey, ban_record> bans{node_store, "bans"};

/// Hotkeys that have been connected: rounds count them from then on, whether they are there or not.
///   key    : hotkey
///   value  : the uid that it had then
///   writer : roster
///   order  : by hotkey
inline constexpr table<hotkey, miner_uid> connected_miners{node_store, "connected_miners"};

/// What operators did, through the shell.
///   key    : number from 0
///   value  : admin_action
///   writer : admin
///   order  : oldest first
/// Numbers leave no gap. Errors: as for every table.
inline constexpr table<uint64_t, admin_action> admin_actions{node_store, "admin_actions"};

/// The configuration that the folder was last run under: what the dev chain was made to fit, and
/// what a changed one is compared with.
///   key    : "config"
///   value  : adopted_config
///   writer : the start of a node, before its actors
///   order  : one row
/// None in a folder of an older version until a node has started on it.
inline constexpr table<std::string, adopted_config> adopted_configs{node_store, "adopted_config"};

/// Hotkeys that operators let in at run time.
///   key    : hotkey
///   value  : allowed_record
///   writer : roster
///   order  : by hotkey
/// Uids are those that the chain gave.
inline constexpr table<hotkey, allowed_record> allowed_miners{node_store, "allowed_miners"};

/// Numbers about the folder itself: "schema" is the version of these tables.
///   key    : name
///   value  : uint32
///   writer : data_dir
///   order  : by name
/// A row of any table that cannot be decoded is corrupt_data.
inline constexpr table<std::string, uint32_t> meta{node_store, "meta"};

/// The other stores' part of the last batch that touched several.
///   key    : "last"
///   value  : journal_entry
///   writer : data_dir
///   order  : one row
inline constexpr table<std::string, journal_entry> journal{node_store, "journal"};

// ---- devchain -----------------------------------------------------------------------------------

/// The embedded chain.
///   key    : "chain"
///   value  : dev_chain
///   writer : the dev chain behind chain_reader and chain_writer
///   order  : one row
inline constexpr table<std::string, dev_chain> chain_state{devchain_store, "state"};

/// Extrinsics that the chain took.
///   key    : sequence number from 0
///   value  : inclusion
///   writer : the dev chain
///   order  : oldest first
/// Numbers leave no gap. Errors: as for every table.
inline constexpr table<uint64_t, inclusion> extrinsics{devchain_store, "extrinsics"};

// ---- pool_events and devchain -------------------------------------------------------------------

/// The number of the journal entry that this store has last taken over.
///   key    : "journal"
///   value  : uint64
///   writer : data_dir
///   order  : one row
/// Numbers are those of journal_entry, from 1; no row before the first. `store`: one of batch.hpp,
/// not checked here (a commit to another is invalid_argument).
constexpr table<std::string, uint64_t> applied_in(std::string_view store) {
  return {store, "applied"};
}

/// The one key of `chain_state`, `miner_gateway_incarnations`, `journal`, `applied_in` and the
/// schema's row in `meta`.
inline const std::string chain_key = "chain";
inline const std::string gateway_key = "door";
inline const std::string journal_key = "last";
inline const std::string applied_key = "journal";
inline const std::string schema_key = "schema";
inline const std::string config_key = "config"; // of adopted_configs

} // namespace sluice::storage::tables

// ---- codecs -------------------------------------------------------------------------------------

/// Whoever reads a table would compile the reading of all that is in its rows: tables.cpp does it
/// once for everybody (storage/coded_rows.hpp).
namespace sluice::storage {

SLUICE_ROWS_CODED_ELSEWHERE(mechanism_scores)
SLUICE_ROWS_CODED_ELSEWHERE(publish_record)
SLUICE_ROWS_CODED_ELSEWHERE(weight_parts)
SLUICE_ROWS_CODED_ELSEWHERE(gateway_incarnation)
SLUICE_ROWS_CODED_ELSEWHERE(ban_record)
SLUICE_ROWS_CODED_ELSEWHERE(admin_action)
SLUICE_ROWS_CODED_ELSEWHERE(adopted_config)
SLUICE_ROWS_CODED_ELSEWHERE(allowed_record)
SLUICE_ROWS_CODED_ELSEWHERE(journal_entry)
SLUICE_ROWS_CODED_ELSEWHERE(dev_chain)
SLUICE_ROWS_CODED_ELSEWHERE(inclusion)

} // namespace sluice::storage
