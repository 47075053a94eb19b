/// What is known of an actor without asking it: reading it does not disturb the actor.
#pragma once

#include "actors/observed/actor_slot.hpp"
#include "actors/observed/ticks.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sluice {

/// One message as it was handled while tracing was on. `time`: of the system's clock; `took`: from
/// 0; the text has at most limits::traced_bytes_max bytes and an ellipsis. Errors: none.
struct traced_message {
  std::chrono::system_clock::time_point time;
  uint64_t from = 0; // actor id; 0: nobody
  std::string text;
  std::chrono::nanoseconds took{0};
  bool handled = true; // false: nobody wanted it
};

/// What one incarnation of an actor, or several, have done. Messages, from 0, but for `longest_ms`
/// (milliseconds) and `busy_ticks` (ticks.hpp); all only rise. Errors: none.
struct actor_counts {
  uint64_t handled = 0;
  uint64_t unhandled = 0;
  uint64_t dead_letters = 0;
  uint64_t slow = 0;       // messages, or batches of them, of 8 ms or more
  uint64_t longest_ms = 0; // of those
  /// Estimated from one batch in 16 where messages are short, counted where they are long.
  uint64_t busy_ticks = 0;
  /// Messages by time: bucket i holds those of less than 2^i ticks that bucket i-1 does not.
  std::array<uint64_t, 40> times{};

  actor_counts& operator+=(const actor_counts& x);
};

/// What an actor is doing in the message in hand, for whoever bounds how long that may take.
enum class work_kind : uint8_t {
  message,   // what any message needs
  commit,    // it waits for the disk
  unbounded, // an operator asked for it: it takes as long as it takes
};

/// The message that an actor has begun and not ended. `number`: rises with every message and with
/// every change of `work`; `type`: of its first element, for `message_type_name`. Errors: none.
struct message_in_hand {
  uint64_t number = 0;
  uintptr_t type = 0;
  work_kind work = work_kind::message;
};

/// Durations that an actor noted under a name. `count`: durations, from 0; `seconds`: their sum,
/// from 0. The last of `below` also holds all that are longer. Errors: none.
struct actor_times {
  uint64_t count = 0;
  double seconds = 0;
  /// below[i]: those of less than 2^i milliseconds that below[i-1] does not hold.
  std::array<uint64_t, 20> below{};
};

/// What an actor reports of its own work: counts only rise, levels go up and down. Units are in
/// their names (_ms, _bytes, ...); without one it is a count. Errors: none.
struct actor_figures {
  std::map<std::string, uint64_t, std::less<>> counts;
  std::map<std::string, double, std::less<>> levels;
  std::map<std::string, actor_times, std::less<>> times;
};

/// Written by its actor, by senders and by the owner of its children; read by anybody.
class alignas(64) actor_stats {
public:
  actor_stats();
  actor_stats(const actor_stats&) = delete;
  actor_stats& operator=(const actor_stats&) = delete;

  // -- readers

  actor_counts counts() const;
  /// Messages that have come and are not handled yet, also while the actor is stuck in one. A count
  /// from 0; right to a few messages, because the counters are read one by one. Errors: none.
  uint64_t mailbox() const;
  /// How long the batch in hand has taken so far; 0 when the actor is idle. By a clock that moves
  /// in steps of a few milliseconds. Errors: none.
  std::chrono::milliseconds in_hand() const;
  /// What it is in the middle of; none when it is idle. Errors: none.
  std::optional<message_in_hand> message_now() const;
  /// Since it was made, from 0. Errors: none.
  std::chrono::nanoseconds age() const;
  /// CAF's number; 0 before it is spawned. Errors: none.
  uint64_t actor_id() const { return actor_id_.load(std::memory_order_relaxed); }
  std::string kind() const;
  /// What the last message was that came too late; "" when none did.
  std::string last_dead_letter() const;
  std::string last_unhandled() const;

  actor_figures figures() const;

  bool tracing() const noexcept { return tracing_.load(std::memory_order_relaxed); }
  /// Keeps the last `messages` from now on; 0 stops and forgets. At most
  /// limits::traced_messages_max of them; more is taken as that.
  void trace(size_t messages);
  /// What a new incarnation takes over from the one before: is it traced, and what only rises.
  void take_over(const actor_stats& other);
  std::vector<traced_message> traced() const;

  /// The children's slots in the order of their spawning, and the last few that were left for good.
  std::vector<std::shared_ptr<actor_slot>> slots() const;
  std::vector<std::shared_ptr<actor_slot>> left_slots() const;
  /// Of children that were left before those, and of theirs.
  actor_counts gone() const;

  // -- any sender

  void came() noexcept {
    auto i = sender_slot;
    if (i == 0)
      i = take_sender_slot();
    auto& mine = came_[i - 1];
    if (i == sender_slots) // the last is shared
      mine.fetch_add(1, std::memory_order_relaxed);
    else
      add(mine, 1);
  }
  /// Counts one; true when its content should be recorded.
  bool records_next_dead_letter() noexcept;
  void came_too_late(std::string what);

  // -- the actor's own thread

  /// `actor_id`: CAF's number, from 1; `kind` must live as long as the program. Errors: none.
  void spawned(uint64_t actor_id, const char* kind);
  /// `coarse_ms`: of coarse_now_ms.
  void woke(uint64_t coarse_ms) noexcept { woke_.store(coarse_ms, std::memory_order_relaxed); }
  void begins(uintptr_t type = 0) noexcept {
    type_.store(type, std::memory_order_relaxed);
    add(begun_, 1);
  }
  /// From now on it is doing this, in the message in hand (announced_work).
  void works(work_kind kind) noexcept {
    work_.store(kind, std::memory_order_relaxed);
    add(works_, 1);
  }
  work_kind working() const noexcept { return work_.load(std::memory_order_relaxed); }
  void handled_one() noexcept { add(handled_, 1); }
  /// `messages` took `ticks` together; they stand for `weight` times as many. `messages`: from 1,
  /// not checked; `weight`: from 1.
  void took(uint64_t ticks, uint32_t messages, uint32_t weight) noexcept {
    add(busy_, ticks * weight);
    const auto each = messages == 1 ? ticks : ticks / messages;
    const auto i = std::min<size_t>(std::bit_width(each), times_.size() - 1);
    add(times_[i], uint64_t{messages} * weight);
  }
  /// Any thread: a message, or a batch of them, kept the actor busy for so long. `ms`:
  /// milliseconds. Errors: none.
  void was_slow(uint64_t ms) noexcept;
  void nobody_wanted(std::string what);
  void remember(traced_message x);

  /// For metrics of the actor's own work; seldom, not per message. Any thread. Adds to a count;
  /// wraps at 2^64.
  void count(std::string_view what, uint64_t more = 1);
  /// Sets a level to any number, in the unit of its name.
  void level(std::string_view what, double now);
  /// Adds a duration; one below 0 counts as 0. Errors: none.
  void note(std::string_view what, std::chrono::nanoseconds took);

  // -- the owner of children

  std::shared_ptr<actor_slot> add_slot(std::string name);
  /// The child is gone for good.
  void leave_slot(const std::shared_ptr<actor_slot>& slot);

private:
  using counter = std::atomic<uint64_t>;

  /// Of counters with one writer: no bus lock.
  static void add(counter& x, uint64_t n) noexcept {
    x.store(x.load(std::memory_order_relaxed) + n, std::memory_order_relaxed);
  }

  /// Threads that send have a counter of their own in the statistics of every actor, as far as they
  /// go round.
  static constexpr unsigned sender_slots = 16;
  static constinit thread_local unsigned sender_slot; // from 1; 0: not taken yet
  static unsigned take_sender_slot() noexcept;

  // The actor's line.
  counter begun_{0};
  counter handled_{0};
  counter woke_{0};
  counter busy_{0};
  counter unhandled_{0};
  std::atomic<uintptr_t> type_{0}; // of the message that was begun last
  std::atomic<bool> tracing_{false};
  std::array<counter, 40> times_{};
  // The senders' lines.
  alignas(64) std::array<counter, sender_slots> came_{};
  // Everybody else's.
  alignas(64) counter dead_letters_{0};
  counter works_{0}; // changes of work_
  std::atomic<work_kind> work_{work_kind::message};
  counter slow_{0};
  counter longest_ms_{0};
  counter actor_id_{0};
  std::atomic<const char*> kind_{""};
  const uint64_t spawned_at_ = ticks_now();
  mutable std::mutex mutex_; // of all that follows
  std::string last_dead_letter_;
  std::string last_unhandled_;
  actor_figures figures_;
  size_t trace_max_ = 0;
  std::deque<traced_message> traced_;
  std::vector<std::shared_ptr<actor_slot>> slots_;
  std::deque<std::shared_ptr<actor_slot>> left_;
  actor_counts gone_;
};

inline constinit thread_local unsigned actor_stats::sender_slot = 0;

/// An actor's announcement that it does something of this kind until the end of the scope, in its
/// own thread.
class announced_work {
public:
  announced_work(actor_stats& stats, work_kind kind) noexcept
    : stats_(stats), before_(stats.working()) {
    stats_.works(kind);
  }
  ~announced_work() { stats_.works(before_); }
  announced_work(const announced_work&) = delete;
  announced_work& operator=(const announced_work&) = delete;

private:
  actor_stats& stats_;
  work_kind before_;
};

/// All that a place and the places below it have seen.
actor_counts everything_under(const actor_slot& slot);

} // namespace sluice
