/// What was read so far of an indexer's list of one coldkey.
#pragma once

#include "io/trading/rows.hpp"
#include "messages/trading.hpp"
#include "rules/trading/paging.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace sluice {

/// Its window stays the same however long it takes: what happens later is the next list's.
class list_reading {
public:
  list_reading(std::string coldkey_asked, fetch_window when, const paging_terms& terms);

  /// Counts what is on the page: every event once, those before the window not at all. An event of
  /// another coldkey than the one asked for makes the page `ec::corrupt_data`; else the errors of
  /// page_reader::take. Nothing of the page counts then.
  result<paging_state> take(io::event_page page);

  /// Everything that was read, in the order of the ledger. Not `complete`: without a sync point.
  /// `before`: the one that there was.
  source_rows rows(bool complete, const std::optional<sync_point>& before);

  /// The page to ask for.
  uint32_t page() const { return reader_.page(); }

  /// Counts a look that it is continued in; false when it should be begun anew.
  bool may_continue();

  std::string coldkey;
  fetch_window window;
  uint32_t attempts = 0; // of this page that failed, in a row

private:
  paging_terms terms_;
  page_reader reader_;
  std::map<uint64_t, trading_event> events_; // by row_digest
  std::array<uint64_t, row_rejections> rejected_{};
  uint64_t rows_ = 0;
  uint64_t pages_ = 0;
  uint32_t looks_ = 0;
};

} // namespace sluice
