#include "storage/sports/miner_store.hpp"

#include "storage/sizes.hpp"

#include <algorithm>
#include <tuple>

namespace sluice::storage {

namespace {

constexpr uint32_t miner_version = 1;
constexpr size_t erased_most = 10'000;
constexpr size_t results_most = 100'000;

template <class Table>
result<nothing> read_all(const environment& env, const Table& x) {
  return x.for_each(env, [](const auto&, const auto&) {});
}

/// Every row as its type: its checksum and its fields.
result<nothing> check_miner_rows(const environment& env) {
  using namespace tables;
  auto read = read_all(env, miner_games);
  if (read)
    read = read_all(env, miner_predictions);
  if (read)
    read = read_all(env, miner_deliveries);
  if (read)
    read = read_all(env, miner_results);
  if (read)
    read = read_all(env, miner_statistics);
  if (read)
    read = read_all(env, miner_notes);
  return read;
}

/// Rows whose `is_old` says so, at most erased_most of them. Answers how many.
template <class Table, class IsOld, class AndThen>
result<uint64_t>
erase_old_rows(const environment& env, const Table& x, batch& out, IsOld is_old, AndThen and_then) {
  uint64_t erased = 0;
  auto walked = x.for_each(env, [&](const auto& key, const auto& row) {
    if (!is_old(key, row))
      return true;
    x.erase(out, key);
    and_then(key);
    return ++erased < erased_most;
  });
  if (!walked)
    return walked.error();
  return erased;
}

} // namespace

store_layout miner_layout() {
  using namespace tables;
  store_layout made;
  made.store = miner_store_name;
  made.version = miner_version;
  for (const auto& one : names_of(miner_games, miner_predictions, miner_deliveries, miner_results,
                                  miner_statistics, miner_notes))
    made.tables.emplace_back(one.name);
  made.check = check_miner_rows;
  return made;
}

result<miner_store>
miner_store::open(const std::filesystem::path& dir, const backed_options& options,
                  std::function<int64_t()> clock_us) {
  auto store = backed_store::open(dir, miner_layout(), options);
  if (!store)
    return store.error();
  return miner_store{*std::move(store), std::move(clock_us)};
}

/// What `f` answers; it counts, and how long it took.
template <class F>
auto miner_store::timed(uint64_t& counter, F f) {
  const auto begun = clock_us_ ? clock_us_() : 0;
  auto made = f();
  const auto took = clock_us_ ? static_cast<double>(clock_us_() - begun) : 0.0;
  const bool first = figures_.queries + figures_.writes == 0;
  figures_.mean_us = first ? took : 0.9 * figures_.mean_us + 0.1 * took;
  ++counter;
  figures_.failures += made ? 0 : 1;
  return made;
}

result<nothing> miner_store::commit(const batch& writes) {
  return timed(figures_.writes, [&] { return store_.commit(writes); });
}

result<miner_memory> miner_store::recall() {
  return timed(figures_.queries, [&]() -> result<miner_memory> {
    miner_memory made;
    auto read = tables::miner_games.for_each(
      disk(), [&](const std::string&, sports_game x) { made.games.push_back(std::move(x)); });
    if (read)
      read = tables::miner_predictions.for_each(
        disk(), [&](uint64_t, miner_prediction x) { made.predictions.push_back(std::move(x)); });
    if (read)
      read
        = tables::miner_deliveries.for_each(disk(), [&](miner_delivery_key key, miner_delivery x) {
            made.deliveries.emplace_back(std::move(key), std::move(x));
          });
    if (!read)
      return read.error();
    return made;
  });
}

result<std::vector<sports_game>> miner_store::results_of(const std::string& sport, size_t max) {
  if (max < 1 || max > results_most)
    return fault{ec::out_of_range,
                 "results to read: expected 1 to 100000, got " + std::to_string(max)};
  return timed(figures_.queries, [&]() -> result<std::vector<sports_game>> {
    std::vector<sports_game> made;
    const auto take = [&](const miner_result_key&, sports_game x) {
      made.push_back(std::move(x));
      return sport.empty() || made.size() < max;
    };
    auto read = sport.empty()
                  ? tables::miner_results.for_each(disk(), take)
                  : tables::miner_results.for_prefix_back(disk(), std::tuple{sport}, take);
    if (!read)
      return read.error();
    std::sort(made.begin(), made.end(), [](const auto& a, const auto& b) {
      return std::tie(a.start_us, a.external_id) < std::tie(b.start_us, b.external_id);
    });
    if (made.size() > max)
      made.erase(made.begin(), made.end() - static_cast<std::ptrdiff_t>(max));
    return made;
  });
}

result<std::vector<std::pair<int64_t, std::string>>>
miner_store::statistics_of(const std::string& name, size_t max) {
  using rows = std::vector<std::pair<int64_t, std::string>>;
  return timed(figures_.queries, [&]() -> result<rows> {
    rows made;
    auto read = tables::miner_statistics.for_prefix_back(
      disk(), std::tuple{name}, [&](const miner_statistic_key& key, std::string text) {
        if (made.size() == max)
          return false;
        made.emplace_back(key.time_us, std::move(text));
        return true;
      });
    if (!read)
      return read.error();
    std::reverse(made.begin(), made.end());
    return made;
  });
}

result<std::string> miner_store::note(const std::string& name) {
  return timed(figures_.queries, [&]() -> result<std::string> {
    auto found = tables::miner_notes.find(disk(), name);
    if (!found)
      return found.error();
    return found->value_or("");
  });
}

result<miner_erased> miner_store::erase_older(int64_t before_us, int64_t results_before_us) {
  miner_erased made;
  batch out;
  std::vector<uint64_t> numbers;
  const auto nothing_more = [](const auto&) {};
  const auto predictions = erase_old_rows(
    disk(), tables::miner_predictions, out,
    [&](uint64_t, const miner_prediction& x) { return x.start_us < before_us; },
    [&](uint64_t number) { numbers.push_back(number); });
  if (!predictions)
    return predictions.error();
  for (const auto number : numbers) {
    auto walked = tables::miner_deliveries.for_prefix(
      disk(), std::tuple{number}, [&](const miner_delivery_key& key, const miner_delivery&) {
        tables::miner_deliveries.erase(out, key);
      });
    if (!walked)
      return walked.error();
  }
  const auto games = erase_old_rows(
    disk(), tables::miner_games, out,
    [&](const std::string&, const sports_game& x) { return x.start_us < before_us; }, nothing_more);
  if (!games)
    return games.error();
  const auto results = erase_old_rows(
    disk(), tables::miner_results, out,
    [&](const miner_result_key& key, const sports_game&) {
      return key.start_us < results_before_us;
    },
    nothing_more);
  if (!results)
    return results.error();
  const auto statistics = erase_old_rows(
    disk(), tables::miner_statistics, out,
    [&](const miner_statistic_key& key, const std::string&) { return key.time_us < before_us; },
    nothing_more);
  if (!statistics)
    return statistics.error();
  made = {*games, *predictions, *results, *statistics};
  if (auto done = commit(out); !done)
    return done.error();
  return made;
}

result<miner_database_figures> miner_store::figures() const {
  auto made = figures_;
  const auto size = disk().size();
  if (!size)
    return size.error();
  for (const auto& one : size->tables)
    made.rows[one.name] = one.rows;
  made.file_bytes = size->file_bytes;
  made.last_backup_s = store_.last_backup_s();
  return made;
}

void put_game(batch& out, const sports_game& x) {
  tables::miner_games.put(out, x.external_id, x);
  if (x.state == game_state::decided)
    tables::miner_results.put(out, {x.sport, x.start_us, x.external_id}, x);
}

} // namespace sluice::storage
