#include "rules/trading/paging.hpp"

#include "rules/chain/sha256.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace sluice {

fetch_window
window_of(std::optional<int64_t> synced_us, int64_t now_us, const paging_terms& terms) {
  if (!synced_us)
    return {std::max<int64_t>(now_us - terms.first_us, 0), now_us};
  return {std::max<int64_t>(*synced_us - terms.overlap_us, 0), std::max(*synced_us, now_us)};
}

result<paging_state> page_reader::take(const page_seen& x) {
  const auto wrong = [&](const std::string& what) {
    return fault{ec::corrupt_data, "page " + std::to_string(page_) + ": " + what};
  };
  if (x.next_page && *x.next_page <= page_)
    return wrong("expected the number of a later page as the next, got "
                 + std::to_string(*x.next_page));
  if (x.next_page && *x.next_page > terms_.pages_max)
    return wrong("expected at most " + std::to_string(terms_.pages_max) + " pages, and the next is "
                 + std::to_string(*x.next_page) + "; raise page_size, or fetch a shorter time");
  if (seen_.size() + x.rows.size() > terms_.rows_max)
    return wrong("expected at most " + std::to_string(terms_.rows_max)
                 + " rows of one coldkey, got more");
  if (terms_.trusts_total && x.total) {
    now_.changed = now_.changed || (now_.total && *x.total != *now_.total);
    now_.total = x.total;
  }
  for (const auto row : x.rows)
    now_.repeated = now_.repeated || now_.seen.contains(row);
  now_.seen.insert(x.rows.begin(), x.rows.end()); // equal rows of one page are no repetition
  seen_.insert(x.rows.begin(), x.rows.end());
  now_.order.insert(now_.order.end(), x.rows.begin(), x.rows.end());
  if (x.next_page) {
    page_ = *x.next_page;
    return paging_state::reading;
  }
  return end_reading();
}

/// It did not change while it was read, and all of its rows came: as many different ones as it
/// states, or as many as it states and none of them twice. Without a statement: none came twice, or
/// it was the same as before. (Rows of earlier readings prove nothing: some may have gone since.)
bool page_reader::is_settled() const {
  if (now_.changed)
    return false;
  if (now_.total)
    return now_.seen.size() >= *now_.total || (!now_.repeated && now_.order.size() >= *now_.total);
  return !now_.repeated || (readings_ > 1 && now_.order == last_.order);
}

paging_state page_reader::end_reading() {
  if (is_settled())
    return paging_state::complete;
  if (readings_ == terms_.readings_max)
    return paging_state::unsettled;
  ++readings_;
  page_ = 1;
  last_ = std::exchange(now_, {});
  return paging_state::reading;
}

uint64_t row_digest(std::string_view text) {
  const auto digest = sha256(text);
  uint64_t out = 0;
  for (size_t i = 0; i < sizeof out; ++i)
    out = out << 8 | digest[i];
  return out;
}

uint64_t row_digest(const trading_event& x) {
  std::string text;
  for (const auto* part : {&x.coldkey, &x.hotkey, &x.extrinsic})
    text.append(*part).push_back('\n');
  for (const int64_t number : {int64_t{x.netuid}, static_cast<int64_t>(x.action), x.tao, x.alpha,
                               x.index ? int64_t{*x.index} : int64_t{-1}})
    text.append(std::to_string(number)).push_back('\n');
  return row_digest(text);
}

} // namespace sluice
