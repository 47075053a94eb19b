#include "rules/consensus/field_choice.hpp"
#include "rules/consensus/merge.hpp"
#include "rules/consensus/status_field.hpp"

#include <algorithm>

namespace sluice {

namespace {

/// The value of a field, known or not; "" when it is missing.
std::string json_of_any(const miner_status& x, std::string_view name) {
  const auto* at = std::find(status_field_names.begin(), status_field_names.end(), name);
  if (at != status_field_names.end())
    return json_of_field(x, static_cast<status_field>(at - status_field_names.begin()));
  for (const auto& y : x.extra)
    if (y.name == name)
      return y.json;
  return {};
}

field_report field_report_of(const weighed_report& x, double weight, std::string json) {
  field_report made;
  made.report = x.report;
  made.validator_uid = x.validator_uid;
  made.received_ms = x.received_ms;
  made.weight = weight;
  made.json = std::move(json);
  return made;
}

/// Explains the fields of a record that has a quorum.
class merge_explainer {
public:
  merge_explainer(std::span<const weighed_report> latest, const report_group& group,
                  const consensus_settings& settings, const consensus_record& record)
    : latest_(latest), group_(group), settings_(settings), chooser_(latest, group, settings),
      record_(record) {}

  std::vector<field_explanation> all() {
    for (size_t i = 0; i < status_fields; ++i) {
      const auto field = static_cast<status_field>(i);
      if (field == status_field::hotkey)
        add_hotkey();
      else if ((group_.fields_of_any & bit_of(field)) != 0)
        add(name_of(field), chooser_.choose(field));
    }
    for (const auto& [name, of_two] : extra_names(latest_, group_))
      add(name, chooser_.choose_extra(name));
    return std::move(made_);
  }

private:
  bool is_by_stake() const { return settings_.policy == consensus_policy::byzantine; }

  field_explanation& begin(std::string_view name) {
    auto& x = made_.emplace_back();
    x.field = name;
    x.json = json_of_any(record_.status, name);
    x.conflict = std::binary_search(record_.conflicts.begin(), record_.conflicts.end(), name);
    return x;
  }

  void add(std::string_view name, const field_choice& choice) {
    auto& x = begin(name);
    x.rule = choice.rule;
    for (size_t k = 0; k < group_.members.size(); ++k) {
      const auto place = group_.members[k];
      auto json = json_of_any(*latest_[place].status, name);
      if (json.empty())
        continue;
      const auto weight = is_by_stake() ? static_cast<double>(group_.stakes[k]) : group_.weights[k];
      auto& y = x.reports.emplace_back(field_report_of(latest_[place], weight, std::move(json)));
      y.counts = does_count(choice, place, y, x);
    }
  }

  /// Of a mean everything counts, of a vote or majority who has the value, else the one report.
  static bool does_count(const field_choice& choice, uint32_t place, const field_report& of,
                         const field_explanation& in) {
    if (in.json.empty())
      return false;
    switch (choice.rule) {
    case merge_rule::mean:
      return true;
    case merge_rule::vote:
    case merge_rule::majority:
      return of.json == in.json;
    default:
      return place == choice.place;
    }
  }

  /// Who carries another hotkey took part in this vote only.
  void add_hotkey() {
    if (!group_.named && !group_.compares_hotkeys)
      return;
    auto& x = begin(name_of(status_field::hotkey));
    x.rule = is_by_stake() ? merge_rule::majority : merge_rule::vote;
    for (const auto place : group_.in_window) {
      auto json = json_of_any(*latest_[place].status, x.field);
      if (json.empty())
        continue;
      auto& y = x.reports.emplace_back(
        field_report_of(latest_[place], weight_in_group(place), std::move(json)));
      y.counts = y.json == x.json;
    }
  }

  /// Outside of the group: as if it stood alone.
  double weight_in_group(uint32_t place) const {
    const auto& members = group_.members;
    const auto at = std::lower_bound(members.begin(), members.end(), place);
    if (at == members.end() || *at != place)
      return is_by_stake() ? static_cast<double>(latest_[place].stake_rao)
                           : latest_[place].confidence;
    const auto k = static_cast<size_t>(at - members.begin());
    return is_by_stake() ? static_cast<double>(group_.stakes[k]) : group_.weights[k];
  }

  std::span<const weighed_report> latest_;
  const report_group& group_;
  const consensus_settings& settings_;
  field_chooser chooser_;
  const consensus_record& record_;
  std::vector<field_explanation> made_;
};

std::vector<field_explanation> explain_single(const weighed_report& x) {
  std::vector<field_explanation> made;
  for (const auto& [name, json] : fields_of(*x.status)) {
    auto& field = made.emplace_back();
    field.field = name;
    field.json = json;
    field.reports.push_back(field_report_of(x, x.confidence, json));
    field.reports.back().counts = true;
  }
  return made;
}

} // namespace

std::vector<field_explanation> explain_merge(miner_uid uid, std::span<const weighed_report> latest,
                                             uint64_t now_ms, const consensus_settings& settings) {
  if (latest.empty())
    return {};
  const auto record = merge_reports(uid, latest, now_ms, settings);
  report_group group;
  group_reports(latest, now_ms, settings, group);
  if (!record.has_quorum())
    return explain_single(latest[*group.newest]);
  return merge_explainer{latest, group, settings, record}.all();
}

} // namespace sluice
