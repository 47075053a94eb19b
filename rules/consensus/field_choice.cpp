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

u128 sum_of_stakes(std::span<const uint64_t> stakes) {
  u128 sum = 0;
  for (const auto x : stakes)
    sum += x;
  return sum;
}

} // namespace

field_chooser::field_chooser(std::span<const weighed_report> latest, const report_group& group,
                             const consensus_settings& settings)
  : latest_(latest), group_(group), settings_(settings),
    vote_share_(thresholds_of(group.mean_reputation, settings).vote_share) {
  fields_of_all_ = group.members.empty() ? 0 : ~uint32_t{0};
  for (const auto i : group.members)
    fields_of_all_ &= latest[i].fields;
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

field_choice field_chooser::mean(status_field field) {
  double sum = 0;
  double weight = 0;
  double plain = 0;
  double carriers = 0;
  for (size_t k = 0; k < group_.members.size(); ++k) {
    const auto& x = latest_[group_.members[k]];
    if ((x.fields & bit_of(field)) == 0)
      continue;
    const auto value = number_in(x, field);
    sum += value * group_.weights[k];
    weight += group_.weights[k];
    plain += value;
    ++carriers;
  }
  field_choice made;
  made.rule = merge_rule::mean;
  made.number = weight > 0 ? sum / weight : plain / carriers;
  return made;
}

field_choice field_chooser::serving_vote() {
  entries_.clear();
  places_.clear();
  for (size_t k = 0; k < group_.members.size(); ++k) {
    const auto place = group_.members[k];
    const auto& x = latest_[place];
    if ((x.fields & bit_of(status_field::is_serving)) == 0)
      continue;
    entries_.push_back(
      {x.is_serving ? "true" : "false", group_.weights[k], x.received_ms, x.validator_uid});
    places_.push_back(place);
  }
  const auto vote = weighted_vote(entries_, vote_share_);
  field_choice made;
  made.rule = merge_rule::vote;
  made.conflict = vote.conflict;
  made.place = places_[vote.winner];
  return made;
}

field_choice field_chooser::newest(uint32_t bit) {
  const bool of_all = (fields_of_all_ & bit) != 0;
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
  made.counts = carried * 2 > sum_of_stakes(group_.stakes);
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
  std::map<std::string_view, u128> by_value;
  for (size_t i = 0; i < entries_.size(); ++i)
    by_value[entries_[i].key] += stakes_[i];
  const auto all = sum_of_stakes(group_.stakes);
  field_choice made;
  made.rule = merge_rule::majority;
  made.counts = sum_of_stakes(stakes_) * 2 > all;
  made.has_value = false;
  for (size_t i = 0; i < entries_.size() && made.counts && !made.has_value; ++i)
    if (by_value[entries_[i].key] * 2 > all) {
      made.has_value = true;
      made.place = places_[i];
    }
  made.conflict = made.counts && !made.has_value;
  return made;
}

void field_chooser::collect(status_field field) {
  entries_.clear();
  places_.clear();
  stakes_.clear();
  texts_.clear();
  texts_.reserve(group_.members.size()); // keys point into it
  for (size_t k = 0; k < group_.members.size(); ++k) {
    const auto place = group_.members[k];
    const auto& x = latest_[place];
    if ((x.fields & bit_of(field)) == 0)
      continue;
    const auto* text = raw_text(*x.status, field);
    if (text == nullptr)
      text = &texts_.emplace_back(json_of_field(*x.status, field));
    entries_.push_back({*text, group_.weights[k], x.received_ms, x.validator_uid});
    places_.push_back(place);
    stakes_.push_back(group_.stakes[k]);
  }
}

void field_chooser::collect_extra(std::string_view name) {
  entries_.clear();
  places_.clear();
  stakes_.clear();
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
