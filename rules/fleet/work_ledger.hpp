/// Who calculates what: deals parts of the work to crews, near and far, so that nobody waits for
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

struct ledger_terms {
  uint64_t patience_ms = 500;       // of a far crew's first parts; then four times what it takes
  uint64_t patience_max_ms = 5'000; // never longer
  uint64_t sample = 64; // of a far crew's parts, the first and every so many are checked
};

/// Into how many parts so many plans are cut: one per simulator at home when there is nobody else,
/// else two for each, so that whoever is faster gets more. `far_room` as below.
constexpr size_t parts_of(size_t plans, size_t near, size_t far_room) {
  const size_t wanted = far_room == 0 ? near : 2 * near + far_room;
  return plans < wanted ? plans : wanted;
}

/// Pure: told what happens and what time it is, says what to do.
class work_ledger {
public:
  using crew_id = uint64_t;
  using part_id = uint64_t;

  explicit work_ledger(ledger_terms terms = {}) : terms_(terms) {}

  /// Somebody who takes up to `room` parts at a time. Near: in this process, always trusted.
  crew_id add_near();
  crew_id add_far(uint32_t room);

  /// Nobody any more: what only it had goes to others, first.
  void lose(crew_id who);

  /// A new part, behind the others.
  part_id add_part();

  /// Forgets a part, whoever has it.
  void forget(part_id part);

  /// Is anybody still waited for?
  bool knows(part_id part) const { return parts_.contains(part); }

  /// A far crew cannot do this part: it is calculated at home.
  void decline(part_id part, crew_id who);

  struct order {
    part_id part = 0;
    crew_id crew = 0;
    bool operator==(const order&) const = default;
  };

  /// Everything that is to be handed out now. A far crew that keeps somebody waiting gets nothing
  /// until it has answered, and its parts go to others as well.
  std::vector<order> deal(uint64_t now_ms);

  /// What an answer is good for.
  enum class worth : uint8_t {
    first,   // the result
    checked, // to be compared with the near one, which is the result
    late,    // somebody was faster, or nobody asked
  };
  worth done(part_id part, crew_id who, uint64_t now_ms);

  /// A near crew fell over this part. False when it should not be tried again: it fell before.
  bool fell(part_id part, crew_id who);

  /// When to deal again although nothing has happened; nothing when nobody far is waited for.
  std::optional<uint64_t> next_look_ms() const;

  size_t near() const;
  size_t far_room() const;
  bool suspected(crew_id who) const { return crews_.at(who).suspect; }
  size_t open(crew_id who) const { return crews_.at(who).has.size(); }

private:
  struct crew {
    bool far = false;
    bool suspect = false;
    uint32_t room = 1;
    uint64_t dealt = 0;
    uint64_t typical_ms = 0;         // of its answers; decays
    std::map<part_id, uint64_t> has; // since when
  };
  struct part {
    std::set<crew_id> with;
    uint32_t far_losses = 0;
    bool fallen = false;    // a near crew fell over it
    bool near_only = false; // a far result would not be believed
    bool waiting = false;   // in the queue
    bool answered = false;  // only its check is missing
    crew_id check = 0;      // whose result is to be compared
  };

  uint64_t patience(const crew& x) const;
  void suspect_the_silent(uint64_t now_ms);
  crew_id who_takes(const part& x) const;
  void wait_again(part_id number, bool first);

  ledger_terms terms_;
  uint64_t next_ = 1;
  std::map<crew_id, crew> crews_;
  std::map<part_id, part> parts_;
  std::deque<part_id> queue_;
};

} // namespace sluice
