/// Who calculates what: deals parts of the work to workers, near and far, so that nobody waits for
/// one that does not answer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <vector>

namespace sluice {

/// How long the ledger waits for a far worker, and how often it checks one.
struct ledger_terms {
  uint64_t patience_ms = 500;       // of a far worker's first parts; then four times what it takes
  uint64_t patience_max_ms = 5'000; // milliseconds, never longer
  uint64_t sample = 64; // the first and every so many of a far worker's parts are checked; not 0
};

/// Into how many parts so many plans are cut: one per simulator at home when there is nobody else,
/// else two for each, so that whoever is faster gets more. `far_capacity` as below. Parts, 0 to
/// `plans`; no error.
constexpr size_t parts_of(size_t plans, size_t near, size_t far_capacity) {
  const size_t wanted = far_capacity == 0 ? near : 2 * near + far_capacity;
  return plans < wanted ? plans : wanted;
}

/// Pure: receives what happens and what time it is, returns what to do. Times are milliseconds of a
/// clock that only goes forward; ids count from 1 and are never used again; an id that is not known
/// is ignored where nothing else stands.
class work_ledger {
public:
  using worker_id = uint64_t;
  using part_id = uint64_t;

  explicit work_ledger(ledger_terms terms = {}) : terms_(terms) {}

  /// Somebody who takes up to `capacity` parts at a time. Near: in this process, always trusted.
  /// Near takes one part, a far capacity of 0 counts as 1.
  worker_id add_near();
  worker_id add_far(uint32_t capacity);

  /// Nobody any more: what only it had goes to others, first.
  void lose(worker_id who);

  /// A new part, behind the others.
  part_id add_part();

  /// Forgets a part, whoever has it.
  void forget(part_id part);

  /// Is anybody still waited for?
  bool knows(part_id part) const { return parts_.contains(part); }

  /// A far worker cannot do this part: it is calculated at home.
  void decline(part_id part, worker_id who);

  struct order {
    part_id part = 0;
    worker_id worker = 0;
    bool operator==(const order&) const = default;
  };

  /// Everything that is to be handed out now. A far worker that keeps somebody waiting gets nothing
  /// until it has answered, and its parts go to others as well.
  std::vector<order> deal(uint64_t now_ms);

  /// What an answer is good for.
  enum class worth : uint8_t {
    first,   // the result
    checked, // to be compared with the near one, which is the result
    late,    // somebody was faster, or nobody asked
  };
  worth done(part_id part, worker_id who, uint64_t now_ms);

  /// A near worker failed at this part. False when it should not be tried again: it failed before.
  bool failed(part_id part, worker_id who);

  /// When to deal again although nothing has happened; nothing when nobody far is waited for.
  std::optional<uint64_t> next_look_ms() const;

  /// Near workers, and parts that far workers who are not suspected take at a time.
  size_t near() const;
  size_t far_capacity() const;
  /// std::out_of_range for a worker that is not known, here and below.
  bool suspected(worker_id who) const { return workers_.at(who).suspect; }
  /// Parts that it has.
  size_t open(worker_id who) const { return workers_.at(who).has.size(); }

private:
  struct worker {
    bool far = false;
    bool suspect = false;
    uint32_t capacity = 1;
    uint64_t dealt = 0;
    uint64_t typical_ms = 0;         // of its answers; decays
    std::map<part_id, uint64_t> has; // since when
  };
  struct part {
    std::set<worker_id> with;
    uint32_t far_losses = 0;
    bool failed_before = false; // a near worker failed at it
    bool near_only = false;     // a far result would not be believed
    bool waiting = false;       // in the queue
    bool answered = false;      // only its check is missing
    worker_id check = 0;        // whose result is to be compared
  };

  uint64_t patience(const worker& x) const;
  void suspect_the_silent(uint64_t now_ms);
  worker_id who_takes(const part& x) const;
  void wait_again(part_id number, bool first);

  ledger_terms terms_;
  uint64_t next_ = 1;
  std::map<worker_id, worker> workers_;
  std::map<part_id, part> parts_;
  std::deque<part_id> queue_;
};

} // namespace sluice
