#include "tests/game/final_weights.hpp"

#include "actors/liquidity/job_book.hpp"
#include "io/text/numbers.hpp"
#include "storage/tables.hpp"

namespace sluice::game {

namespace {

constexpr std::pair<std::string_view, score_policy> policies[] = {
  {"winner_per_job", score_policy::winner_per_job}, {"proportional", score_policy::proportional}};

std::map<miner_uid, hotkey> registered_in(const node_config& config) {
  std::map<miner_uid, hotkey> all;
  for (const auto& x : config.miners)
    all[x.uid] = x.key;
  return all;
}

player_end end_of_player(const seat& who, const scoreboard& board) {
  player_end end;
  end.name = who.name;
  end.uid = who.uid;
  const auto* record = board.find({who.hotkey});
  if (!record)
    return end;
  end.evaluations = record->evaluations;
  end.live_rounds = record->live_rounds;
  end.refusals = record->refusals;
  end.failures = record->failures;
  end.invalid = record->invalid;
  end.eligible = record->eligible;
  end.evaluation_score = record->evaluation_score;
  end.live_score = record->live_score;
  return end;
}

/// "2" of 2, "0.5" of 0.5.
std::string key_of(double evidence) {
  const auto whole = static_cast<uint64_t>(evidence);
  return static_cast<double>(whole) == evidence ? std::to_string(whole) : std::to_string(evidence);
}

} // namespace

result<game_end>
end_of(const game_setup& setup, const std::vector<seat>& seats, const node_config& config,
       const std::shared_ptr<storage::data_dir>& disk, const std::vector<double>& evidence) {
  const auto& settings = liquidity_in(config);
  game_end end;
  end.setup = setup;
  for (const double k : evidence) {
    auto job = settings.jobs.front();
    auto book = job_book::open(job, settings.emission.lookback_rounds, disk);
    if (!book)
      return book.error();
    if (end.players.empty())
      for (const auto& x : seats)
        end.players.push_back(end_of_player(x, book->board()));
    for (size_t i = 0; i < seats.size(); ++i)
      if (const auto* record = book->board().find({seats[i].hotkey}))
        end.players[i].scores[key_of(k)] = record->combined_score;
    const std::vector<job_standing> standings{book->standing(registered_in(config))};
    for (const auto& [name, policy] : policies) {
      const auto scores = liquidity_scores(
        {}, standings, policy, {config.weights.burn_uid, settings.emission.profit_ratio},
        total_revenue(standings), settings.emission.per_epoch);
      if (!scores)
        return scores.error();
      const auto way = std::string{name} + '/' + key_of(k);
      for (auto& x : end.players) {
        const auto at = scores->scores.find({x.uid});
        x.weights[way] = at == scores->scores.end() ? 0 : at->second;
      }
      const auto burn = scores->scores.find(config.weights.burn_uid);
      end.burned[way] = burn == scores->scores.end() ? 0 : burn->second;
    }
  }
  return end;
}

} // namespace sluice::game
