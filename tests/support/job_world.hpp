/// A small job and everything that it needs around it, for tests of liquidity actors.
#pragma once

#include "actors/liquidity/job.hpp"
#include "actors/liquidity/miner.hpp"
#include "actors/liquidity/work/simulators.hpp"
#include "actors/roster.hpp"
#include "actors/storage_writer.hpp"
#include "io/liquidity/block_source.hpp"
#include "storage/tables.hpp"
#include "tests/support/actor_test.hpp"
#include "tests/support/table_dump.hpp"

#include <memory>
#include <string>
#include <vector>

namespace sluice::test {

/// Rounds of ten blocks on a busy seeded market; everybody is eligible after one round. Amounts in
/// smallest units: 10 token0 (18 decimals) and 30,000 token1 (6 decimals). `seed`: any number.
/// Errors: none.
inline job_config small_job(std::string name = "pair", uint64_t seed = 1) {
  job_config job;
  job.id = {std::move(name)};
  job.terms = {500, 10, 18, 6};
  job.round_seconds = 20;
  job.block_seconds = 2;
  job.checkpoint_blocks = 4;
  job.live_checkpoint_blocks = 5;
  job.start = {u256{10'000'000'000'000'000'000U}, u256{30'000'000'000U}};
  job.board.eligibility_days = 0;
  job.feed.seed = seed;
  job.feed.trades_per_block = 2;
  return job;
}

inline std::vector<local_miner_config> three_miners() {
  return {{{1}, {"one"}, "wide:width=0.1"},
          {{2}, {"two"}, "narrow:width=0.001"},
          {{3}, {"three"}, "volatility:floor=0.0005"}};
}

/// Blocks from..to of the job's feed, replayed in one go. Both blocks included; std::runtime_error
/// when the feed cannot be opened or replayed.
inline std::shared_ptr<const window> market_of(const job_config& job, uint64_t from, uint64_t to) {
  auto opened = io::open_feed(job);
  if (!opened)
    throw std::runtime_error(opened.error().what);
  auto& pool = opened->start;
  window market{opened->terms, from, to, {}, {}, {}};
  bool begun = false;
  const auto begin = [&] {
    market.start = pool.price();
    market.start_pool = pool.snapshot();
    begun = true;
  };
  for (;;) {
    auto block = opened->source->next();
    if (!block)
      throw std::runtime_error(block.error().what);
    if (!begun && (!*block || (*block)->number >= from))
      begin();
    if (!*block || (*block)->number > to)
      return std::make_shared<window>(std::move(market));
    auto record = pool.apply(**block);
    if (!record)
      throw std::runtime_error(record.error().what);
    if ((*block)->number >= from)
      market.blocks.push_back(*std::move(record));
  }
}

/// Everything below and beside a job. `terminate()` ends all of it as kill -9 would.
class job_test : public actor_test {
protected:
  /// Opens the disk and starts the neighbours.
  void raise(const std::vector<local_miner_config>& miners = three_miners(),
             std::string_view name = "data") {
    disk = open_disk(name);
    links.disk = disk;
    links.storage_writer = keep(spawn_storage_writer(sys, {disk, false}));
    links.roster
      = keep(spawn_roster(sys, {local_miners(miners), {}}, {disk, links.storage_writer}));
    links.simulators = keep(spawn_simulators(sys, 2));
    links.reporter = mock<reporter_actor>(
      [](const run_started&) { return atom::done_v; }, [](const step_progress&) {},
      [](const step_done&) { return atom::done_v; }, [](const run_over&) { return atom::done_v; });
  }

  /// A roster of these, for ever.
  roster_actor roster_of(std::vector<roster_entry> all) {
    return mock<roster_actor>(
      [all](atom::roster) { return all; }, [](const miner_came&) {}, [](const miner_gone&) {},
      [](atom::ban, const hotkey&, const ban_record&) { return atom::done_v; },
      [](atom::unban, const hotkey&) { return atom::done_v; },
      [](atom::view, const roster_watcher_actor&) { return roster_snapshot{}; });
  }

  job_actor raise_job(const job_config& job) {
    return keep(spawn_job(sys, {job, 0, 96, 0, full_checkpoint_after}, links));
  }

  /// Has the job do its steps up to `last`, with at most `budget` messages; false when they ran
  /// out. `budget`: messages, from 0; what is left of it afterwards.
  bool play(const job_actor& job, uint64_t last, size_t& budget) {
    for (uint64_t step = 1; step <= last; ++step) {
      question<job_report> asked{sys, job, atom::step_v, step};
      while (!asked.answered()) {
        if (budget == 0)
          return false;
        --budget;
        if (!sched.try_run_once()) {
          ADD_FAILURE() << "nothing moves and step " << step << " is not done";
          return false;
        }
      }
      EXPECT_TRUE(asked.look()) << sys.render(asked.look().error());
    }
    return true;
  }

  /// The storage writer first, so that nothing more reaches the disk; then everybody else.
  void terminate(const job_actor& job) {
    for (const auto& x :
         {caf::actor_cast<caf::actor>(links.storage_writer), caf::actor_cast<caf::actor>(job),
          caf::actor_cast<caf::actor>(links.roster), caf::actor_cast<caf::actor>(links.simulators),
          caf::actor_cast<caf::actor>(links.reporter)})
      if (x)
        caf::anon_send_exit(x, caf::exit_reason::kill);
    settle();
    links = {};
    disk.reset();
  }

  std::shared_ptr<storage::data_dir> disk;
  job_links links;
  uint64_t full_checkpoint_after = storage::full_checkpoint_after; // of jobs raised from here on
};

} // namespace sluice::test
