/// A whole node under the test scheduler: short rounds, order of delivery and accidents by seed.
#pragma once

#include "actors/dev_config.hpp"
#include "actors/node/node.hpp"
#include "rules/liquidity/config.hpp"
#include "rules/liquidity/name.hpp"
#include "tests/support/actor_hunt.hpp"
#include "tests/support/actor_test.hpp"
#include "tests/support/table_dump.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::test {

/// The configuration without the mechanisms but this one, which has all of the emission, and
/// without who takes part in them. Errors: none.
inline node_config only(std::string_view mechanism, node_config config) {
  std::erase_if(config.mechanisms, [&](const auto& x) { return x.first != mechanism; });
  config.weights.shares = {{std::string{mechanism}, 1.0}};
  std::erase_if(config.miners, [&](const local_miner_config& x) {
    return !x.mechanism.empty() && x.mechanism != mechanism;
  });
  std::set<miner_uid> there{config.weights.burn_uid};
  for (const auto& x : config.miners)
    there.insert(x.uid);
  std::erase_if(config.neurons, [&](const neuron& x) {
    return !there.contains(x.uid) && x.key != config.validator;
  });
  return config;
}

/// The liquidity that `sluice node --dev --seed SEED` runs, with rounds of ten blocks. `seed`: any
/// number of 64 bits. Errors: none.
inline node_config short_config(uint64_t seed = 7) {
  auto config = only(liquidity_name, *dev_config(all_mechanisms(), {seed, {}}));
  for (auto& job : liquidity_in(config).jobs) {
    job.round_seconds = static_cast<uint64_t>(job.block_seconds) * 10;
    job.checkpoint_blocks = 4;
    job.live_checkpoint_blocks = 5;
    job.feed.trades_per_block = 2;
  }
  return config;
}

/// The same with rounds of ten and fifteen blocks: the longer ones end in two of three steps.
inline node_config uneven_config(uint64_t seed = 7) {
  auto config = short_config(seed);
  auto& slow = liquidity_in(config).jobs.at(1);
  slow.round_seconds = slow.round_seconds * 3 / 2;
  return config;
}

/// How a node ended.
struct node_end {
  std::optional<run_over> last; // what it printed itself
  caf::error reason;            // what it failed of
  std::vector<step_done> steps; // what it reported to the reporter
};

class node_test : public actor_test {
protected:
  mechanism_list mechanisms = all_mechanisms(); // that the program has

  /// Called before every delivery.
  using accident = std::function<void(actor_hunt&)>;

  /// Runs a node on the folder until it reports that it is over, or fails. The number of steps is
  /// from 0 (0: until every mechanism is over).
  node_end run(const node_config& config, uint64_t steps, std::string_view data, std::mt19937* rng,
               const accident& before = {}) {
    node_end end;
    bool down = false;
    caf::scoped_actor owner{sys, true};
    auto node
      = spawn_node(sys, {config, mechanisms, 0, steps, {}, false},
                   {open_disk(data), [&end](caf::actor_system& s) { return scribe(s, end); },
                    caf::actor_cast<caf::actor>(owner)});
    owner->monitor(node);
    const auto receive_events = [&] {
      while (owner->has_next_message())
        owner->receive([&](const run_over& x) { end.last = x; },
                       [&](const caf::down_msg& x) {
                         end.reason = x.reason;
                         down = true;
                       });
    };
    go_on(rng, before, [&] {
      receive_events();
      return end.last || down;
    });
    caf::anon_send_exit(node, caf::exit_reason::user_shutdown);
    node = nullptr;
    go_on(rng, {}, [&] {
      receive_events();
      return down;
    });
    if (end.last)
      end.reason = {};
    return end;
  }

  /// The rows of the folder when nobody has it.
  table_rows rows_in(std::string_view data) { return rows_of(*open_disk(data)); }

private:
  static reporter_actor scribe(caf::actor_system& system, node_end& end) {
    return system.spawn([&end](reporter_actor::pointer) -> reporter_actor::behavior_type {
      return {[](const run_started&) { return atom::done_v; }, [](const step_progress&) {},
              [&end](const step_done& x) {
                end.steps.push_back(x);
                return atom::done_v;
              },
              [](const run_over&) { return atom::done_v; }};
    });
  }

  /// Delivers, in a random order, until it is over; time passes when nothing else does.
  void go_on(std::mt19937* rng, const accident& before, const std::function<bool()>& over) {
    actor_hunt hunt{sched};
    for (size_t i = 0; !over(); ++i) {
      if (i == messages_max || (!sched.has_job() && sched.clock().schedule().empty())) {
        ADD_FAILURE() << "the node neither moves nor ends";
        return;
      }
      if (!sched.has_job()) {
        sched.clock().trigger_timeout();
        continue;
      }
      if (rng)
        std::rotate(sched.jobs.begin(),
                    sched.jobs.begin() + static_cast<long>((*rng)() % sched.jobs.size()),
                    sched.jobs.end());
      if (before) {
        hunt.look();
        before(hunt);
      }
      sched.try_run_once();
    }
    settle();
  }

  /// Deliveries of one run; more are a test failure.
  static constexpr size_t messages_max = 2'000'000;
};

} // namespace sluice::test
