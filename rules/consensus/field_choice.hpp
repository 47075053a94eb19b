/// One field of many reports to one value, or to none.
#pragma once

#include "rules/consensus/merge.hpp"
#include "rules/consensus/report_group.hpp"
#include "rules/consensus/status_field.hpp"
#include "rules/math/u256.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sluice {

/// What a field became.
struct field_choice {
  merge_rule rule = merge_rule::newest;
  bool counts = true; // false: so few report it that it is left out
  bool has_value = true;
  bool conflict = false;
  uint32_t place = 0; // whose value it is, in the list of latest reports; not of a mean
  double number = 0;  // of a mean
};

/// Chooses for the members of a group; what is handed in outlives this. One at a time per thread.
class field_chooser {
public:
  field_chooser(std::span<const weighed_report> latest, const report_group& group,
                const consensus_settings& settings);

  /// A field that a member has; not hotkey, which the group decides.
  field_choice choose(status_field field);
  /// A field that this program does not know, of which a member has this name.
  field_choice choose_extra(std::string_view name);

private:
  /// Sums over all members, made once.
  struct sums {
    std::array<double, 3> value{};  // of the fields that have a mean, times weight
    std::array<double, 3> weight{}; // of who has the field
    std::array<double, 3> plain{};  // without weight
    std::array<double, 3> count{};
    std::array<double, 2> votes{};                        // weight of is_serving false, true
    std::array<std::optional<uint32_t>, 2> newest_vote{}; // place of the newest of these
  };

  void add_up();
  void add_vote(const weighed_report& x, uint32_t place, double weight);
  field_choice mean(status_field field) const;
  field_choice serving_vote() const;
  field_choice newest(uint32_t bit);
  field_choice newest_entry();
  field_choice median(status_field field);
  field_choice majority();
  void collect(status_field field);
  void collect_extra(std::string_view name);
  void begin_collecting();
  bool is_by_stake() const { return settings_.policy == consensus_policy::byzantine; }

  std::span<const weighed_report> latest_;
  const report_group& group_;
  const consensus_settings& settings_;
  double vote_share_ = 0;
  sums sums_;
  u128 group_stake_ = 0;                      // of all members
  std::optional<field_choice> newest_of_all_; // of a field that every member has
  // Of the field that is chosen now; kept by the thread, so that nothing is allocated per item.
  std::vector<vote_entry>& entries_;
  std::vector<uint32_t>& places_; // of the entries
  std::vector<uint64_t>& stakes_; // of them, rao
};

/// Names of `extra` that members have, ascending, and whether two or more have it.
std::vector<std::pair<std::string, bool>>
extra_names(std::span<const weighed_report> latest, const report_group& group);

} // namespace sluice
