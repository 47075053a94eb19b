#include "rules/trading/paging.hpp"

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
    changed_ = changed_ || (total_ && *x.total != *total_);
    total_ = x.total;
  }
  for (const auto row : x.rows)
    repeated_ = repeated_ || seen_now_.contains(row);
  seen_now_.insert(x.rows.begin(), x.rows.end()); // equal rows of one page are no repetition
  seen_.insert(x.rows.begin(), x.rows.end());
  order_.insert(order_.end(), x.rows.begin(), x.rows.end());
  if (x.next_page) {
    page_ = *x.next_page;
    return paging_state::reading;
  }
  return end_reading();
}

/// Nothing changed while it was read; and as many different rows were seen as it has, or none came
/// twice and as many as it states, or it was the same as before.
bool page_reader::is_settled() const {
  if (changed_)
    return false;
  if (total_ && seen_.size() >= *total_)
    return true;
  const bool all_came = !total_ || order_.size() >= *total_;
  return all_came && (!repeated_ || (!last_changed_ && order_ == last_order_));
}

paging_state page_reader::end_reading() {
  if (is_settled())
    return paging_state::complete;
  if (readings_ == terms_.readings_max)
    return paging_state::unsettled;
  ++readings_;
  page_ = 1;
  last_order_ = std::exchange(order_, {});
  total_.reset();
  last_changed_ = std::exchange(changed_, false);
  repeated_ = false;
  seen_now_.clear();
  return paging_state::reading;
}

} // namespace sluice
