/// Which page of an indexer's list comes next, and when all of its rows have been seen.
///
/// A list may change between two requests: rows come in front and move the others to the next
/// page, an indexer repeats a page or sorts it anew. Nothing is lost by that: a list is read again
/// from its first page, up to a bound, until as many different rows were seen as it states, or
/// until it reads the same twice. What was seen in any of these readings counts.
/// Equal rows of one page are several rows; on several pages they could be a page that came twice,
/// and such a list counts as one that changes: the sync point waits, the events do not.
#pragma once

#include "rules/result.hpp"
#include "rules/trading/event.hpp"

#include <cstdint>
#include <optional>
#include <set>
#include <string_view>
#include <vector>

namespace sluice {

/// Times in microseconds, the others are counts from 1; not checked.
struct paging_terms {
  int64_t overlap_us = int64_t{30} * 60 * 1'000'000;      // read again before the sync point
  int64_t first_us = int64_t{21} * 24 * 3600 * 1'000'000; // read of a coldkey that has none
  uint32_t pages_max = 1000;                              // of one reading
  uint32_t readings_max = 5;                              // of one list
  uint32_t rows_max = 500'000;                            // different ones, of one list
  uint32_t attempts_over_cycles_max = 4; // cycles that continue one list before it is begun anew
  bool trusts_total = true; // false: what a provider states of its rows is not what it gives
  bool operator==(const paging_terms&) const = default;
};

/// Microseconds since 1970-01-01 UTC, both ends included.
struct fetch_window {
  int64_t from_us = 0;
  int64_t to_us = 0;
  bool operator==(const fetch_window&) const = default;
};

/// What is to be fetched now: from 30 minutes before the sync point, or 21 days of who has none.
/// A clock that went back makes the window shorter, never negative, and `to_us` is what the sync
/// point becomes: never less than it was.
fetch_window window_of(std::optional<int64_t> synced_us, int64_t now_us, const paging_terms& terms);

/// Equal for events that are one (coldkey, extrinsic, index, netuid, direction, hotkey, amounts);
/// any number of 64 bits. (README of the vectors, rule 2, within one feed.)
uint64_t row_digest(const trading_event& x);
/// Of a row that is no event: equal for equal texts.
uint64_t row_digest(std::string_view text);

/// One page as it came. `rows`: row_digest of each, the events first. `total`: rows of the whole
/// list, as the page states.
struct page_seen {
  std::vector<uint64_t> rows;
  std::optional<uint32_t> next_page;
  std::optional<uint64_t> total;
};

enum class paging_state : uint8_t {
  reading = 0, // ask for page()
  complete,    // every row was seen
  unsettled,   // it kept changing: what was seen is good, but there may be more
};

/// The reading of one list of one coldkey; pages count from 1.
class page_reader {
public:
  explicit page_reader(const paging_terms& terms) : terms_(terms) {}

  /// The page to ask for; pages before it have been taken.
  uint32_t page() const { return page_; }
  /// How often the list was begun, from 1.
  uint32_t readings() const { return readings_; }
  /// `ec::corrupt_data`: the page after it is not behind it, or there are more pages or rows than
  /// there may be; nothing of the page counts then.
  result<paging_state> take(const page_seen& x);

private:
  paging_state end_reading();
  bool is_settled() const;

  /// One reading of the list.
  struct reading {
    std::set<uint64_t> seen;
    std::vector<uint64_t> order;
    std::optional<uint64_t> total;
    bool changed = false;  // it stated another total in between
    bool repeated = false; // a row of an earlier page came again
  };

  paging_terms terms_;
  uint32_t page_ = 1;
  uint32_t readings_ = 1;
  std::set<uint64_t> seen_; // in any reading
  reading now_;
  reading last_;
};

} // namespace sluice
