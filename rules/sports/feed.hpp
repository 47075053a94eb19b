/// How the games of a feed are read: which window is asked for, when a list is complete, what an
/// answer means, and how the reading does.
#pragma once

#include "rules/fields.hpp"
#include "rules/result.hpp"
#include "rules/sports/config.hpp"
#include "rules/sports/game.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::game_feed_limits {

/// All are the highest that is allowed, and count; names end in their unit where they have one.
inline constexpr size_t pages_max = 1000;     // of one list
inline constexpr size_t page_rows_max = 5000; // of one page, whatever was asked for
inline constexpr size_t page_bytes_max = size_t{16} << 20;
inline constexpr size_t games_max = 100'000; // of one list
inline constexpr uint32_t continued_max = 3; // readings that take up the same list
inline constexpr uint64_t pause_ms_max = 3'600'000;

} // namespace sluice::game_feed_limits

namespace sluice {

/// Which games are asked for. Microseconds since 1970-01-01 UTC, whole seconds.
struct game_feed_window {
  int64_t start_from_us = 0;   // games that start from here on: a midnight (UTC)
  int64_t updated_from_us = 0; // and that changed from here on
  int64_t begun_us = 0;        // when the reading began: the feed's word is of this moment
  bool operator==(const game_feed_window&) const = default;
};

/// `changed_us`: when the last complete reading that brought something new began, by this clock;
/// none: there was none. Five minutes before that are asked for again. While nothing changes the
/// window of a day stays the same, so that the feed can answer "not modified". No error.
game_feed_window
feed_window(const game_feed_settings& feed, std::optional<int64_t> changed_us, int64_t now_us);

/// One page as it was read. `rows`: all of them, also those that are no games; from 0.
struct game_page {
  std::vector<game_update> games;
  uint64_t rows = 0;
  std::optional<uint64_t> total;  // over all pages, where the feed states it
  std::vector<std::string> why{}; // why rows are no games, a sentence each, 20 at most
  uint64_t rejected = 0;          // rows that are none
};

enum class feed_list_state : uint8_t { reading = 0, complete };

/// The list of a window, page by page from index 0. Nothing of it counts before it is complete.
class game_feed_list {
public:
  game_feed_list(game_feed_window window, uint64_t page_items)
    : window_(window), page_items_(page_items) {}

  /// The next page. Of a game that stands in several the last one counts.
  /// ec::corrupt_data, and the page does not count: it is the page before once more, the list has
  /// too many pages or games, or rows without end.
  result<feed_list_state> take(const game_page& page);
  /// The next page is as it was in the last complete list, where it had so many rows.
  result<feed_list_state> same(uint64_t rows);

  uint64_t page() const { return page_; }
  const game_feed_window& window() const { return window_; }
  /// Rows of the pages so far, by index.
  const std::vector<uint64_t>& rows() const { return rows_; }
  /// By external_id.
  std::vector<game_update> games() const;

private:
  result<feed_list_state> next(uint64_t rows, std::optional<uint64_t> total);

  game_feed_window window_;
  uint64_t page_items_;
  uint64_t page_ = 0;
  uint64_t seen_ = 0;
  std::vector<uint64_t> rows_;
  std::vector<std::string> last_ids_; // of the page before
  std::map<std::string, game_update> games_;
};

/// What the last record of every game was, to know what is new.
class known_feed_games {
public:
  /// Is any of these another than when it was last here? From now on it is known. Beyond games_max
  /// nothing is known any more. The moment `at_us` does not count.
  bool note(const std::vector<game_update>& all);

private:
  std::map<std::string, size_t> digests_; // by external_id
};

/// What came of one request; texts are those of its headers, "" without one.
struct feed_answer {
  unsigned status = 0; // 0: none, or one that cannot be read
  std::string what;    // of none: why, in a sentence
  std::string retry_after;
};

enum class feed_verdict : uint8_t {
  take = 0, // the page is there
  same,     // it is as it was
  again,    // the same page after the pause
  give_up,  // nothing more in this reading
};

/// `pause_ms`: of `again`, to pause_ms_max and a tenth. `why`: a sentence; "" of take and same.
struct feed_decision {
  feed_verdict verdict = feed_verdict::take;
  uint64_t pause_ms = 0;
  std::string why;
};

/// 200: take; 304 of a conditional request: same. No answer, 408, 429 and 5xx: again, until the
/// page failed `feed.retries` + 1 times; everything else: give up. The pause is what the server
/// wants (Retry-After, never undercut, at most an hour; of 429 without one a minute), else 1, 2, 4
/// s and so on up to a minute; and up to a tenth more. `failures`: of this page in a row, this one
/// included, from 1; `chance`: any number; `unix_ms`: since 1970-01-01 UTC. (facts/mechanisms D1,
/// D3b; the failure matrix of the other indexers.)
feed_decision decide_feed(const game_feed_settings& feed, const feed_answer& x, bool conditional,
                          uint64_t failures, uint64_t chance, uint64_t unix_ms);

/// How a feed does, for whoever looks. Counts from 0 since its actor began; times are milliseconds
/// since 1970-01-01 UTC, 0: never.
struct game_feed_view {
  std::string from; // its address, without keys
  bool reading = false;
  uint64_t readings = 0; // complete
  uint64_t requests = 0;
  uint64_t pages = 0;
  uint64_t not_modified = 0; // pages of these
  uint64_t rows = 0;
  uint64_t games = 0; // that were handed on
  uint64_t rejected = 0;
  uint64_t retries = 0;
  uint64_t failures = 0; // readings that were given up
  uint64_t continued = 0;
  uint64_t last_success_ms = 0;
  uint64_t last_error_ms = 0;
  std::string last_error;
  std::vector<std::string> last_rejected; // sentences, 20 at most
  SLUICE_FIELDS(from, reading, readings, requests, pages, not_modified, rows, games, rejected,
                retries, failures, continued, last_success_ms, last_error_ms, last_error,
                last_rejected)
  bool operator==(const game_feed_view&) const = default;
};

} // namespace sluice
