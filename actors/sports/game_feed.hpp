/// Reads the games of a feed over HTTP, as a periodic task.
#pragma once

#include "messages/sports/feed.hpp"
#include "messages/sports/games.hpp"
#include "messages/tasks.hpp"
#include "net/http/client.hpp"
#include "rules/sports/config.hpp"

#include <caf/fwd.hpp>

#include <cstdint>
#include <functional>
#include <string_view>

namespace sluice {

/// The name of its task.
inline constexpr std::string_view game_feed_task = "sports.games";

/// `feed.url` is not empty; not checked. `unix_ms`: milliseconds since 1970-01-01 UTC. `chance`:
/// any number, another one each time. `call`: empty is an HTTP client of its own.
struct game_feed_config {
  game_feed_settings feed;
  std::function<uint64_t()> unix_ms;
  std::function<uint64_t()> chance;
  std::function<void(net::http_call, net::http_answered)> call{};
};

/// `games`: takes what was read, when all of it was. `tasks`: asks for a reading every interval_s,
/// give or take a tenth, the first one at once; null: whoever sends run_task.
struct game_feed_links {
  sports_games_actor games;
  task_manager_actor tasks;
};

/// One request at a time. A reading goes through all pages; what a page that fails for good leaves
/// is taken up by the next reading, and nothing of it counts before the list is whole. It fails
/// only when its own client cannot be made.
game_feed_actor
spawn_game_feed(caf::actor_system& system, game_feed_config config, game_feed_links links);

} // namespace sluice
