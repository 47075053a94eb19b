/// Starts children in order, restarts those that failed, gives up when that does not help.
#pragma once

#include "actors/observed/observed.hpp"
#include "rules/supervision/restart_plan.hpp"

#include <caf/actor.hpp>
#include <caf/scheduled_actor.hpp>

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace sluice {

/// How to start one child; called again for every restart.
struct child_spec {
  std::string name;
  restart_rule restart = restart_rule::permanent;
  std::function<caf::actor()> start;
};

/// As restart_terms, whose bounds and defaults these are.
struct supervisor_config {
  strategy_of_restart how = strategy_of_restart::one_for_one;
  when_exhausted then = when_exhausted::escalate;
  size_t restarts_max = restart_terms{}.restarts_max;
  caf::timespan window = restart_terms{}.window;
  caf::timespan pause = restart_terms{}.pause;
  caf::timespan pause_max = restart_terms{}.pause_max;
  /// Children that belong to somebody else may fail without a line in the log.
  bool expects_failures = false;

  restart_terms terms() const { return {how, then, restarts_max, window, pause, pause_max}; }
};

/// One row for whoever looks. `restarts`: from 0, those that an operator asked for among them.
/// Errors: none.
struct child_status {
  std::string name;
  bool alive = false;
  bool abandoned = false;
  uint32_t restarts = 0;
  std::string last_error;
};

/// A member of every actor that owns others. Owner and supervisor are one. What is done when is
/// decided by a restart_plan; here it is carried out. A child that cannot be started again has
/// failed; one that cannot be started at all makes `add` throw. Pauses have jitter when the actor
/// system's configuration has a source of chance (quiet_config).
class supervisor {
public:
  supervisor(caf::scheduled_actor* owner, supervisor_config config);
  /// Keeps its children's slots in the owner's statistics as well.
  template <class... Signatures>
  supervisor(observed_actor<Signatures...>* owner, supervisor_config config)
    : supervisor(static_cast<caf::scheduled_actor*>(owner), config) {
    show(owner->observed());
  }
  supervisor(const supervisor&) = delete;
  supervisor& operator=(const supervisor&) = delete;

  /// An owner that dies suddenly takes its children along.
  ~supervisor();

  /// Starts a child. Order matters: stopping goes backwards.
  void add(child_spec spec);

  /// Ends a child of this name for good; true when there is one.
  bool remove(const std::string& name);

  /// Called with the name and the last error of a child that stays down for good.
  std::function<void(const std::string& name, const std::string& why)> on_abandoned;

  /// Who, if anybody, has to answer (atom::fence, "") before children come back: what the failed
  /// had sent there is then done, and their next incarnation cannot miss it.
  std::function<caf::actor()> settle_first;

  /// Called with the name of a child that an operator wants to be restarted, before it ends.
  std::function<void(const std::string& name)> on_asked;

  /// Ends this child and starts it again, with whoever has to come along; that is no failure.
  /// Answers why not, or "".
  std::string restart_child(const std::string& name);

  std::vector<child_status> children() const;

private:
  struct child {
    child_spec spec;
    child_status status;
    std::shared_ptr<actor_slot> slot;
    caf::actor handle;
  };
  using by_number = std::map<size_t, child>;

  void show(observed_parts& own);
  by_number::iterator find(const std::string& name);
  void start(child& x);
  bool start_again(size_t number, child& x);
  void stop(child& x);
  void forget(size_t number);
  void wait(const restart_order& what);
  bool alarm_rang(const caf::down_msg& down);
  void child_down(const caf::down_msg& down);
  void note_failure(child& x, const caf::error& reason);
  void leave(const caf::error& reason);
  void carry_out(restart_orders orders);
  void carry_out(const restart_order& what);
  caf::timespan now() const;
  uint64_t chance() const;

  caf::scheduled_actor* owner_;
  supervisor_config config_;
  restart_plan plan_;
  std::shared_ptr<actor_stats> stats_
    = std::make_shared<actor_stats>(); // the owner's, if it has one
  by_number children_;                 // by the plan's numbers; the finished are forgotten
  caf::error last_reason_;             // of the child that failed last
  std::optional<caf::error> leaving_;
  std::vector<std::pair<caf::actor, size_t>> alarms_; // and the waits that they end
  restart_orders to_do_;
  bool busy_ = false; // with `to_do_`
};

} // namespace sluice
