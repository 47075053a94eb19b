/// So many places, and who gives way when somebody comes and none is free.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>

namespace sluice {

/// Counts from 1 (`group_max`: 0 is no bound of its own), milliseconds from 0; not checked.
struct fair_place_terms {
  size_t all_max = 1;   // places of all together
  size_t group_max = 0; // places of one group
  uint64_t hold_ms = 0; // who has waited longer gives way first; 0: age alone decides nothing
};

/// Nobody who comes is refused: somebody gives way, and it is never one of a small group while a
/// large one holds many places. So whoever fills all places by coming often, from wherever, loses
/// places of its own and nobody else's. A place belongs to a group and the group to an outer one
/// (an address and its network; an address and the hotkey that it claims). When one too many comes,
/// the outer group that holds most gives way, in it the group that holds most, in that its oldest;
/// the newcomer counts as if it were in, and at a tie the older gives way. Memory: `all_max`
/// entries. No function fails.
class fair_places {
public:
  explicit fair_places(fair_place_terms terms) : terms_(terms) {}

  /// Takes a place for `id`, which must not have one. Who has to give way for it has no place any
  /// more: whoever calls ends it. `now_ms`: of a clock that only goes forward, milliseconds.
  std::optional<uint64_t>
  take(uint64_t id, const std::string& outer, const std::string& group, uint64_t now_ms);

  /// False when it has none, or has given way.
  bool give_back(uint64_t id);

  /// Places that are taken, 0 to `all_max`.
  size_t size() const { return by_age_.size(); }

private:
  struct place {
    uint64_t id = 0;
    std::string outer;
    std::string group;
    uint64_t since_ms = 0;
  };
  using ages = std::set<uint64_t>; // places, by when they were taken
  using groups = std::map<std::string, ages>;

  std::optional<uint64_t>
  who_gives_way(const std::string& outer, const std::string& group, uint64_t now_ms) const;
  void remove(uint64_t age);

  fair_place_terms terms_;
  std::map<uint64_t, place> by_age_;
  std::map<uint64_t, uint64_t> ages_by_id_;
  std::map<std::string, groups> outer_;
  uint64_t last_ = 0;
};

} // namespace sluice
