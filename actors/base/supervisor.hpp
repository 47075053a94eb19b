/// Starts children in order, restarts those that failed, gives up when that does not help.
#pragma once

#include "actors/observed/observed.hpp"

#include <caf/actor.hpp>
#include <caf/actor_clock.hpp>
#include <caf/scheduled_actor.hpp>

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace sluice {

/// When a child comes back.
enum class restart_rule : uint8_t {
  permanent, // always
  transient, // only after a failure
  temporary, // never
};

/// Who else comes back with it.
enum class strategy_of_restart : uint8_t {
  one_for_one,  // nobody
  rest_for_one, // everyone started after it, because they hold its handle
};

/// What happens when a child fails too often.
enum class when_exhausted : uint8_t {
  escalate, // the owner fails too
  abandon,  // that child stays down; the owner goes on without it
};

/// How to start one child; called again for every restart.
struct child_spec {
  std::string name;
  restart_rule restart = restart_rule::permanent;
  std::function<caf::actor()> start;
};

/// `restarts_max`: from 0. Durations are from 0, not checked; `pause_max` bounds `pause`.
struct supervisor_config {
  strategy_of_restart how = strategy_of_restart::one_for_one;
  when_exhausted then = when_exhausted::escalate;
  /// More restarts than this within `window` exhaust them. Then `then` is done.
  size_t restarts_max = 3;
  caf::timespan window = std::chrono::seconds(30);
  /// Wait before the second restart in a row, doubled up to the maximum; the first is at once.
  caf::timespan pause = std::chrono::milliseconds(50);
  caf::timespan pause_max = std::chrono::seconds(5);
  /// Children that belong to somebody else may fail without a line in the log.
  bool expects_failures = false;
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

/// A member of every actor that owns others. Owner and supervisor are one.
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
    bool stopping = false;
    std::deque<caf::actor_clock::time_point> restarts;
  };

  void show(observed_parts& own);
  void start(child& x);
  void come_back(child& x);
  void forget(std::map<size_t, child>::iterator x);
  caf::timespan pause_before(const child& x) const;
  void restart(std::set<size_t> who);
  bool alarm_rang(const caf::down_msg& down);
  void child_down(const caf::down_msg& down);
  void child_failed(size_t number, const caf::error& reason);
  void leave(const caf::error& reason);
  void stop_from(size_t number);
  void settle();
  bool exhausted(child& x);

  caf::scheduled_actor* owner_;
  supervisor_config config_;
  std::shared_ptr<actor_stats> stats_
    = std::make_shared<actor_stats>(); // the owner's, if it has one
  std::map<size_t, child> children_;   // in the order of their spawning; the finished are forgotten
  size_t next_ = 0;
  std::set<size_t> to_restart_;
  std::optional<caf::error> leaving_;
  std::vector<std::pair<caf::actor, std::set<size_t>>> waiting_; // alarms before a restart
};

} // namespace sluice
