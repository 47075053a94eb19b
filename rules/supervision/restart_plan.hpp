/// What an owner does about its children when one of them ends, as OTP's supervisors define it.
#pragma once

#include "rules/supervision/restart_times.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string_view>
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

/// What happens when children fail too often, and whose failures count together.
enum class when_exhausted : uint8_t {
  escalate, // the owner fails too; all its children's failures count together, as in OTP
  abandon,  // that child stays down; every child's failures count for it alone
};

/// `restarts_max`: from 0; from restart_times::counted_max on there is no limit. Durations are from
/// 0, not checked; `pause_max` bounds `pause`. (OTP: intensity is `restarts_max`, period `window`.)
struct restart_terms {
  strategy_of_restart how = strategy_of_restart::one_for_one;
  when_exhausted then = when_exhausted::escalate;
  /// More restarts than this within `window` exhaust them. Then `then` is done.
  size_t restarts_max = 3;
  std::chrono::nanoseconds window = std::chrono::seconds(30);
  /// Wait before the second restart in a row, doubled up to the maximum; the first is at once.
  std::chrono::nanoseconds pause = std::chrono::milliseconds(50);
  std::chrono::nanoseconds pause_max = std::chrono::seconds(5);
};

/// One thing that the owner has to do now.
struct restart_order {
  enum class kind : uint8_t {
    start,    // this child, then report `started` or that it ended
    stop,     // this child, and report when it has ended
    wait,     // so long, then report `waited` with this number
    forget,   // this child is gone for good
    abandon,  // this child stays down
    escalate, // the owner will fail for the reason of this child, once the others have stopped
    leave,    // the owner ends: nobody is left
  };
  kind what = kind::start;
  size_t number = 0;                 // of the child; of `wait`: of the wait
  std::chrono::nanoseconds pause{0}; // of `wait`, from 0
  bool operator==(const restart_order&) const = default;
};

/// In the order in which they are to be done.
using restart_orders = std::vector<restart_order>;

/// A child as the plan knows it.
enum class child_state : uint8_t {
  running,
  stopping, // ordered to end
  waiting,  // down, will be started
  starting, // ordered to start
  abandoned,
};

/// A value: it learns what happened and answers what to do. The same events give the same orders.
/// Children have numbers in the order in which they were added, which is the order of their start;
/// stopping goes backwards. Under rest_for_one a child is stopped when all that were started after
/// it have ended; under one_for_one they are stopped at the same time. `now`: since any fixed
/// moment, never falling. `chance`: any number; jitter for a pause (restart_pause).
class restart_plan {
public:
  explicit restart_plan(const restart_terms& terms);

  /// A child that the owner starts at once, or has started; answers its number.
  size_t add(restart_rule rule);

  /// A child ended, by itself or because it was ordered to; or it could not be started. `failed`:
  /// for a reason that is an error. Unknown numbers are ignored.
  restart_orders
  ended(size_t number, bool failed, std::chrono::nanoseconds now, uint64_t chance = no_jitter);

  /// The start that was ordered has been done.
  restart_orders started(size_t number);

  /// The time of a wait has come; of one that is out of date nothing follows.
  restart_orders waited(size_t wait);

  /// Ends a child for good; it is forgotten when it is down.
  restart_orders remove(size_t number);

  /// Why a child cannot be restarted by an operator now, after its name; "" when it can.
  std::string_view why_not_again(size_t number) const;
  /// Ends a child and starts it again, with whoever has to come along; that is no failure. Nothing
  /// when `why_not_again` has a reason.
  restart_orders again(size_t number);

  /// Stops everybody; `leave` comes with the last one's end, or now. More calls stop whoever was
  /// added meanwhile.
  restart_orders leave();

  bool leaving() const { return leaving_; }
  bool has(size_t number) const { return children_.contains(number); }
  /// Of a child that `has` is true of.
  child_state state_of(size_t number) const { return children_.at(number).state; }

  /// The chance for which a pause has its full length.
  static constexpr uint64_t no_jitter = UINT64_MAX;

private:
  struct child {
    restart_rule rule;
    child_state state = child_state::running;
    bool removed = false;     // forgotten when it is down
    bool to_stop = false;     // waits for those after it to end
    restart_times failures{}; // for its pauses, and for `abandon`
  };
  using numbers = std::set<size_t>;

  static bool is_up(const child& x);
  static bool is_down(const child& x);
  bool exhausted(child& x, std::chrono::nanoseconds now);
  void
  down_for_itself(size_t number, bool failed, std::chrono::nanoseconds now, restart_orders& out);
  void stop_from(size_t number, restart_orders& out);
  void stop_next(restart_orders& out);
  void comes_back_if_ready(uint64_t chance, restart_orders& out);
  void wait_for(numbers who, uint64_t chance, restart_orders& out);
  void start_next(restart_orders& out);
  void forget(size_t number, restart_orders& out);
  void withdraw(size_t number);
  bool anybody_up() const;

  restart_terms terms_;
  std::map<size_t, child> children_;
  size_t next_ = 0;
  restart_times failures_;          // of all children, for `escalate`
  numbers to_restart_;              // when those that stop are down
  std::map<size_t, numbers> waits_; // by the number of the wait
  size_t next_wait_ = 0;
  numbers to_start_; // one after another, in order
  bool leaving_ = false;
};

} // namespace sluice
