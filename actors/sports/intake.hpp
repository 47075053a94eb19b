/// Takes predictions and games: judges, stores, then answers; settles; the only writer of the book.
#pragma once

#include "actors/sports/public_view.hpp"
#include "messages/chain.hpp"
#include "messages/events.hpp"
#include "messages/sports/intake.hpp"
#include "messages/storage_writer.hpp"
#include "rules/sports/config.hpp"
#include "storage/data_dir.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>

namespace sluice {

/// What waits for the commit before to be durable; one more is ec::busy.
inline constexpr size_t waiting_sports_max = 2048;
/// What is written in one commit, at most.
inline constexpr size_t sports_together_max = 64;
/// A commit that fails is tried so often in all, with a pause before each further time that doubles
/// from this one on.
inline constexpr size_t sports_write_tries = 3;
inline constexpr uint64_t sports_write_pause_ms = 100;

struct sports_intake_config {
  sports_settings rules;
  bool stepped = true;             // moments come with the messages
  bool has_feed = false;           // its silence makes odds stale
  std::function<int64_t()> now_us; // microseconds since 1970-01-01 UTC; of a world, of its step
  uint64_t freshness_s = 300;      // of messages: nonces are kept as long
};

struct sports_intake_links {
  std::shared_ptr<const storage::data_dir> disk;
  storage_writer_actor storage_writer;
  chain_reader_actor chain;
  std::shared_ptr<sports_public_view> seen; // what readers see
  event_manager_actor events;               // null: nobody observes
  /// Games that changed, for whoever is connected; may be empty. Must not block.
  std::function<void(std::span<const sports_game>)> on_games{};
};

/// Everything is done in the order of arrival. What arrives while something is written is written
/// together. Predictions are judged in the order in which they came, each with those before it in
/// the book, and answered when all are durable. When a write fails for good, predictions are
/// answered `storage_error`, everything else gets the reason, and the book is what the disk has.
/// Throws when the disk cannot be read.
sports_intake_actor spawn_sports_intake(caf::actor_system& system, sports_intake_config config,
                                        sports_intake_links links);

} // namespace sluice
