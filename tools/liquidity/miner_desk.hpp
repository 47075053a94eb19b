/// What a miner on a machine of its own does with what it hears, and how it shows that.
#pragma once

#include "rules/liquidity/scoreboard.hpp"
#include "rules/liquidity/strategy.hpp"
#include "tools/miner/miner_side.hpp"

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace sluice::tools {

struct miner_desk_config {
  strategy what;
  bool json = false; // one object per line, for programs
  bool once = false; // over when a round that it answered in has its scores, or it is refused
  std::function<void(std::string_view)> write;
  std::function<uint64_t()> unix_ms; // stands in front of every line; may be empty
};

/// The same for every way to a node. Not for several threads.
class miner_desk final : public miner_side {
public:
  explicit miner_desk(miner_desk_config config) : config_(std::move(config)) {}

  void welcome(const std::string& node, const hotkey& key, miner_uid uid) override;
  result<miner_move> asked(const net::wire_question& question) override;
  result<nothing> noticed(const net::wire_notice& notice) override;
  void refused(const door_refusal& why) override;
  void lost(const std::string& node, const std::string& why, uint64_t pause_ms) override;
  const std::optional<int>& over() const override { return over_; }

  /// Asks the strategy.
  strategy_move answer(const rebalance_query& query);
  void invalid(const proposal_refused& news);
  void scores(const miner_scores& news);

private:
  class event;
  void show(const event& x);

  miner_desk_config config_;
  std::map<std::pair<job_id, round_kind>, strategy_memory> memories_;
  std::set<round_id> answered_; // rounds that are not over, one per job and kind
  std::optional<int> over_;
};

} // namespace sluice::tools
