/// What the actors of a miner of sports need in a test: a database, observers, games.
#pragma once

#include "actors/sports/miner/database.hpp"
#include "actors/sports/miner/messenger.hpp"
#include "actors/sports/miner/predictor.hpp"
#include "storage/sports/miner_store.hpp"

#include <caf/actor_system.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <filesystem>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace sluice::test {

/// 2026-01-01T00:00:00Z, in milliseconds.
inline constexpr uint64_t miner_world_ms = 1'767'225'600'000;

/// A miner's database; a fault is a std::runtime_error.
inline std::shared_ptr<storage::miner_store> open_miner_store(const std::filesystem::path& folder) {
  storage::backed_options options;
  options.now_s = static_cast<int64_t>(miner_world_ms / 1000);
  options.map_bytes = size_t{1} << 26;
  auto made = storage::miner_store::open(folder, options);
  if (!made)
    throw std::runtime_error(made.error().what);
  return std::make_shared<storage::miner_store>(*std::move(made));
}

/// Begins `hours` after the world; a favourite at home.
inline sports_game miner_world_game(const std::string& id, int64_t hours) {
  sports_game x;
  x.external_id = id;
  x.team_a = "A of " + id;
  x.team_b = "B of " + id;
  x.sport = "soccer";
  x.start_us = static_cast<int64_t>(miner_world_ms) * 1000 + hours * 3'600'000'000;
  x.team_a_odds = 1'500'000'000;
  x.team_b_odds = 2'600'000'000;
  return x;
}

/// What an event manager was sent. Any thread.
class seen_miner_events {
public:
  void add(const event_record& x) {
    const std::scoped_lock lock{mutex_};
    all_.push_back(x);
  }
  template <class T>
  std::vector<T> of(event_topic<T> topic) const {
    const std::scoped_lock lock{mutex_};
    std::vector<T> made;
    for (const auto& x : all_)
      if (const auto* data = data_of(x, topic))
        made.push_back(*data);
    return made;
  }

private:
  mutable std::mutex mutex_;
  std::vector<event_record> all_;
};

/// An event manager that only remembers.
inline event_manager_actor
spawn_seen_miner_events(caf::actor_system& sys, std::shared_ptr<seen_miner_events> seen) {
  return sys.spawn([seen](event_manager_actor::pointer) -> event_manager_actor::behavior_type {
    return {
      [seen](const publish_event& x) -> caf::result<uint64_t> {
        seen->add(x.what);
        return uint64_t{1};
      },
      [](const subscribe_events&) { return atom::done_v; },
      [](atom::unban, const std::string&) { return atom::done_v; },
      [](const event_query&) { return event_list{}; },
      [](atom::view) { return event_statistics{}; },
      [](atom::drain, uint64_t) { return events_drained{}; },
      [](atom::due, uint64_t) {},
    };
  });
}

} // namespace sluice::test
