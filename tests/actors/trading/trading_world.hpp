/// A trading mechanism's actor with a generated world, a real folder and a chain that the test has.
#pragma once

#include "actors/storage_writer.hpp"
#include "actors/trading/sources.hpp"
#include "actors/trading/trading.hpp"
#include "rules/trading/dev_market.hpp"
#include "storage/trading/queries.hpp"
#include "storage/trading/tables.hpp"
#include "tests/support/actor_test.hpp"
#include "tests/support/trading_feed_of.hpp"
#include "tools/trading/dev_world.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

namespace sluice::test {

/// A generated world of this seed, any number.
inline trading_settings world_of_seed(uint64_t seed = 1) {
  trading_settings x;
  x.feeds.push_back(trading_feed_of("traders", trading_feed_kind::world));
  x.world_seed = seed;
  return x;
}

class trading_test : public actor_test {
protected:
  /// The registered traders of a generated world, as its chain shows them.
  static std::vector<neuron> neurons_of(const trading_settings& settings) {
    std::vector<neuron> all;
    for (const auto& x : tools::dev_trading_world(settings).identities)
      if (x.registered)
        all.push_back({{x.last_uid}, {x.hotkey}, 0, false});
    return all;
  }

  chain_reader_actor chain_with(std::vector<neuron> neurons) {
    return mock<chain_reader_actor>(
      [neurons](atom::view) {
        chain_view view;
        view.neurons = neurons;
        return view;
      },
      [](atom::step, uint64_t) { return chain_head{}; });
  }

  trading_actor start(const trading_settings& settings) {
    return start(settings, chain_with(neurons_of(settings)),
                 keep(spawn_trading_sources(sys, {{}, {}})));
  }

  trading_actor
  start(const trading_settings& settings, chain_reader_actor chain, trading_sources_actor sources) {
    return keep(spawn_trading(
      sys, {settings, 75, 12},
      {disk, storage_writer, std::move(chain), std::move(sources), [this] { return unix_ms; }}));
  }

  static uint16_t uid_of(trader_kind kind) {
    const auto all = dev_traders();
    return std::find_if(all.begin(), all.end(), [kind](const auto& x) { return x.kind == kind; })
      ->uid;
  }

  static const trading_detail& detail_of(const step_report& x) {
    return dynamic_cast<const trading_detail&>(*x.detail);
  }

  uint64_t unix_ms = 1'755'691'200'000; // 2025-08-20T12:00:00Z
  std::shared_ptr<storage::data_dir> disk = open_disk();
  storage_writer_actor storage_writer = keep(spawn_storage_writer(sys, {disk, false}));
};

} // namespace sluice::test
