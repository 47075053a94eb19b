/// What a miner on a machine of its own does with what it hears, and how it shows that.
#pragma once

#include "net/door/wire.hpp"
#include "rules/liquidity/scoreboard.hpp"
#include "rules/liquidity/strategy.hpp"

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace sluice::net {

struct miner_desk_config {
  strategy what;
  bool json = false; // one object per line, for programs
  bool once = false; // over when a round that it answered in has its scores, or it is refused
  std::function<void(std::string_view)> write;
  std::function<uint64_t()> unix_ms; // stands in front of every line; may be empty
};

/// The same for every way to a node. Not for several threads.
class miner_desk {
public:
  explicit miner_desk(miner_desk_config config) : config_(std::move(config)) {}

  void welcome(const std::string& node, const hotkey& key, miner_uid uid);
  /// Reads a question and asks the strategy; `ec::bad_input` when it cannot be read. One of another
  /// mechanism than liquidity is passed over (stay_silent), because no strategy here plays it.
  result<strategy_move> asked(const wire_question& question);
  /// Reads a notice and shows it; `ec::bad_input` when it cannot be read. One of another mechanism
  /// is passed over.
  result<nothing> noticed(const wire_notice& notice);

  /// Asks the strategy.
  strategy_move answer(const rebalance_query& query);
  void invalid(const proposal_refused& news);
  void scores(const miner_scores& news);
  /// The node does not let us in, or no longer.
  void refused(const door_refusal& why);
  /// There is no connection; the next try is after the pause.
  void lost(const std::string& node, const std::string& why, uint64_t pause_ms);

  /// Is there nothing more to do (`once`), and with which exit code?
  const std::optional<int>& over() const { return over_; }

private:
  class event;
  void show(const event& x);

  miner_desk_config config_;
  std::map<std::pair<job_id, round_kind>, strategy_memory> memories_;
  std::set<round_id> answered_; // rounds that are not over, one per job and kind
  std::optional<int> over_;
};

/// The answer to a question, as a message.
wire_answer answer_message(const wire_question& question, rebalance_reply reply);

} // namespace sluice::net
