/// What group commit gains: writers that wait for their own commits, one by one and through the
/// storage writer, in turns in one run. Prints batches per second, p50, p99 and commits.
#include "actors/mechanism_module.hpp"
#include "actors/storage_writer.hpp"
#include "storage/liquidity/tables.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace sluice {
namespace {

using bench_clock = std::chrono::steady_clock;
using seconds_of = std::chrono::duration<double>;

struct commit_bench_config : caf::actor_system_config {
  commit_bench_config() {
    set("scheduler.max-threads", 2u);
    add_messages(*this, all_mechanisms());
  }
};

/// What some writers came to in some seconds.
struct commit_figures {
  std::vector<double> waits; // seconds, of each batch until it was durable
  double seconds = 0;
  uint64_t commits = 0;
  uint64_t failed = 0;
};

double quantile_of(const std::vector<double>& sorted, double q) {
  if (sorted.empty())
    return 0;
  return sorted[std::min(sorted.size() - 1, static_cast<size_t>(q * sorted.size()))];
}

/// A small batch of one writer, as scores of a round are.
storage::batch bench_batch(size_t writer, uint64_t n) {
  storage::batch writes;
  const auto name = "w" + std::to_string(writer);
  storage::tables::checkpoints.put(writes, {{name}, n % 64}, {n, 0, std::string(100, 'x'), "c"});
  return writes;
}

std::shared_ptr<storage::data_dir> open_bench_disk(const std::filesystem::path& at) {
  static const auto layout = schema_of(all_mechanisms());
  std::filesystem::remove_all(at);
  auto dir = storage::data_dir::open(at, {"0.1.0", 7, "bench"},
                                     storage::open_mode::create_or_continue, {.layout = &layout});
  if (!dir) {
    std::fprintf(stderr, "commit_bench: %s\n", dir.error().what.c_str());
    std::exit(3);
  }
  return std::make_shared<storage::data_dir>(*std::move(dir));
}

/// Every batch has a commit of its own; who comes meanwhile waits for the lock.
commit_figures one_by_one(const std::filesystem::path& at, size_t writers, double seconds) {
  const auto disk = open_bench_disk(at);
  std::mutex alone;
  std::vector<commit_figures> all(writers);
  const auto began = bench_clock::now();
  std::vector<std::thread> threads;
  for (size_t i = 0; i < writers; ++i)
    threads.emplace_back([&, i] {
      for (uint64_t n = 0; seconds_of{bench_clock::now() - began}.count() < seconds; ++n) {
        const auto asked = bench_clock::now();
        const auto batch = bench_batch(i, n);
        {
          const std::lock_guard lock{alone};
          all[i].failed += disk->commit(batch) ? 0 : 1;
        }
        all[i].waits.push_back(seconds_of{bench_clock::now() - asked}.count());
      }
    });
  for (auto& x : threads)
    x.join();
  commit_figures made;
  made.seconds = seconds_of{bench_clock::now() - began}.count();
  for (const auto& x : all) {
    made.waits.insert(made.waits.end(), x.waits.begin(), x.waits.end());
    made.failed += x.failed;
  }
  made.commits = made.waits.size();
  return made;
}

/// Asks, waits until it is durable, asks again, until the time is over.
struct asking_writer {
  caf::event_based_actor* self;
  storage_writer_actor to;
  commit_figures* figures;
  size_t number;
  bench_clock::time_point end;
  uint64_t n = 0;

  void ask() {
    const auto asked = bench_clock::now();
    if (asked >= end)
      return self->quit();
    self->request(to, caf::infinite, bench_batch(number, n++))
      .then(
        [this, asked](atom::done) {
          figures->waits.push_back(seconds_of{bench_clock::now() - asked}.count());
          ask();
        },
        [this](const caf::error&) {
          ++figures->failed;
          self->quit();
        });
  }
};

commit_figures together(const std::filesystem::path& at, size_t writers, double seconds) {
  const auto disk = open_bench_disk(at);
  const auto commits_before = disk->last_commit();
  std::vector<commit_figures> all(writers);
  commit_figures made;
  {
    commit_bench_config config;
    caf::actor_system system{config};
    auto writer = spawn_storage_writer(system, {disk, true});
    caf::scoped_actor self{system};
    const auto began = bench_clock::now();
    const auto end = began + std::chrono::duration_cast<bench_clock::duration>(seconds_of{seconds});
    std::vector<std::shared_ptr<asking_writer>> states;
    std::vector<caf::actor> actors;
    const storage_writer_actor to = caf::actor_cast<storage_writer_actor>(writer);
    for (size_t i = 0; i < writers; ++i)
      actors.push_back(system.spawn([&all, to, i, end](caf::event_based_actor* own) {
        auto state = std::make_shared<asking_writer>(asking_writer{own, to, &all[i], i, end});
        own->attach_functor([state] {}); // kept as long as the actor
        state->ask();
      }));
    self->wait_for(actors);
    made.seconds = seconds_of{bench_clock::now() - began}.count();
    self->send_exit(writer, caf::exit_reason::user_shutdown);
  }
  made.commits = disk->last_commit() - commits_before;
  for (const auto& x : all) {
    made.waits.insert(made.waits.end(), x.waits.begin(), x.waits.end());
    made.failed += x.failed;
  }
  return made;
}

double show_figures(const char* how, size_t writers, commit_figures x) {
  std::sort(x.waits.begin(), x.waits.end());
  const double rate = static_cast<double>(x.waits.size()) / x.seconds;
  std::printf("%-12s %7zu %12.0f %10.2f %10.2f %10llu %8.1f %7llu\n", how, writers, rate,
              quantile_of(x.waits, 0.5) * 1e3, quantile_of(x.waits, 0.99) * 1e3,
              static_cast<unsigned long long>(x.commits),
              x.commits == 0 ? 0.0
                             : static_cast<double>(x.waits.size()) / static_cast<double>(x.commits),
              static_cast<unsigned long long>(x.failed));
  std::fflush(stdout);
  return rate;
}

int run_commit_bench(const std::filesystem::path& at, double seconds) {
  std::printf("%-12s %7s %12s %10s %10s %10s %8s %7s\n", "", "writers", "batches/s", "p50 ms",
              "p99 ms", "commits", "each", "failed");
  double last = 0;
  for (const size_t writers : {size_t{1}, size_t{16}, size_t{256}}) {
    const double alone = show_figures("one by one", writers, one_by_one(at, writers, seconds));
    const double shared = show_figures("together", writers, together(at, writers, seconds));
    last = shared / alone;
    std::printf("%-12s %7zu %11.2fx\n", "gain", writers, last);
  }
  std::filesystem::remove_all(at);
  return last >= 5 ? 0 : 1;
}

} // namespace
} // namespace sluice

int main(int argc, char** argv) {
  if (argc > 3 || (argc > 1 && argv[1][0] == '-')) {
    std::printf(
      "commit_bench [DIR] [SECONDS]: group commit at 1, 16 and 256 writers against single "
      "commits.\nDIR (default: ./commit-bench) is made and taken away; it should be on a "
      "real disk. Exit: 0 when\n256 writers gain 5 times or more, else 1.\n");
    return argc > 1 && std::string{argv[1]} == "--help" ? 0 : 2;
  }
  const std::string at = argc > 1 ? argv[1] : "commit-bench";
  const double seconds = argc > 2 ? std::atof(argv[2]) : 3;
  return sluice::run_commit_bench(at, seconds > 0 ? seconds : 3);
}
