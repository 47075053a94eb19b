#include "rules/consensus/field_choice.hpp"

#include "rules/consensus/byzantine.hpp"
#include "rules/consensus/reputation.hpp"
#include "rules/math/u256.hpp"

#include <algorithm>
#include <map>

namespace sluice {

namespace {

bool is_mean_field(status_field x) {
  return x == status_field::current_load || x == status_field::performance_score
         || x == status_field::stake;
}

double number_in(const weighed_report& x, status_field field) {
  if (field == status_field::current_load)
    return x.load;
  return field == status_field::stake ? x.stake : x.performance;
}

/// The number of a field that has a median; none for a last_seen that is no time.
std::optional<double> median_number(const weighed_report& x, status_field field) {
  if (is_mean_field(field))
    return number_in(x, field);
  if (field == status_field::max_capacity)
    return x.status->max_capacity;
  if (const auto ms = last_seen_ms(x.status->last_seen))
    return static_cast<double>(*ms);
  return std::nullopt;
}

bool has_median(status_field x) {
  return is_mean_field(x) || x == status_field::max_capacity || x == status_field::last_seen;
}

const status_extra* extra_of(const miner_status& x, std::string_view name) {
  for (const auto& y : x.extra)
    if (y.name == name)
      return &y;
  return nullptr;
}

/// What a majority of a field is counted by; of uid, which is the same in all, "".
std::string_view key_of(const weighed_report& x, status_field field) {
  if (field == status_field::is_serving)
    return x.is_serving ? "true" : "false";
  const auto* text = raw_text(*x.status, field);
  return text == nullptr ? std::string_view{} : std::string_view{*text};
}

/// Which of the sums is this field's.
size_t mean_index(status_field x) {
  if (x == status_field::current_load)
    return 0;
  return x == status_field::stake ? 1 : 2;
}

/// Kept by a thread, not by a chooser.
struct chooser_scratch {
  std::vector<vote_entry> entries;
  std::vector<uint32_t> places;
  std::vector<uint64_t> stakes;
};

chooser_scratch& scratch_of_thread() {
  thread_local chooser_scratch all;
  return all;
}

} // namespace

field_chooser::field_chooser(std::span<const weighed_report> latest, const report_group& group,
                             const consensus_settings& settings)
  : latest_(latest), group_(group), settings_(settings),
    vote_share_(thresholds_of(group.mean_reputation, settings).vote_share),
    entries_(scratch_of_thread().entries), places_(scratch_of_thread().places),
    stakes_(scratch_of_thread().stakes) {
  if (is_by_stake())
    for (const auto x : group.stakes)
      group_stake_ += x;
  else
    add_up();
}

/// One pass over the members for everything that is added up.
void field_chooser::add_up() {
  constexpr std::array<uint32_t, 3> bits{bit_of(status_field::current_load),
                                         bit_of(status_field::stake),
                                         bit_of(status_field::performance_score)};
  for (size_t k = 0; k < group_.members.size(); ++k) {
    const auto place = group_.members[k];
    const auto& x = latest_[place];
    const auto weight = group_.weights[k];
    const std::array<double, 3> values{x.load, x.stake, x.performance};
    for (size_t i = 0; i < values.size(); ++i) {
      // A value that is missing is 0, and so is its weight.
      const double has = (x.fields & bits[i]) != 0 ? 1 : 0;
      sums_.value[i] += values[i] * weight;
      sums_.weight[i] += weight * has;
      sums_.plain[i] += values[i];
      sums_.count[i] += has;
    }
    if ((x.fields & bit_of(status_field::is_serving)) != 0)
      add_vote(x, place, weight);
  }
}

void field_chooser::add_vote(const weighed_report& x, uint32_t place, double weight) {
  const size_t value = x.is_serving ? 1 : 0;
  sums_.votes[value] += weight;
  auto& newest = sums_.newest_vote[value]; // by validator uid: of equal times the first counts
  if (!newest || x.received_ms > latest_[*newest].received_ms)
    newest = place;
}

field_choice field_chooser::choose(status_field field) {
  if (is_by_stake())
    return has_median(field) ? median(field) : (collect(field), majority());
  if (is_mean_field(field))
    return mean(field);
  return field == status_field::is_serving ? serving_vote() : newest(bit_of(field));
}

field_choice field_chooser::choose_extra(std::string_view name) {
  collect_extra(name);
  return is_by_stake() ? majority() : newest_entry();
}

field_choice field_chooser::mean(status_field field) const {
  const auto i = mean_index(field);
  field_choice made;
  made.rule = merge_rule::mean;
  made.number
    = sums_.weight[i] > 0 ? sums_.value[i] / sums_.weight[i] : sums_.plain[i] / sums_.count[i];
  return made;
}

field_choice field_chooser::serving_vote() const {
  std::array<vote_entry, 2> entries{};
  std::array<uint32_t, 2> places{};
  size_t n = 0;
  for (size_t value = 0; value < 2; ++value)
    if (const auto place = sums_.newest_vote[value]) {
      const auto& x = latest_[*place];
      entries[n]
        = {value == 1 ? "true" : "false", sums_.votes[value], x.received_ms, x.validator_uid};
      places[n++] = *place;
    }
  const auto vote = weighted_vote({entries.data(), n}, vote_share_);
  field_choice made;
  made.rule = merge_rule::vote;
  made.conflict = vote.conflict;
  made.place = places[vote.winner];
  return made;
}

field_choice field_chooser::newest(uint32_t bit) {
  const bool of_all = (group_.fields_of_all & bit) != 0;
  if (of_all && newest_of_all_)
    return *newest_of_all_;
  entries_.clear();
  places_.clear();
  for (size_t k = 0; k < group_.members.size(); ++k) {
    const auto place = group_.members[k];
    const auto& x = latest_[place];
    if ((x.fields & bit) == 0)
      continue;
    entries_.push_back({{}, group_.weights[k], x.received_ms, x.validator_uid});
    places_.push_back(place);
  }
  auto made = newest_entry();
  if (of_all)
    newest_of_all_ = made;
  return made;
}

field_choice field_chooser::newest_entry() {
  field_choice made;
  made.place = places_[newest_of_high(entries_, settings_.high_confidence)];
  return made;
}

field_choice field_chooser::median(status_field field) {
  std::vector<staked_number> numbers;
  places_.clear();
  u128 carried = 0;
  for (size_t k = 0; k < group_.members.size(); ++k) {
    const auto place = group_.members[k];
    const auto& x = latest_[place];
    if ((x.fields & bit_of(field)) == 0)
      continue;
    const auto number = median_number(x, field);
    if (!number)
      continue;
    numbers.push_back({*number, group_.stakes[k]});
    places_.push_back(place);
    carried += group_.stakes[k];
  }
  field_choice made;
  made.rule = merge_rule::median;
  made.counts = carried * 2 > group_stake_;
  made.has_value = made.counts;
  if (!made.counts)
    return made;
  made.number = stake_median(numbers);
  for (size_t i = 0; i < numbers.size(); ++i)
    if (numbers[i].value == made.number && numbers[i].stake_rao > 0) {
      made.place = places_[i];
      break;
    }
  return made;
}

field_choice field_chooser::majority() {
  // Whoever has more than half is what is left when unlike stakes cancel out (Boyer and Moore).
  size_t left = 0;
  u128 surplus = 0;
  u128 carried = 0;
  for (size_t i = 0; i < entries_.size(); ++i) {
    carried += stakes_[i];
    if (entries_[i].key == entries_[left].key) {
      surplus += stakes_[i];
    } else if (surplus >= stakes_[i]) {
      surplus -= stakes_[i];
    } else {
      surplus = stakes_[i] - surplus;
      left = i;
    }
  }
  field_choice made;
  made.rule = merge_rule::majority;
  made.counts = carried * 2 > group_stake_;
  made.has_value = false;
  if (!made.counts)
    return made;
  u128 of_value = 0;
  for (size_t i = entries_.size(); i-- > 0;)
    if (entries_[i].key == entries_[left].key) {
      of_value += stakes_[i];
      made.place = places_[i];
    }
  made.has_value = of_value * 2 > group_stake_;
  made.conflict = !made.has_value;
  return made;
}

void field_chooser::begin_collecting() {
  entries_.clear();
  places_.clear();
  stakes_.clear();
}

void field_chooser::collect(status_field field) {
  begin_collecting();
  for (size_t k = 0; k < group_.members.size(); ++k) {
    const auto place = group_.members[k];
    const auto& x = latest_[place];
    if ((x.fields & bit_of(field)) == 0)
      continue;
    entries_.push_back({key_of(x, field), group_.weights[k], x.received_ms, x.validator_uid});
    places_.push_back(place);
    stakes_.push_back(group_.stakes[k]);
  }
}

void field_chooser::collect_extra(std::string_view name) {
  begin_collecting();
  for (size_t k = 0; k < group_.members.size(); ++k) {
    const auto place = group_.members[k];
    const auto& x = latest_[place];
    const auto* found = extra_of(*x.status, name);
    if (found == nullptr)
      continue;
    entries_.push_back({found->json, group_.weights[k], x.received_ms, x.validator_uid});
    places_.push_back(place);
    stakes_.push_back(group_.stakes[k]);
  }
}

std::vector<std::pair<std::string, bool>>
extra_names(std::span<const weighed_report> latest, const report_group& group) {
  std::map<std::string, size_t> carriers;
  for (const auto i : group.members)
    for (const auto& x : latest[i].status->extra)
      ++carriers[x.name];
  std::vector<std::pair<std::string, bool>> all;
  all.reserve(carriers.size());
  for (const auto& [name, count] : carriers)
    all.emplace_back(name, count >= 2);
  return all;
}

} // namespace sluice
