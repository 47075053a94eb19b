/// What waits for the sports intake, and one commit of it.
#pragma once

#include "messages/sports/intake.hpp"
#include "storage/batch.hpp"

#include <cstddef>
#include <functional>
#include <variant>
#include <vector>

namespace sluice {

template <class T>
using sports_answer_to = std::function<void(result<T>)>;

/// What waits for its turn, with the way back.
struct waiting_predictions {
  sports_submission what;
  sports_answer_to<std::vector<prediction_answer>> reply;
};
struct waiting_games {
  sports_game_batch what;
  sports_answer_to<sports_games_taken> reply;
};
struct waiting_settlement {
  sports_settle_call what;
  sports_answer_to<sports_settled> reply;
};
struct waiting_nonces {
  std::vector<sports_nonce> what;
  sports_answer_to<nothing> reply;
};
struct waiting_offer {
  sports_offer_query what;
  sports_answer_to<sports_offer> reply;
};
struct waiting_parts {
  sports_parts_query what;
  sports_answer_to<sports_parts> reply;
};
using waiting_sports = std::variant<waiting_predictions, waiting_games, waiting_settlement,
                                    waiting_nonces, waiting_offer, waiting_parts>;

/// One commit: what it writes, and what is done when it is durable, in this order. `failed` is done
/// instead when it never will be.
struct open_sports_commit {
  storage::batch writes;
  std::vector<std::function<void()>> then;
  std::vector<std::function<void(const fault&)>> failed;
  size_t tries = 0;
};

} // namespace sluice
