/// What a miner on a machine of its own does with what it receives, and how it shows that.
#pragma once

#include "rules/liquidity/scoreboard.hpp"
#include "rules/liquidity/strategy.hpp"
#include "tools/miner/miner_event.hpp"
#include "tools/miner/miner_side.hpp"

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace sluice::tools {

/// `unix_ms`: milliseconds since 1970-01-01 UTC. Errors: none.
struct liquidity_miner_config {
  strategy what;
  bool json = false; // one object per line, for programs
  bool once = false; // over when a round that it answered in has its scores, or it is refused
  std::function<void(std::string_view)> write;
  std::function<uint64_t()> unix_ms; // stands in front of every line; may be empty
};

/// The same for every way to a node. Not for several threads.
class liquidity_miner final : public miner_side {
public:
  explicit liquidity_miner(liquidity_miner_config config) : config_(std::move(config)) {}

  /// As miner_side has it: the uid is from 0 to 65535.
  void welcome(const std::string& node, const hotkey& key, miner_uid uid) override;
  result<miner_move> asked(const net::wire_question& question) override;
  result<nothing> noticed(const net::wire_notice& notice) override;
  void refused(const gateway_refusal& why) override;
  /// As miner_side has it: the pause is in milliseconds.
  void lost(const std::string& node, const std::string& why, uint64_t pause_ms) override;
  /// As miner_side has it: 0 or 1.
  const std::optional<int>& over() const override { return over_; }

  /// Asks the strategy.
  strategy_move answer(const rebalance_query& query);
  void invalid(const proposal_refused& notice);
  void scores(const miner_scores& notice);

private:
  void show(const miner_event& x);

  liquidity_miner_config config_;
  std::map<std::pair<job_id, round_kind>, strategy_memory> memories_;
  std::set<round_id> answered_; // rounds that are not over, one per job and kind
  std::optional<int> over_;
};

} // namespace sluice::tools
