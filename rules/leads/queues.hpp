/// The queues of the leads routes as one value: what is added, handed out, acknowledged, answered.
///
/// It decides; whoever owns it stores. Every function that changes something answers the rows that
/// changed, which are to be durable before the caller gets its answer, and a value that is made of
/// the stored rows continues where this one was. Nothing is lost by a crash in between: what was
/// handed out and not acknowledged is handed out again.
#pragma once

#include "rules/leads/calls.hpp"
#include "rules/leads/lease.hpp"
#include "rules/result.hpp"

#include <array>
#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace sluice {

/// Bounds are inclusive; counts, bytes or milliseconds as named. Not checked.
struct queue_terms {
  lease_terms lease{};
  size_t items_max = 10'000;           // of one queue
  size_t bytes_max = size_t{64} << 20; // of one queue's texts
  size_t wallet_items_max = 500;       // of one wallet in one queue
  uint64_t bodies_ms = 900'000;        // how long a body is remembered: above its two windows
  size_t bodies_max = 100'000;
};

/// Numbers count from 1 per queue, in the order of arrival, and are never used again while a later
/// one is there.
struct queue_key {
  lead_queue queue = lead_queue::prospects;
  uint64_t number = 0;
  SLUICE_FIELDS(queue, number)
  friend auto operator<=>(const queue_key&, const queue_key&) = default;
};

/// A stored item. Milliseconds since 1970-01-01 UTC; counts as in the calls.
struct queued_item {
  std::string id;
  hotkey from;
  uint64_t created_ms = 0;
  uint64_t num_leads = 0;
  std::string business_desc;
  std::vector<lead> leads;
  lease_state lease;
  SLUICE_FIELDS(id, from, created_ms, num_leads, business_desc, leads, lease)
};

/// A body that had its effect, and what it was answered with. `until_ms`: milliseconds since
/// 1970-01-01 UTC; then it is forgotten. `count`: from 0.
struct remembered_body {
  uint64_t until_ms = 0;
  std::string id;     // of what it made
  uint64_t count = 0; // of what it added
  SLUICE_FIELDS(until_ms, id, count)
  bool operator==(const remembered_body&) const = default;
};

/// Rows to be stored: a row, or none where it is to be erased.
struct queue_changes {
  std::map<queue_key, std::optional<queued_item>> items;
  std::map<std::string, std::optional<remembered_body>> bodies;
  std::vector<request_result> results; // of buyers' requests
};

/// Counts from 0.
struct queue_counts {
  uint64_t waiting = 0;
  uint64_t leased = 0;
  uint64_t set_aside = 0;
  SLUICE_FIELDS(waiting, leased, set_aside)
  bool operator==(const queue_counts&) const = default;
};

/// `now_ms` everywhere: milliseconds since 1970-01-01 UTC. Calls are checked values.
class lead_queues {
public:
  explicit lead_queues(queue_terms terms = {}) : terms_(terms) {}

  /// Rows as they were stored, in any order.
  void restore(const queue_key& key, queued_item x);
  void restore(const std::string& body, remembered_body x);

  /// The number of prospects queued, from 1; of a body that was there before, what it was answered
  /// with. ec::busy: the queue, or this wallet's part of it, is full of what is waiting or leased;
  /// what was set aside goes when its place is needed.
  result<uint64_t> add_prospects(queue_prospects_call call, uint64_t now_ms, queue_changes& out);
  /// The request's id. ec::busy as above.
  result<std::string> add_request(queue_request_call call, uint64_t now_ms, queue_changes& out);

  /// At most `limit` items that are waiting, oldest first, now leased to the caller.
  std::vector<leased_item> fetch(const fetch_call& call, uint64_t now_ms, queue_changes& out);
  /// 1 when the lease is the caller's and has not expired: the item is gone; else 0.
  uint64_t acknowledge(const acknowledge_call& call, uint64_t now_ms, queue_changes& out);

  /// The request is answered and gone, whoever's lease it is: a late answer counts when there is no
  /// other. Of `requests` the result is in `out.results`; of `miner_requests` it is an item of
  /// `miner_results`. The same body again does nothing. ec::no_such_key: no such request, or it was
  /// answered before by another body; ec::busy as above.
  result<nothing> finish(store_result_call call, uint64_t now_ms, queue_changes& out);

  /// Is this the first time that this body is here? Remembers it. For calls whose effect is not a
  /// queue's.
  bool first_time(const std::string& body, uint64_t now_ms, queue_changes& out);

  /// Counts from 0. No error.
  queue_counts counts(lead_queue queue, uint64_t now_ms) const;
  /// Texts of this queue, in bytes from 0. No error.
  size_t bytes(lead_queue queue) const { return part_of(queue).bytes; }

private:
  struct part {
    std::map<uint64_t, queued_item> items; // by number
    std::map<std::string, uint64_t> by_id; // number
    std::map<hotkey, size_t> by_wallet;    // count
    uint64_t last = 0;                     // number
    size_t bytes = 0;
  };

  part& part_of(lead_queue x) { return parts_[static_cast<size_t>(x)]; }
  const part& part_of(lead_queue x) const { return parts_[static_cast<size_t>(x)]; }
  std::optional<fault> full(lead_queue queue, const hotkey& wallet, size_t more) const;
  std::optional<fault> make_space(lead_queue queue, const hotkey& wallet, size_t more,
                                  uint64_t now_ms, queue_changes& out);
  void put(lead_queue queue, queued_item x, queue_changes& out);
  void insert(const queue_key& key, queued_item x);
  void erase(lead_queue queue, uint64_t number, queue_changes& out);
  const remembered_body* remembered(const std::string& body, uint64_t now_ms) const;
  void remember(const std::string& body, std::string id, uint64_t count, uint64_t now_ms,
                queue_changes& out);

  queue_terms terms_;
  std::array<part, 4> parts_;
  std::map<std::string, remembered_body> bodies_;
  std::set<std::pair<uint64_t, std::string>> bodies_by_end_;
};

} // namespace sluice
