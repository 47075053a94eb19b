/// What miners are sent when a round's end is durable.
#pragma once

#include "messages/liquidity.hpp"
#include "messages/miner.hpp"
#include "net/liquidity/miner_bodies.hpp"
#include "rules/liquidity/name.hpp"
#include "rules/liquidity/scoreboard.hpp"

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace sluice {

/// Each miner's own scores; scores as scores_to_send (rules/liquidity/scoreboard.hpp) makes them.
using score_notices = std::vector<std::pair<hotkey, miner_scores>>;

/// Of both competitions of a round; `live` is absent when there was none. `board`: as it is with
/// the round in it. No error.
inline score_notices
score_notices_of(const job_id& job, round_no number, const round_outcome& evaluation,
                 const std::optional<round_outcome>& live, const scoreboard& board) {
  auto all = scores_to_send({job, round_kind::evaluation, number}, evaluation.results,
                            evaluation.ranking, board);
  if (live)
    for (auto& x :
         scores_to_send({job, round_kind::live, number}, live->results, live->ranking, board))
      all.push_back(std::move(x));
  return all;
}

/// What is on disk now, to everybody who is there. Nobody waits for it; without a roster there is
/// nobody to notify. No error.
template <class Self>
void send_score_notices(Self& self, const roster_actor& roster, score_notices notices) {
  self->request(roster, caf::infinite, atom::roster_v)
    .then(
      [self, notices = std::move(notices)](const std::vector<roster_entry>& all) {
        std::map<hotkey, miner_actor> handles;
        for (const auto& x : all)
          handles[x.key] = x.handle;
        for (const auto& [key, scores] : notices)
          if (const auto& handle = handles[key])
            self->send(handle,
                       miner_notice{std::string{liquidity_name}, net::notice_body(scores), false});
      },
      [](const caf::error&) {});
}

} // namespace sluice
