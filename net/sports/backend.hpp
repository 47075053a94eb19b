/// What the sports mechanism's transport needs of the node behind it.
#pragma once

#include "rules/ids.hpp"
#include "rules/result.hpp"
#include "rules/sports/game.hpp"
#include "rules/sports/nonce_book.hpp"
#include "rules/sports/prediction.hpp"
#include "rules/sports/scores.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::net {

/// Answers one call, once, from any thread and at any time. What is never answered stays pending
/// at the miner's side, which sends it again.
template <class T>
using sports_reply = std::function<void(result<T>)>;

/// Predictions of one sender, whose signature was verified; 1 to sports_limits::batch_max.
/// `received_us`: the server's clock, microseconds since 1970-01-01 UTC.
struct sports_batch {
  hotkey key;
  prediction_way way = prediction_way::websocket;
  int64_t received_us = 0;
  std::vector<prediction_claim> claims;
};

/// Games that changed since. A game changes at `changed_us` of itself (below). They come by
/// (changed_us, external_id), and are those behind (since_us, after_id).
struct sports_games_query {
  int64_t since_us = 0; // 0: every game that is kept
  std::string after_id; // "": from the first of that moment on
  size_t limit = sports_limits::listed_max;
};

/// When a game last changed for a miner: microseconds since 1970-01-01 UTC.
inline int64_t changed_us(const sports_game& x) {
  return x.ended_us > x.updated_us ? x.ended_us : x.updated_us;
}

enum class sports_connection_change : uint8_t { connected = 0, disconnected, replaced };
inline constexpr std::array<std::string_view, 3> sports_connection_change_names{
  "connected", "disconnected", "replaced"};

/// A miner came, went, or came again while its older connection was still there (`replaced`:
/// followed by nothing for the older one). `connection`: a number from 1, never used again while
/// the server exists. `at_us`: as above.
struct sports_connection_event {
  sports_connection_change change = sports_connection_change::connected;
  hotkey key;
  miner_uid uid;
  uint64_t connection = 0;
  int64_t at_us = 0;
  std::string why{}; // of the end, a sentence
};

/// Each function is called in a server's thread, or in that of whoever calls the connections, and
/// must not block or throw.
class sports_backend {
public:
  virtual ~sports_backend() = default;

  /// The slot of a hotkey that is registered on the subnet now; none: it is not.
  virtual std::optional<miner_uid> registered(const hotkey& key) const = 0;

  /// Are predictions taken? Not while there is nobody to judge them.
  virtual bool takes_predictions() const { return true; }

  /// Answers when everything is decided and durable: one answer per claim, in their order. A fault:
  /// nothing of the batch was stored, and the sentence is what the miner gets as its reason.
  virtual void submit(sports_batch batch, sports_reply<std::vector<prediction_answer>> reply) = 0;

  virtual void
  games(sports_games_query query, sports_reply<std::vector<sports_game>> reply) const = 0;

  /// Of each id, in their order, the prediction as it is stored; none: none of this hotkey's is. At
  /// most sports_limits::batch_max.
  virtual void
  confirmations(hotkey key, std::vector<std::string> ids,
                sports_reply<std::vector<std::optional<stored_prediction>>> reply) const = 0;

  /// Where a miner stands, for what is sent along with a confirmation; none: nothing is.
  virtual std::optional<sports_standing> standing(const hotkey&) const { return {}; }

  /// Those that are remembered since before the start; called once, before a miner is served.
  virtual std::vector<sports_nonce> nonces() const = 0;

  /// Remembers them, so that they are known after a restart. `done` when they are durable: a
  /// handshake or a body of HTTP is answered only then. Those whose moment is further in the past
  /// than the freshness can be erased.
  virtual void keep_nonces(std::vector<sports_nonce> all, std::function<void(result<nothing>)> done)
    = 0;

  /// Who is there has changed.
  virtual void connection_changed(const sports_connection_event&) {}
};

} // namespace sluice::net
