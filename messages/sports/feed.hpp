/// What a game feed is asked and what its client's thread sends it.
#pragma once

#include "messages/tasks.hpp"
#include "rules/sports/feed.hpp"

#include <caf/fwd.hpp>
#include <caf/replies_to.hpp>
#include <caf/type_id.hpp>
#include <caf/typed_actor.hpp>

#include <cstdint>
#include <string>

namespace sluice {

/// Client's thread -> feed: what came of request number `request`. Stays in this process.
struct game_feed_reply {
  uint64_t request = 0;
  unsigned status = 0; // 0: no answer
  std::string body;
  std::string what; // of no answer: why
  std::string retry_after;
  std::string etag;
  SLUICE_FIELDS(request, status, body, what, retry_after, etag)
  bool operator==(const game_feed_reply&) const = default;
};

/// GAME FEED: reads the games of a feed when its task is run. It never fails because of what it
/// reads: that is the answer to run_task, and its view.
using game_feed_actor = task_owner_actor::extend<
  // How it does.
  caf::replies_to<atom::view>::with<game_feed_view>,
  // Its own: what was answered; a pause is over.
  caf::reacts_to<game_feed_reply>, caf::reacts_to<atom::due, uint64_t>>;

/// Call once per configuration, before the actor system is made.
void add_sports_feed_messages(caf::actor_system_config& config);

} // namespace sluice

CAF_BEGIN_TYPE_ID_BLOCK(sluice_sports_feed, 1560)

  CAF_ADD_TYPE_ID(sluice_sports_feed, (sluice::game_feed_reply))
  CAF_ADD_TYPE_ID(sluice_sports_feed, (sluice::game_feed_view))
  CAF_ADD_TYPE_ID(sluice_sports_feed, (sluice::game_feed_actor))

CAF_END_TYPE_ID_BLOCK(sluice_sports_feed)

EXTERN_INSTANTIATE(sluice::game_feed_reply)
EXTERN_INSTANTIATE(sluice::game_feed_view)
