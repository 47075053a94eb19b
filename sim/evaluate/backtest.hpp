/// Recorded rounds one after the other, as a validator plays them: the same questions at the same
/// blocks, the same evaluation, score, ranking and averages, without actors.
#pragma once

#include "rules/liquidity/config.hpp"
#include "rules/liquidity/scoreboard.hpp"
#include "rules/liquidity/strategy.hpp"
#include "sim/evaluate/window.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace sluice {

/// Somebody who takes part: a strategy that is asked, or a plan that was written beforehand. Each
/// has a vault of its own, which goes on from round to round as if it were the live miner's.
struct backtest_player {
  std::string name;            // unique
  std::optional<strategy> how; // none: a plan
  plan what;                   // the vault's start; of a plan also its rebalances
};

/// Since the first round, at the end of this one. Values are in token1's smallest unit, fees in
/// that of their token; 0 to 2^256 - 1, values saturate.
struct backtest_total {
  u256 initial_value; // of the start, at the start
  u256 value;         // everything that there is
  u256 hodl_value;    // the start's tokens at the price of now
  u256 fees0;
  u256 fees1;
  u256 fees_value;             // at the price of now
  u256 rewards;                // of staked players, in the reward token; in no value
  double impermanent_loss = 0; // share of hodl_value, 0 or more
  i256 net_pnl_vs_hodl;        // value - hodl_value, wraps at 2^255
  uint64_t rebalances = 0;
  uint64_t swaps = 0;          // in all windows
  uint64_t swaps_in_range = 0; // after which a position contained the tick
  double average = 0;          // the record's evaluation score, within score_min..score_max or 0
};

/// One player in one round.
struct backtest_play {
  miner_verdict verdict = miner_verdict::scored;
  std::string note;     // refusal, failure, the last invalid proposal
  uint32_t invalid = 0; // proposals refused by us
  double score = 0;     // no unit, within the job's score_min..score_max; 0 unless scored
  uint32_t rank = 0;    // in the round, from 1; 0: not scored
  plan what;            // of the round, with every accepted answer
  plan_outcome outcome; // of the round, whatever the verdict
  backtest_total total;
};

class backtest {
public:
  /// `job`: id, model, scoring, board, checkpoint_blocks, positions_max, staked (for everybody). At
  /// most 65536 players, which get the uids from 0 on (not checked).
  backtest(job_config job, std::vector<backtest_player> players);

  ~backtest();
  backtest(const backtest&) = delete;
  backtest& operator=(const backtest&) = delete;

  /// Plays round `number` on its whole window; `time` is the block time of its end, unix seconds.
  /// The plays are in the order of the players. Fails, and then has changed nothing, when a player
  /// cannot be played at all: ec::invalid_argument, the sentence begins with its name. `stop` is
  /// asked between two questions; when it answers true the fault is ec::refused.
  result<std::vector<backtest_play>> play(const window& market, round_no number, uint64_t time,
                                          const std::function<bool()>& stop = {});

  /// The same in three parts, for a round whose blocks are not kept: its opening, when `market` may
  /// have no blocks yet; its blocks as they come, ascending; its end. After a fault, which is one
  /// of play(), the next round begins with open().
  result<nothing>
  open(const window& market, round_no number, const std::function<bool()>& stop = {});
  result<nothing> pass(std::span<const std::shared_ptr<const block_record>> blocks);
  result<std::vector<backtest_play>> close(uint64_t time);

  const std::vector<backtest_player>& players() const { return players_; }
  const scoreboard& board() const { return board_; }
  /// All tokens of a player (by index, 0 to their number - 1, not checked) at the start of its
  /// first round, those in positions too, in smallest units; zeros before its first round.
  const inventory& first_tokens(size_t player) const { return accounts_[player].first; }

private:
  /// What a player had at the very beginning, and what it has earned since.
  struct account {
    plan vault; // start of the next round
    inventory first;
    backtest_total total;
    bool begun = false;
  };
  struct participant;
  struct round_in_play;

  void show(std::span<const std::shared_ptr<const block_record>> blocks, uint64_t to);
  result<nothing> ask_all(bool opening);
  result<nothing> ask(participant& place, bool opening);
  result<nothing> finish(participant& place) const;
  void rank_all(std::vector<participant>& participants, uint64_t time);
  static void add_up(account& holder, const plan_outcome& outcome);
  round_id id_of(round_no number) const;

  job_config job_;
  std::vector<backtest_player> players_;
  std::vector<account> accounts_;
  scoreboard board_;
  std::unique_ptr<round_in_play> round_;
};

} // namespace sluice
