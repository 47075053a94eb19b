/// The trading mechanism's tables on one page: key, value, who writes it, how it is ordered.
#pragma once

#include "storage/coded_rows.hpp"
#include "storage/schema.hpp"
#include "storage/table.hpp"
#include "storage/trading/records.hpp"

namespace sluice::storage {

/// These tables. There is no migration yet.
schema_part trading_schema();

} // namespace sluice::storage

namespace sluice::storage::tables {

// ---- taken from outside -------------------------------------------------------------------------

/// The text of every key that a number stands for (key_number).
///   key    : number
///   value  : coldkey or hotkey as text
///   writer : trading, or `sluice trading import`, as all of these
///   order  : none that means anything
inline constexpr table<uint64_t, std::string> trading_keys{node_store, "trading_keys"};

/// Events, each once.
///   key    : book_event_key {coldkey, netuid, time, place}
///   value  : book_event
///   order  : by book, in ledger order
inline constexpr table<book_event_key, book_event> trading_events{node_store, "trading_events"};

/// What books go on from whose older events are archived.
///   key    : book_id
///   value  : book_base
///   order  : by book
inline constexpr table<book_id, book_base> trading_bases{node_store, "trading_bases"};

/// What was archived.
///   key    : archive_key {coldkey, netuid, moment}
///   value  : archive_summary
///   order  : by book, oldest first
inline constexpr table<archive_key, archive_summary> trading_archive{node_store, "trading_archive"};

/// Miners, registered coldkeys, blacklist.
///   key    : "now"
///   value  : trading_world
///   order  : one row
inline constexpr table<std::string, trading_world> trading_worlds{node_store, "trading_worlds"};

/// What the books are calculated with.
///   key    : "now"
///   value  : trading_terms
///   order  : one row
inline constexpr table<std::string, trading_terms> trading_terms_of{node_store, "trading_terms"};

/// How far every feed is.
///   key    : sync_key {feed, coldkey}
///   value  : sync_point
///   order  : by feed, then coldkey
inline constexpr table<sync_key, sync_point> trading_syncs{node_store, "trading_syncs"};

/// Counts over all imports: "rows", "duplicate", "archived", "rejected.REASON".
///   key    : name
///   value  : uint64
///   order  : by name
inline constexpr table<std::string, uint64_t> trading_counts{node_store, "trading_counts"};

/// Limits that the operator is warned at: for metrics, which know no settings.
///   key    : "now"
///   value  : trading_thresholds
///   writer : trading
///   order  : one row
inline constexpr table<std::string, trading_thresholds> trading_limits{node_store,
                                                                       "trading_limits"};

/// Pools, where a provider gives them: what was imported last. Informational.
///   key    : netuid
///   value  : pool_data
///   order  : by netuid
inline constexpr table<uint16_t, pool_data> trading_pools{node_store, "trading_pools"};

// ---- derived: `rebuild` makes the same bytes again
// ------------------------------------------------

/// Books: sums, dates, what they were calculated from.
///   key    : book_id
///   value  : book_record
///   order  : by book
inline constexpr table<book_id, book_record> trading_books{node_store, "trading_books"};

/// Positions.
///   key    : book_row_key {coldkey, netuid, number}
///   value  : trading_lot
///   order  : by book, in order of opening
inline constexpr table<book_row_key, trading_lot> trading_lots{node_store, "trading_lots"};

/// Trades with their legs.
///   key    : book_row_key {coldkey, netuid, number}
///   value  : trading_trade
///   order  : by book, in ledger order
inline constexpr table<book_row_key, trading_trade> trading_trades{node_store, "trading_trades"};

// ---- of a node's run
// ------------------------------------------------------------------------------

/// Performance snapshots.
///   key    : snapshot_key {coldkey, hotkey, time}
///   value  : performance_snapshot
///   order  : by miner, oldest first
inline constexpr table<snapshot_key, performance_snapshot> trading_snapshots{node_store,
                                                                             "trading_snapshots"};

/// Steps that are done.
///   key    : number of the step, from 1
///   value  : trading_step
///   writer : trading, in the batch that completes the step
///   order  : oldest first
inline constexpr table<uint64_t, trading_step> trading_steps{node_store, "trading_steps"};

/// The one key of trading_worlds and trading_terms_of.
inline const std::string trading_now_key = "now";

} // namespace sluice::storage::tables

namespace sluice::storage {

SLUICE_ROWS_CODED_ELSEWHERE(book_event)
SLUICE_ROWS_CODED_ELSEWHERE(book_base)
SLUICE_ROWS_CODED_ELSEWHERE(archive_summary)
SLUICE_ROWS_CODED_ELSEWHERE(trading_world)
SLUICE_ROWS_CODED_ELSEWHERE(trading_terms)
SLUICE_ROWS_CODED_ELSEWHERE(sync_point)
SLUICE_ROWS_CODED_ELSEWHERE(pool_data)
SLUICE_ROWS_CODED_ELSEWHERE(book_record)
SLUICE_ROWS_CODED_ELSEWHERE(trading_lot)
SLUICE_ROWS_CODED_ELSEWHERE(trading_trade)
SLUICE_ROWS_CODED_ELSEWHERE(performance_snapshot)
SLUICE_ROWS_CODED_ELSEWHERE(trading_step)
SLUICE_ROWS_CODED_ELSEWHERE(trading_thresholds)

} // namespace sluice::storage
