#include "rules/sports/tiers.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace sluice {

namespace {

constexpr double count_slack = 1e-9; // of a share that is no binary fraction
constexpr double roi_slack = 1e-12;  // of a mean of doubles

const tier_terms& terms_of(uint8_t tier, const sports_settings& rules) {
  return rules.tiers[static_cast<size_t>(tier) - 1];
}

/// A miner while a run goes on.
struct ranked_member {
  const sports_member* who = nullptr;
  const sports_record* record = nullptr; // null: no prediction
  std::optional<uint8_t> before;         // none: it is new
  uint8_t tier = 0;
};

double score_in(const ranked_member& x, uint8_t tier, int64_t day, const sports_settings& rules) {
  return x.record ? tier_score_of(x.record->daily, day, terms_of(tier, rules).window_days) : 0;
}

/// A run over one day.
class tier_run {
public:
  tier_run(const tier_state& state, int64_t day, std::span<const sports_member> members,
           const sports_records& records, const sports_settings& rules)
    : day_(day), rules_(rules) {
    for (const auto& x : members) {
      ranked_member made{&x, nullptr, std::nullopt, 0};
      if (const auto at = records.find(x.key); at != records.end())
        made.record = &at->second;
      if (const auto at = state.tiers.find(x.key); at != state.tiers.end())
        made.before = at->second;
      made.tier = x.valid ? std::max<uint8_t>(made.before.value_or(1), 1) : uint8_t{0};
      all_.push_back(made);
    }
    std::ranges::sort(all_, {}, [](const ranked_member& x) { return x.who->uid; });
  }

  void demote() {
    for (uint8_t tier = sports_tiers; tier > 1; --tier)
      for (auto& x : all_)
        if (x.tier == tier && !tier_fault(x.record, tier, day_, rules_).empty())
          --x.tier;
  }

  void promote() {
    for (uint8_t tier = sports_tiers; tier > 1; --tier)
      fill(tier);
  }

  const std::vector<ranked_member>& all() const { return all_; }

private:
  /// Of a tier, by the score that it has there. `best_first`: else the worst; equal scores by uid.
  std::vector<ranked_member*> members_of(uint8_t tier, bool best_first) {
    std::vector<std::pair<double, ranked_member*>> scored;
    for (auto& x : all_)
      if (x.tier == tier)
        scored.emplace_back(score_in(x, tier, day_, rules_), &x);
    std::ranges::stable_sort(scored, [best_first](const auto& a, const auto& b) {
      return best_first ? a.first > b.first : a.first < b.first;
    });
    std::vector<ranked_member*> made;
    for (const auto& x : scored)
      made.push_back(x.second);
    return made;
  }

  void fill(uint8_t tier) {
    const auto below = static_cast<uint8_t>(tier - 1);
    auto holders = members_of(tier, false);
    auto challengers = members_of(below, true);
    std::erase_if(challengers, [this, tier](const ranked_member* x) {
      return !tier_fault(x->record, tier, day_, rules_).empty();
    });
    const auto capacity = tier_capacity(tier, rules_);
    if (holders.size() < capacity) {
      const auto places = std::min<size_t>(capacity - holders.size(), challengers.size());
      for (size_t i = 0; i < places; ++i)
        challengers[i]->tier = tier;
      return;
    }
    for (size_t i = 0; i < std::min(holders.size(), challengers.size()); ++i) {
      if (!(score_in(*challengers[i], below, day_, rules_)
            > score_in(*holders[i], tier, day_, rules_)))
        return;
      challengers[i]->tier = tier;
      holders[i]->tier = below;
    }
  }

  int64_t day_;
  const sports_settings& rules_;
  std::vector<ranked_member> all_;
};

} // namespace

std::string
tier_fault(const sports_record* record, uint8_t tier, int64_t day, const sports_settings& rules) {
  const auto& terms = terms_of(tier, rules);
  const auto wagered = record ? wagered_in(record->wagered, day, terms.window_days) : 0;
  if (wagered < terms.wagered_min)
    return "wagered " + text_of_nano(wagered) + " in " + std::to_string(terms.window_days)
           + " days, and tier " + std::to_string(tier) + " asks for "
           + text_of_nano(terms.wagered_min);
  if (!terms.roi_rule || !record)
    return {};
  const auto roi = window_roi_of(record->daily, day, rules.roi_days);
  if (roi.days >= rules.roi_days_min && roi.mean < -roi_slack)
    return "the mean daily ROI of " + std::to_string(rules.roi_days) + " days is below 0";
  return {};
}

uint64_t tier_capacity(uint8_t tier, const sports_settings& rules) {
  return static_cast<uint64_t>(std::floor(
    static_cast<double>(rules.slots) * terms_of(tier, rules).capacity_share + count_slack));
}

std::vector<tier_move>
run_tiers(tier_state& state, int64_t day, std::span<const sports_member> members,
          const sports_records& records, const sports_settings& rules) {
  tier_run run{state, day, members, records, rules};
  run.demote();
  run.promote();
  std::vector<tier_move> moves;
  std::map<hotkey, uint8_t> tiers;
  for (const auto& x : run.all()) {
    const auto before = x.before.value_or(0);
    if (before != x.tier)
      moves.push_back({day, x.who->uid, x.who->key, before, x.tier});
    tiers.emplace(x.who->key, x.tier);
  }
  state.tiers = std::move(tiers);
  state.last_day = day;
  return moves;
}

std::vector<tier_move> advance_tiers(tier_state& state, int64_t first_day, int64_t today,
                                     std::span<const sports_member> members,
                                     const sports_records& records, const sports_settings& rules) {
  std::vector<tier_move> made;
  auto day = state.last_day ? *state.last_day + 1 : first_day;
  day = std::max(day, today - tier_days_max + 1);
  for (; day <= today; ++day) {
    const auto moves = run_tiers(state, day, members, records, rules);
    made.insert(made.end(), moves.begin(), moves.end());
  }
  return made;
}

} // namespace sluice
