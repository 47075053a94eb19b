/// The trading ledger beside one in SQLite: the same events, the same FIFO, the same run.
///
/// ledger_bench [DIR] [EVENTS...]: makes its folders in DIR (default: here), which should be on a
/// disk; EVENTS default to 10000, 100000 and 1000000. SQLite: WAL, synchronous=FULL, one
/// transaction per 1,000 events (bench/sqlite_ledger.hpp has tables and queries).
#include "io/trading/event_file.hpp"
#include "io/trading/rows.hpp"
#include "ledger_workload.hpp"
#include "rules/trading/ledger.hpp"
#include "sqlite_ledger.hpp"
#include "storage/data_dir.hpp"
#include "storage/trading/book_rows.hpp"
#include "storage/trading/plan.hpp"
#include "storage/trading/queries.hpp"
#include "storage/trading/tables.hpp"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <malloc.h>
#include <string>
#include <vector>

namespace sluice::bench {
namespace {

namespace fs = std::filesystem;

double seconds_of(const std::function<void()>& f) {
  const auto from = std::chrono::steady_clock::now();
  f();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - from).count();
}

template <class T>
T must(result<T> x) {
  if (!x) {
    std::fprintf(stderr, "ledger_bench: %s\n", x.error().what.c_str());
    std::exit(1);
  }
  return *std::move(x);
}

storage::data_dir open_folder(const fs::path& path) {
  const std::vector parts{storage::trading_schema()};
  const auto layout = storage::schema_with(parts);
  return must(storage::data_dir::open(path, {"bench", 1, ""},
                                      storage::open_mode::create_or_continue, {.layout = &layout}));
}

/// The best of several runs: what is read is in the cache of either side then.
double best_of(int runs, const std::function<void()>& f) {
  double best = seconds_of(f);
  for (int i = 1; i < runs; ++i)
    best = std::min(best, seconds_of(f));
  return best;
}

uint64_t folder_bytes(const fs::path& folder) {
  uint64_t bytes = 0;
  for (const auto& file : fs::recursive_directory_iterator{folder})
    if (file.is_regular_file())
      bytes += file.file_size();
  return bytes;
}

/// Bytes of the heap per open lot, with every book of the ledger in memory, ready to go on: open
/// lots, sums, dates. What a book has beside its lots counts, too.
double bytes_per_open_lot(const storage::data_dir& disk, const storage::ledger_setup& setup,
                          uint64_t& open_lots) {
  const auto ids = must(storage::all_book_ids(disk));
  const auto before = mallinfo2().uordblks + mallinfo2().hblkhd;
  std::vector<lot_book> books;
  books.reserve(ids.size());
  open_lots = 0;
  for (const auto& id : ids) {
    const auto stored = must(storage::read_book(disk, id));
    auto& book = books.emplace_back(setup.terms.ledger);
    for (const auto& x : stored.events)
      book.apply(x);
    book.drop_closed();
    open_lots += book.lots().size();
  }
  const auto after = mallinfo2().uordblks + mallinfo2().hblkhd;
  return static_cast<double>(after - before) / static_cast<double>(open_lots);
}

/// Both ledgers must state the same of every miner.
void expect_equal(const std::vector<miner_performance>& ours,
                  const std::vector<sqlite_miner>& theirs) {
  size_t with_trades = 0;
  for (const auto& x : ours) {
    const auto found = std::find_if(theirs.begin(), theirs.end(),
                                    [&x](const auto& y) { return y.coldkey == x.coldkey; });
    if (x.totals.lots == 0 && found == theirs.end())
      continue;
    ++with_trades;
    const bool same = found != theirs.end() && found->trades == x.totals.trades
                      && found->legs == x.totals.legs && found->won == x.totals.won_legs
                      && i128{found->volume} == x.totals.volume_tao
                      && i128{found->pnl} == x.totals.scored_pnl
                      && found->open == x.totals.open + x.totals.partial
                      && i128{found->remaining} == x.totals.remaining_alpha
                      && std::abs(found->score - x.score.score) <= 1e-9;
    if (!same) {
      std::fprintf(stderr, "ledger_bench: the ledgers differ on %s\n", x.coldkey.c_str());
      std::exit(1);
    }
  }
  std::printf("  equal for %zu miners: trades, legs, wins, volume, P/L, open lots, scores\n",
              with_trades);
}

/// The same events as a file of our own form: how long only reading it takes.
void read_file(const fs::path& file, const std::vector<trading_event>& events) {
  {
    std::ofstream out{file, std::ios::binary};
    for (const auto& x : events)
      out << io::event_row_text(x) << '\n';
  }
  auto rows = must(io::event_file::open(file.string(), {}, false));
  std::vector<trading_event> read;
  read.reserve(events.size());
  const double read_s = seconds_of([&] { must(rows.read(read, SIZE_MAX)); });
  if (read != events) {
    std::fprintf(stderr, "ledger_bench: the file reads back as other events\n");
    std::exit(1);
  }
  std::printf("  reading them from a file of %.0f MB: %.2f s, %.2f us each\n",
              static_cast<double>(fs::file_size(file)) / 1e6, read_s,
              1e6 * read_s / static_cast<double>(events.size()));
}

void run(const fs::path& folder, uint64_t events) {
  auto work = make_ledger_workload(events);
  fs::remove_all(folder);
  fs::create_directories(folder);
  std::printf("%llu events, %zu miners\n", static_cast<unsigned long long>(events),
              work.setup.world.identities.size());
  read_file(folder / "events.jsonl", work.events);
  auto disk = open_folder(folder / "sluice");
  auto copy = work.events; // an import gives its events away
  storage::plan_counts counts;
  const double import_s = seconds_of([&] {
    counts = must(storage::store_events(
      disk, work.setup, std::move(copy),
      [&disk](storage::batch&& x) -> result<nothing> { return disk.commit(x); }));
  });
  const auto n = static_cast<double>(events);
  std::printf("  import, durable: %.2f s, %.0f events/s, %.2f us each, %.0f MB\n", import_s,
              n / import_s, 1e6 * import_s / n,
              static_cast<double>(folder_bytes(folder / "sluice")) / 1e6);
  sqlite_ledger theirs{folder / "sqlite.db"};
  const double sqlite_s = seconds_of([&] { theirs.import(work.events); });
  std::printf("  SQLite: %.2f s, %.0f MB; ratio %.1f\n", sqlite_s,
              static_cast<double>(fs::file_size(folder / "sqlite.db")) / 1e6, sqlite_s / import_s);
  std::vector<miner_performance> ours;
  std::vector<sqlite_miner> rows;
  const double report_s
    = best_of(5, [&] { ours = must(storage::all_performance(disk, work.setup)); });
  const double queries_s = best_of(5, [&] { rows = theirs.report(work.setup.terms.now_us); });
  std::printf("  report: %.2f ms; SQLite's three queries %.2f ms; ratio 1/%.0f\n", 1e3 * report_s,
              1e3 * queries_s, queries_s / report_s);
  expect_equal(ours, rows);
  uint64_t open_lots = 0;
  const double bytes = bytes_per_open_lot(disk, work.setup, open_lots);
  std::printf(
    "  memory: %.0f bytes per open lot with its books (%llu open), %zu of them the lot's\n", bytes,
    static_cast<unsigned long long>(open_lots), sizeof(trading_lot));
}

} // namespace
} // namespace sluice::bench

int main(int count, char** arguments) {
  std::setvbuf(stdout, nullptr, _IOLBF, BUFSIZ); // a large run takes minutes
  const std::filesystem::path folder = count > 1 ? arguments[1] : ".";
  std::vector<uint64_t> sizes;
  for (int i = 2; i < count; ++i)
    sizes.push_back(std::strtoull(arguments[i], nullptr, 10));
  if (sizes.empty())
    sizes = {10'000, 100'000, 1'000'000};
  for (const auto events : sizes)
    sluice::bench::run(folder / "ledger_bench_data", events);
  std::filesystem::remove_all(folder / "ledger_bench_data");
}
