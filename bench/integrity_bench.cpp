/// What whole stores cost: checksums of rows, pages followed at a start, looks at the folder.
#include "storage/data_dir.hpp"
#include "storage/meta_page.hpp"
#include "storage/page_check.hpp"
#include "storage/row_checksum.hpp"
#include "tests/storage/small_disk.hpp"
#include "tests/storage/temp_folder.hpp"

#include <benchmark/benchmark.h>

#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>

namespace sluice::storage {
namespace {

constexpr int rows_count = 4000;

std::string numbered_key(int n) {
  auto digits = std::to_string(n);
  return "row-" + std::string(12 - digits.size(), '0') + digits;
}

/// Rows of one size, in a file with checksums or without.
struct rows_of_size {
  test::temp_folder folder;
  std::optional<environment> env;

  rows_of_size(size_t bytes, bool checksums) {
    environment_options o;
    o.store = "node";
    o.tables = {"t"};
    o.checksums = checksums;
    auto opened = environment::open(folder / "env", o);
    batch writes;
    for (int n = 0; n < rows_count; ++n)
      writes.writes.push_back({"node", "t", numbered_key(n), std::string(bytes, 'v'), false});
    if (!opened || !opened->commit(writes)) {
      std::fprintf(stderr, "no disk to write to\n");
      std::exit(1);
    }
    env.emplace(*std::move(opened));
  }
};

const rows_of_size& rows_with(const benchmark::State& state) {
  static std::map<std::pair<int64_t, int64_t>, std::unique_ptr<rows_of_size>> made;
  auto& one = made[{state.range(0), state.range(1)}];
  if (!one)
    one = std::make_unique<rows_of_size>(static_cast<size_t>(state.range(0)), state.range(1) != 0);
  return *one;
}

void row_sizes(benchmark::internal::Benchmark* x) {
  for (const int64_t bytes : {100, 1000, 30'000})
    for (const int64_t checksums : {0, 1})
      x->Args({bytes, checksums});
}

void scan_rows(benchmark::State& state) {
  const auto& rows = rows_with(state);
  for (auto _ : state) {
    size_t bytes = 0;
    const auto done = rows.env->scan("t", {}, [&](std::string_view, std::string_view value) {
      bytes += value.size() + static_cast<size_t>(value.back());
      return true;
    });
    if (!done)
      std::abort();
    benchmark::DoNotOptimize(bytes);
  }
  state.SetItemsProcessed(state.iterations() * rows_count);
}
BENCHMARK(scan_rows)->Apply(row_sizes);

void get_rows(benchmark::State& state) {
  const auto& rows = rows_with(state);
  for (auto _ : state)
    for (int n = 0; n < rows_count; n += 7)
      benchmark::DoNotOptimize(rows.env->get("t", numbered_key(n)));
  state.SetItemsProcessed(state.iterations() * (rows_count / 7));
}
BENCHMARK(get_rows)->Apply(row_sizes);

void checksum_alone(benchmark::State& state) {
  const std::string key = numbered_key(1), value(static_cast<size_t>(state.range(0)), 'v');
  const auto seed = table_seed_of("t");
  for (auto _ : state)
    benchmark::DoNotOptimize(checksum_of_row(seed, key, value));
  state.SetBytesProcessed(state.iterations() * state.range(0));
}
BENCHMARK(checksum_alone)->Arg(100)->Arg(1000)->Arg(30'000);

void follow_pages(benchmark::State& state) {
  const auto& rows = rows_with(state);
  const auto look = look_at_file(rows.env->path());
  if (!look || !look->head)
    std::abort();
  for (auto _ : state)
    if (!check_pages(rows.env->path(), look->head->newest()))
      std::abort();
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(look->head->counted_bytes()));
}
BENCHMARK(follow_pages)->Args({1000, 1})->Args({30'000, 1})->Unit(benchmark::kMillisecond);

void commit_one_row(benchmark::State& state) {
  const test::temp_folder folder;
  const auto id = state.range(0) != 0;
  auto layout = test::layout();
  if (!id)
    layout.version = stamped_since - 1; // no stamps, no checksums
  auto dir
    = data_dir::open(folder / "data", who, open_mode::create_or_continue, {.layout = &layout});
  if (!dir)
    std::abort();
  uint64_t n = 0;
  for (auto _ : state)
    if (!dir->commit(scores_batch(++n)))
      std::abort();
}
BENCHMARK(commit_one_row)->Arg(0)->Arg(1)->Unit(benchmark::kMicrosecond);

void look_at_the_folder(benchmark::State& state) {
  const test::temp_folder folder;
  auto dir = open(folder / "data");
  for (auto _ : state)
    if (!dir || !dir->still_ours())
      std::abort();
}
BENCHMARK(look_at_the_folder)->Unit(benchmark::kMicrosecond);

} // namespace
} // namespace sluice::storage

BENCHMARK_MAIN();
