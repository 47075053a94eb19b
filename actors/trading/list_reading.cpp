#include "actors/trading/list_reading.hpp"

#include <algorithm>
#include <utility>

namespace sluice {

list_reading::list_reading(std::string coldkey_asked, fetch_window when, const paging_terms& terms)
  : coldkey(std::move(coldkey_asked)), window(when), terms_(terms), reader_(terms) {}

result<paging_state> list_reading::take(io::event_page page) {
  page_seen seen;
  seen.total = page.total;
  if (page.next_page && *page.next_page > UINT32_MAX)
    return fault{ec::corrupt_data,
                 "expected the number of the next page, got " + std::to_string(*page.next_page)};
  if (page.next_page && *page.next_page != 0) // 0: there is none
    seen.next_page = static_cast<uint32_t>(*page.next_page);
  for (const auto& event : page.events) {
    if (event.coldkey != coldkey)
      return fault{ec::corrupt_data, "expected events of " + coldkey + ", got one of "
                                       + event.coldkey + "; check the feed's url"};
    seen.rows.push_back(row_digest(event));
  }
  seen.rows.insert(seen.rows.end(), page.rejected_rows.begin(), page.rejected_rows.end());
  auto state = reader_.take(seen);
  if (!state)
    return state;
  attempts = 0;
  ++pages_;
  rows_ += page.rows;
  for (size_t i = 0; i < rejected_.size(); ++i)
    rejected_[i] += page.rejected[i];
  for (size_t i = 0; i < page.events.size(); ++i)
    if (page.events[i].time_us >= window.from_us)
      events_.emplace(seen.rows[i], std::move(page.events[i]));
  return state;
}

source_rows list_reading::rows(bool complete, const std::optional<sync_point>& before) {
  source_rows out;
  out.coldkey = coldkey;
  out.events.reserve(events_.size());
  for (auto& [digest, event] : events_)
    out.events.push_back(std::move(event));
  std::sort(out.events.begin(), out.events.end(),
            [](const auto& a, const auto& b) { return in_ledger_order(a, b) < 0; });
  out.rejected = rejected_;
  out.rows = rows_;
  if (!complete)
    return out;
  auto& now = out.synced.emplace(before.value_or(sync_point{}));
  now.synced_us = std::max(now.synced_us, window.to_us);
  now.pages += pages_;
  now.rows += rows_;
  return out;
}

bool list_reading::may_continue() {
  attempts = 0;
  return ++looks_ < terms_.attempts_over_cycles_max;
}

} // namespace sluice
