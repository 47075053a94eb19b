/// Recorded swaps from disk through the pool: what reading them adds to playing them.
#include "sim/evaluate/market.hpp"
#include "sim/evaluate/window.hpp"
#include "storage/data_dir.hpp"
#include "storage/liquidity/tables.hpp"
#include "storage/tables.hpp"
#include "swap_workload.hpp"
#include "tests/storage/layout.hpp"
#include "tests/storage/temp_folder.hpp"

#include <benchmark/benchmark.h>

#include <cstdio>
#include <cstdlib>

namespace sluice {
namespace {

constexpr size_t swaps_per_block = 10;
const job_id job{"bench"};

/// The mixed workload as a feed of blocks, on disk and in memory.
struct recording {
  bench::workload work = bench::mixed();
  std::vector<feed_block> blocks;
  storage::test::temp_folder folder;
  std::optional<storage::data_dir> disk;

  recording() {
    pool at = work.start;
    storage::batch writes;
    for (size_t i = 0; i < work.orders.size();) {
      feed_block block;
      block.number = blocks.size() + 1;
      block.time = 1'700'000'000 + 2 * block.number;
      for (; i < work.orders.size() && block.events.size() < swaps_per_block; ++i) {
        const auto done = at.swap(work.orders[i], static_cast<uint32_t>(block.time));
        if (!done)
          std::abort();
        pool_event e;
        e.log_index = static_cast<uint32_t>(block.events.size());
        e.liquidity = at.state().liquidity;
        e.amount0 = done->amount0;
        e.amount1 = done->amount1;
        e.sqrt_price_x96 = at.state().sqrt_price_x96;
        e.tick = at.state().tick;
        e.asked = work.orders[i];
        block.events.push_back(e);
      }
      storage::tables::feed_blocks.put(writes, {job, block.number}, block);
      blocks.push_back(std::move(block));
    }
    auto opened = storage::data_dir::open(folder / "data", {"bench", 1, ""},
                                          storage::open_mode::create_or_continue,
                                          {.layout = &storage::test::layout()});
    if (!opened || !opened->commit(writes)) {
      std::fprintf(stderr, "no disk to write to: %s\n", opened ? "" : opened.error().what.c_str());
      std::exit(1);
    }
    disk.emplace(*std::move(opened));
  }
};
const recording& the_recording() {
  static const recording made;
  return made;
}

/// What an audit does with a block, without its record.
void play(pool& at, const feed_block& block) {
  for (const auto& e : block.events)
    benchmark::DoNotOptimize(at.swap(*e.asked, static_cast<uint32_t>(block.time)));
}

template <class Use>
void for_each_row(const recording& from, Use use) {
  const auto read = storage::tables::feed_blocks.for_prefix(
    *from.disk, job, [&](const block_key&, const feed_block& block) {
      use(block);
      return true;
    });
  if (!read)
    std::abort();
}

void report(benchmark::State& state, const recording& from) {
  state.SetItemsProcessed(static_cast<int64_t>(from.work.orders.size())
                          * static_cast<int64_t>(state.iterations()));
}

void read_alone(benchmark::State& state) {
  const auto& from = the_recording();
  for (auto _ : state) {
    size_t events = 0;
    for_each_row(from, [&](const feed_block& block) { events += block.events.size(); });
    benchmark::DoNotOptimize(events);
  }
  report(state, from);
}
BENCHMARK(read_alone)->Unit(benchmark::kMillisecond);

void swap_alone(benchmark::State& state) {
  const auto& from = the_recording();
  for (auto _ : state) {
    pool at = from.work.start;
    for (const auto& block : from.blocks)
      play(at, block);
  }
  report(state, from);
}
BENCHMARK(swap_alone)->Unit(benchmark::kMillisecond);

void read_and_swap(benchmark::State& state) {
  const auto& from = the_recording();
  for (auto _ : state) {
    pool at = from.work.start;
    for_each_row(from, [&](const feed_block& block) { play(at, block); });
  }
  report(state, from);
}
BENCHMARK(read_and_swap)->Unit(benchmark::kMillisecond);

/// With the check of every recorded number and the path that plans are measured on.
void read_and_replicate(benchmark::State& state) {
  const auto& from = the_recording();
  for (auto _ : state) {
    auto feed = replica::of_pool({500, 10, 18, 6}, from.work.start);
    for_each_row(from, [&](const feed_block& block) {
      if (!feed.apply(block))
        std::abort();
    });
  }
  report(state, from);
}
BENCHMARK(read_and_replicate)->Unit(benchmark::kMillisecond);

} // namespace
} // namespace sluice

BENCHMARK_MAIN();
