#include "tests/game/final_weights.hpp"

#include "actors/liquidity/job_book.hpp"
#include "io/text/numbers.hpp"
#include "storage/tables.hpp"

namespace sluice::game {

namespace {

constexpr std::pair<std::string_view, score_policy> policies[] = {
  {"winner_per_job", score_policy::winner_per_job}, {"proportional", score_policy::proportional}};

std::vector<cluster_member> registered_in(const node_config& config) {
  std::vector<cluster_member> all;
  for (const auto& x : config.miners)
    all.push_back({x.uid, x.key, x.coldkey});
  return all;
}

/// As scoreboard::weight_score, also of a record that does not count; none: too few values.
std::optional<double> weight_score_of(const scoreboard& board, const hotkey& key, double evidence) {
  const auto* record = board.find(key);
  if (!record)
    return std::nullopt;
  return evidence > 0 ? proven_score(board.evidence_of(key), evidence)
                      : std::optional{record->combined_score};
}

player_end end_of_player(const entrant& who, const scoreboard& board) {
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
  end.evaluation[""] = record->evaluation_score;
  end.live_score = record->live_score;
  return end;
}

/// "2" of 2, "0.5" of 0.5.
std::string key_of(double evidence) {
  const auto whole = static_cast<uint64_t>(evidence);
  return static_cast<double>(whole) == evidence ? std::to_string(whole) : std::to_string(evidence);
}

double score_of(const mechanism_scores& all, miner_uid uid) {
  const auto at = all.scores.find(uid);
  return at == all.scores.end() ? 0 : at->second;
}

/// As the node computes them, and as if the revenue were all of the emission.
result<nothing> add_weights(const std::vector<job_standing>& standings, const node_config& config,
                            score_policy policy, const std::string& way, game_end& end) {
  const auto& emission = liquidity_in(config).emission;
  const burn_terms burn{config.weights.burn_uid, emission.profit_ratio};
  const auto weights
    = liquidity_scores({}, standings, policy, burn, total_revenue(standings), emission.per_epoch);
  const auto shares = liquidity_scores({}, standings, policy, {config.weights.burn_uid, 1},
                                       emission.per_epoch, emission.per_epoch);
  if (!weights || !shares)
    return (weights ? shares : weights).error();
  for (auto& x : end.players) {
    x.weights[way] = score_of(*weights, {x.uid});
    x.shares[way] = score_of(*shares, {x.uid});
  }
  end.burned[way] = score_of(*weights, config.weights.burn_uid);
  return nothing{};
}

/// What the node itself handed in last, under its own policy and evidence, is what comes out here.
result<nothing>
check_own(const storage::data_dir& disk, const node_config& config, const game_end& end) {
  const auto& settings = liquidity_in(config);
  std::string way;
  for (const auto& [name, policy] : policies)
    if (policy == settings.policy)
      way = std::string{name} + '/' + key_of(settings.jobs.front().board.evidence);
  const auto own = storage::tables::scores_of_mechanisms.get(disk, std::string{liquidity_name});
  if (!own)
    return own.error();
  for (const auto& x : end.players)
    if (const auto at = x.weights.find(way);
        at != x.weights.end() && at->second != score_of(*own, {x.uid}))
      return fault{ec::corrupt_data, "the node gave " + x.name + " the weight "
                                       + std::to_string(score_of(*own, {x.uid})) + ", not "
                                       + std::to_string(at->second)};
  return nothing{};
}

} // namespace

result<game_end>
end_of(const game_setup& setup, const std::vector<entrant>& entrants, const node_config& config,
       const std::shared_ptr<storage::data_dir>& disk, const std::vector<double>& evidence) {
  const auto& settings = liquidity_in(config);
  game_end end;
  end.setup = setup;
  for (const double k : evidence) {
    auto job = settings.jobs.front();
    job.board.evidence = k;
    auto book = job_book::open(job, settings.emission.lookback_rounds, disk);
    if (!book)
      return book.error();
    if (end.players.empty())
      for (const auto& x : entrants)
        end.players.push_back(end_of_player(x, book->board()));
    for (size_t i = 0; i < entrants.size(); ++i)
      if (const auto score = weight_score_of(book->board(), {entrants[i].hotkey}, k))
        end.players[i].scores[key_of(k)] = *score;
    const std::vector<job_standing> standings{book->standing(registered_in(config))};
    for (const auto& [name, policy] : policies)
      if (auto added
          = add_weights(standings, config, policy, std::string{name} + '/' + key_of(k), end);
          !added)
        return added.error();
  }
  if (auto same = check_own(*disk, config, end); !same)
    return same.error();
  return end;
}

} // namespace sluice::game
