/// Tables of the queues behind the leads routes: what waits, what was answered, who stored which
/// weights.
#pragma once

#include "rules/leads/queues.hpp"
#include "storage/coded_rows.hpp"
#include "storage/schema.hpp"
#include "storage/table.hpp"

namespace sluice::storage {

/// A validator's shares as it sent them last. `created_ms`: milliseconds since 1970-01-01 UTC.
struct stored_weights {
  std::map<std::string, double> weights; // by hotkey
  uint64_t created_ms = 0;
  SLUICE_FIELDS(weights, created_ms)
  bool operator==(const stored_weights&) const = default;
};

/// These tables, for the leads mechanism's part of the schema.
std::vector<table_name> queue_tables();

/// The rows of these changes, added to a batch. Results are put by their request's id.
void add_changes(batch& out, const queue_changes& changes);

/// The queues as they are stored. Faults: those of the disk.
template <disk Disk>
result<lead_queues> read_queues(const Disk& from, const queue_terms& terms);

} // namespace sluice::storage

namespace sluice::storage::tables {

/// What waits to be fetched or acknowledged.
///   key    : queue_key {queue, number}
///   value  : queued_item
///   writer : who answers the routes, before it answers
///   order  : by queue, oldest first
/// At most queue_terms::items_max of each queue.
inline constexpr table<queue_key, queued_item> lead_queue_items{node_store, "lead_queue_items"};

/// Bodies that had their effect, so that the same one has none again.
///   key    : body_name, 64 hex digits
///   value  : remembered_body
///   writer : as above
///   order  : none that means anything
/// Rows are erased when their time is over.
inline constexpr table<std::string, remembered_body> lead_bodies{node_store, "lead_bodies"};

/// What buyers' requests came to.
///   key    : request id
///   value  : request_result
///   writer : as above
///   order  : by id
inline constexpr table<std::string, request_result> lead_answers{node_store, "lead_answers"};

/// Shares that validators sent.
///   key    : hotkey
///   value  : stored_weights
///   writer : as above
///   order  : by hotkey
inline constexpr table<hotkey, stored_weights> lead_validator_weights{node_store, "lead_weights"};

} // namespace sluice::storage::tables

namespace sluice::storage {

SLUICE_ROWS_CODED_ELSEWHERE(queued_item)
SLUICE_ROWS_CODED_ELSEWHERE(remembered_body)
SLUICE_ROWS_CODED_ELSEWHERE(request_result)
SLUICE_ROWS_CODED_ELSEWHERE(stored_weights)

template <disk Disk>
result<lead_queues> read_queues(const Disk& from, const queue_terms& terms) {
  lead_queues made{terms};
  auto read = tables::lead_queue_items.for_each(
    from, [&](const queue_key& key, queued_item x) { made.restore(key, std::move(x)); });
  if (!read)
    return read.error();
  read = tables::lead_bodies.for_each(
    from, [&](const std::string& body, remembered_body x) { made.restore(body, std::move(x)); });
  if (!read)
    return read.error();
  return made;
}

} // namespace sluice::storage
