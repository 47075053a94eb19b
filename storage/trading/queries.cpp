#include "storage/trading/queries.hpp"

#include "storage/trading/book_rows.hpp"
#include "storage/trading/tables.hpp"

#include <algorithm>
#include <tuple>

namespace sluice::storage {

namespace {

using query_prefix = std::tuple<uint64_t, uint16_t>;

/// The books that a filter leaves, with the texts of their keys.
result<std::vector<book_place>> places_for(const data_dir& disk, const position_filter& filter) {
  std::vector<book_place> out;
  key_store keys{disk};
  const auto walked
    = tables::trading_books.for_each(disk, [&](const book_id& id, const book_record& x) {
        if (filter.netuid && id.netuid != *filter.netuid)
          return;
        if (filter.hotkey && x.facts.hotkey != *filter.hotkey)
          return;
        out.push_back({id, keys.text_of(id.coldkey), x.facts.hotkey});
      });
  if (!walked)
    return walked.error();
  return out;
}

trading_event full_event(const book_place& place, const book_event& x, std::string hotkey) {
  trading_event out;
  out.coldkey = place.coldkey;
  out.hotkey = std::move(hotkey);
  out.extrinsic = x.extrinsic;
  out.time_us = x.time_us;
  out.block = x.block;
  if (x.index_plus_1 != 0)
    out.index = x.index_plus_1 - 1;
  out.netuid = place.id.netuid;
  out.action = x.action;
  out.tao = x.tao;
  out.alpha = x.alpha;
  out.fee = x.fee;
  return out;
}

/// Walks one table book by book until `f` answers false.
template <class Table, class F>
result<nothing>
walk_books(const data_dir& disk, const position_filter& filter, const Table& table, F f) {
  const auto places = places_for(disk, filter);
  if (!places)
    return places.error();
  bool go_on = true;
  for (const auto& place : *places) {
    auto walked
      = table.for_prefix(disk, query_prefix{place.id.coldkey, place.id.netuid},
                         [&](const auto&, const auto& row) { return go_on = f(place, row); });
    if (!walked)
      return walked;
    if (!go_on)
      break;
  }
  return nothing{};
}

} // namespace

result<std::vector<book_summary>> all_books(const data_dir& disk) {
  std::vector<book_summary> out;
  const auto walked
    = tables::trading_books.for_each(disk, [&out](const book_id& id, book_record&& x) {
        out.push_back({id, std::move(x.facts), x.totals, std::move(x.days), x.outcomes});
      });
  if (!walked)
    return walked.error();
  return out;
}

result<std::vector<miner_performance>>
all_performance(const data_dir& disk, const ledger_setup& setup) {
  const auto books = all_books(disk);
  if (!books)
    return books.error();
  return performance_of(setup.world, setup.terms.score, setup.terms.now_us, *books);
}

result<std::string> key_text(const data_dir& disk, uint64_t number) {
  key_store keys{disk};
  return keys.text_of(number);
}

result<nothing>
for_each_position(const data_dir& disk, const position_filter& filter,
                  const std::function<bool(const book_place&, const trading_lot&)>& f) {
  return walk_books(disk, filter, tables::trading_lots,
                    [&](const book_place& place, const trading_lot& x) {
                      return !matches(filter, x) || f(place, x);
                    });
}

result<nothing>
for_each_trade(const data_dir& disk, const position_filter& filter,
               const std::function<bool(const book_place&, const trading_trade&)>& f) {
  return walk_books(disk, filter, tables::trading_trades,
                    [&](const book_place& place, const trading_trade& x) {
                      return !matches(filter, x) || f(place, x);
                    });
}

result<nothing>
for_each_event(const data_dir& disk, const position_filter& filter,
               const std::function<bool(const book_place&, const trading_event&)>& f) {
  key_store keys{disk};
  return walk_books(disk, filter, tables::trading_events,
                    [&](const book_place& place, const book_event& x) {
                      if (x.time_us < filter.from_us.value_or(x.time_us)
                          || x.time_us > filter.to_us.value_or(x.time_us))
                        return true;
                      return f(place, full_event(place, x, keys.text_of(x.hotkey)));
                    });
}

result<std::map<uint16_t, position_statistics>>
position_statistics_of(const data_dir& disk, const position_filter& filter) {
  std::map<uint16_t, position_statistics> out;
  const auto walked
    = for_each_position(disk, filter, [&out](const book_place& place, const trading_lot& x) {
        out[place.id.netuid].add(x);
        return true;
      });
  if (!walked)
    return walked.error();
  for (auto& [netuid, x] : out)
    x.finish();
  return out;
}

result<std::map<std::string, uint64_t>> stored_counts(const data_dir& disk) {
  std::map<std::string, uint64_t> out;
  const auto walked = tables::trading_counts.for_each(
    disk, [&out](const std::string& name, uint64_t count) { out[name] = count; });
  if (!walked)
    return walked.error();
  return out;
}

} // namespace sluice::storage
