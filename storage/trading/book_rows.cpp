#include "storage/trading/book_rows.hpp"

#include "storage/trading/tables.hpp"

#include <limits>
#include <set>
#include <string_view>
#include <tuple>

namespace sluice::storage {

namespace {

using book_prefix = std::tuple<uint64_t, uint16_t>;

book_prefix prefix_of(const book_id& id) {
  return {id.coldkey, id.netuid};
}

/// Walks stored and wanted rows side by side, both in key order.
class row_diff {
public:
  row_diff(std::string_view table, row_bytes& wanted, batch* out)
    : table_(table), at_(wanted.begin()), end_(wanted.end()), out_(out) {}

  void stored(std::string_view key, std::string_view value) {
    while (at_ != end_ && at_->first < key) {
      put(*at_++);
      ++seen.missing;
    }
    if (at_ == end_ || at_->first != key) {
      ++seen.too_many;
      if (out_)
        out_->writes.push_back(
          {std::string{node_store}, std::string{table_}, std::string{key}, {}, true});
      return;
    }
    if (at_->second == value) {
      ++seen.same;
    } else {
      ++seen.different;
      put(*at_);
    }
    ++at_;
  }

  void finish() {
    for (; at_ != end_; ++at_) {
      put(*at_);
      ++seen.missing;
    }
  }

  row_comparison seen;

private:
  void put(std::pair<std::string, std::string>& row) {
    if (out_)
      out_->writes.push_back({std::string{node_store}, std::string{table_}, std::move(row.first),
                              std::move(row.second), false});
  }

  std::string_view table_;
  row_bytes::iterator at_;
  row_bytes::iterator end_;
  batch* out_;
};

result<nothing> diff_table(const data_dir& disk, std::string_view table, const book_id& id,
                           row_bytes& wanted, batch* out, row_comparison& seen) {
  row_diff diff{table, wanted, out};
  auto walked = disk.node().scan(table, {encode_key(prefix_of(id)), {}, false},
                                 [&diff](std::string_view key, std::string_view value) {
                                   diff.stored(key, value);
                                   return true;
                                 });
  if (!walked)
    return walked;
  diff.finish();
  seen.same += diff.seen.same;
  seen.different += diff.seen.different;
  seen.missing += diff.seen.missing;
  seen.too_many += diff.seen.too_many;
  return nothing{};
}

/// One row per book: after each the search goes on behind the book.
result<nothing> add_book_ids(const data_dir& disk, std::string_view table, std::set<book_id>& out) {
  constexpr size_t id_bytes = sizeof(uint64_t) + sizeof(uint16_t);
  std::string from;
  while (true) {
    std::optional<book_id> found;
    auto walked = disk.node().scan(table, {{}, from, false},
                                   [&found](std::string_view key, std::string_view) {
                                     const auto id = decode_key<book_id>(key.substr(0, id_bytes));
                                     if (id)
                                       found = *id;
                                     return false;
                                   });
    if (!walked)
      return walked;
    if (!found)
      return nothing{};
    out.insert(*found);
    from = encode_key(*found) + std::string(32, '\xff'); // longer than what follows in any key
  }
}

} // namespace

result<uint64_t> key_store::number_of(const std::string& key) {
  if (const auto known = numbers_.find(key); known != numbers_.end())
    return known->second;
  const auto number = key_number(key);
  const auto stored = tables::trading_keys.find(*disk_, number);
  if (!stored)
    return stored.error();
  const auto fresh = new_.find(number);
  const std::string* other = *stored ? &**stored : fresh != new_.end() ? &fresh->second : nullptr;
  if (other && *other != key)
    return fault{ec::refused, "the keys " + key + " and " + *other
                                + " have the same number; leave out the rows of one of them"};
  if (!other)
    new_.emplace(number, key);
  numbers_.emplace(key, number);
  texts_.emplace(number, key);
  return number;
}

const std::string& key_store::text_of(uint64_t number) {
  const auto known = texts_.find(number);
  if (known != texts_.end())
    return known->second;
  const auto stored = tables::trading_keys.find(*disk_, number);
  auto text = stored && *stored ? **stored : '#' + std::to_string(number);
  return texts_.emplace(number, std::move(text)).first->second;
}

key_texts key_store::texts() {
  return [this](uint64_t number) { return std::string_view{text_of(number)}; };
}

void key_store::write_new(batch& out) {
  for (const auto& [number, text] : new_)
    tables::trading_keys.put(out, number, text);
  new_.clear();
}

result<stored_book> read_book(const data_dir& disk, const book_id& id) {
  stored_book out;
  auto read = tables::trading_events.for_prefix(
    disk, prefix_of(id),
    [&out](const book_event_key&, book_event&& x) { out.events.push_back(std::move(x)); });
  if (!read)
    return read.error();
  auto base = tables::trading_bases.find(disk, id);
  if (!base)
    return base.error();
  out.base = *std::move(base);
  return out;
}

book_rows rows_of_book(const book_id& id, const std::vector<book_event>& events,
                       const derived_book& derived, bool has_base) {
  book_rows out;
  out.events.reserve(events.size());
  uint32_t place = 0;
  for (size_t i = 0; i < events.size(); ++i) {
    place = i > 0 && events[i].time_us == events[i - 1].time_us ? place + 1 : 0;
    out.events.emplace_back(
      encode_key(book_event_key{id.coldkey, id.netuid, events[i].time_us, place}),
      encode(events[i]));
  }
  const auto key = [&id](uint32_t number) {
    return encode_key(book_row_key{id.coldkey, id.netuid, number});
  };
  out.lots.reserve(derived.lots.size());
  for (const auto& x : derived.lots)
    out.lots.emplace_back(key(x.number), encode(x));
  out.trades.reserve(derived.trades.size());
  for (const auto& x : derived.trades)
    out.trades.emplace_back(key(x.number), encode(x));
  if (!events.empty() || has_base)
    out.books.emplace_back(
      encode_key(id), encode(book_record{derived.facts, derived.totals, derived.days,
                                         derived.outcomes, events.size(), derived.next_future_us}));
  return out;
}

result<row_comparison>
write_book(const data_dir& disk, const book_id& id, book_rows rows, batch* out) {
  row_comparison seen;
  const std::pair<std::string_view, row_bytes*> parts[]
    = {{tables::trading_trades.name, &rows.trades},
       {tables::trading_lots.name, &rows.lots},
       {tables::trading_books.name, &rows.books},
       {tables::trading_events.name, &rows.events}};
  for (const auto& [table, wanted] : parts)
    if (auto done = diff_table(disk, table, id, *wanted, out, seen); !done)
      return done.error();
  return seen;
}

result<std::vector<book_id>> all_book_ids(const data_dir& disk) {
  std::set<book_id> ids;
  for (const auto table :
       {tables::trading_events.name, tables::trading_bases.name, tables::trading_books.name,
        tables::trading_lots.name, tables::trading_trades.name})
    if (auto done = add_book_ids(disk, table, ids); !done)
      return done.error();
  return std::vector<book_id>{ids.begin(), ids.end()};
}

} // namespace sluice::storage
