#include "rules/consensus/merge.hpp"

#include "rules/consensus/field_choice.hpp"
#include "rules/consensus/reputation.hpp"
#include "rules/consensus/status_field.hpp"

#include <algorithm>

namespace sluice {

namespace {

const std::string& json_of_extra(const miner_status& x, std::string_view name) {
  return std::find_if(x.extra.begin(), x.extra.end(),
                      [&](const status_extra& y) { return y.name == name; })
    ->json;
}

/// Writes what was chosen into the merged status.
void take_choice(const field_choice& choice, status_field field,
                 std::span<const weighed_report> latest, miner_status& out) {
  const bool is_mean = choice.rule == merge_rule::mean;
  const auto& from = *latest[choice.place].status;
  switch (field) {
  case status_field::current_load:
    out.current_load = is_mean ? choice.number : from.current_load;
    return;
  case status_field::performance_score:
    out.performance_score = is_mean ? choice.number : from.performance_score;
    return;
  case status_field::stake:
    out.stake = is_mean ? choice.number : from.stake;
    return;
  case status_field::is_serving:
    out.is_serving = from.is_serving;
    return;
  case status_field::max_capacity:
    out.max_capacity = from.max_capacity;
    return;
  case status_field::specialization:
    out.specialization = from.specialization;
    out.task_types = from.task_types;
    return;
  default:
    *raw_text(out, field) = *raw_text(from, field);
  }
}

/// Merges the members' fields; counts what was compared and what is in conflict.
class group_merge {
public:
  group_merge(std::span<const weighed_report> latest, const report_group& group,
              const consensus_settings& settings, consensus_record& out)
    : latest_(latest), group_(group), chooser_(latest, group, settings), out_(out),
      // Whose hotkey a minority decides is nobody's status.
      no_values_(settings.policy == consensus_policy::byzantine && group.hotkey_in_conflict) {}

  void run() {
    for (size_t i = 0; i < status_fields; ++i)
      merge(static_cast<status_field>(i));
    if ((group_.fields_of_any & extra_bit) != 0) {
      for (const auto& [name, of_two] : extra_names(latest_, group_))
        merge_extra(name, of_two);
      std::sort(out_.conflicts.begin(), out_.conflicts.end());
    }
  }

private:
  void merge(status_field field) {
    if (field == status_field::hotkey)
      return merge_hotkey();
    if ((group_.fields_of_any & bit_of(field)) == 0)
      return;
    const bool of_two = (group_.fields_of_two & bit_of(field)) != 0;
    if (field == status_field::uid) {
      out_.compared_fields += of_two ? 1 : 0;
      return;
    }
    const auto choice = chooser_.choose(field);
    count(choice, name_of(field), of_two);
    if (choice.has_value && !no_values_)
      take_choice(choice, field, latest_, out_.status);
  }

  void merge_hotkey() {
    if (group_.named && !no_values_)
      out_.status.hotkey = latest_[*group_.named].status->hotkey;
    out_.compared_fields += group_.compares_hotkeys ? 1 : 0;
    if (group_.hotkey_in_conflict && group_.compares_hotkeys)
      out_.conflicts.emplace_back(name_of(status_field::hotkey));
  }

  void merge_extra(const std::string& name, bool of_two) {
    const auto choice = chooser_.choose_extra(name);
    count(choice, name, of_two);
    if (choice.has_value && !no_values_)
      out_.status.extra.push_back({name, json_of_extra(*latest_[choice.place].status, name)});
  }

  void count(const field_choice& choice, std::string_view name, bool of_two) {
    if (!of_two || !choice.counts)
      return;
    ++out_.compared_fields;
    if (choice.conflict || no_values_)
      out_.conflicts.emplace_back(name);
  }

  std::span<const weighed_report> latest_;
  const report_group& group_;
  field_chooser chooser_;
  consensus_record& out_;
  bool no_values_;
};

void serve_single(std::span<const weighed_report> latest, const report_group& group,
                  uint64_t now_ms, const consensus_settings& settings, consensus_record& out) {
  const auto& newest = latest[*group.newest];
  out.state = group.in_window.empty() ? consensus_state::stale : consensus_state::pending;
  out.fallback = newest.received_ms + settings.fallback_s * 1000 >= now_ms;
  out.newest_ms = newest.received_ms;
  out.status = *newest.status;
}

} // namespace

consensus_record merge_reports(miner_uid uid, std::span<const weighed_report> latest,
                               uint64_t now_ms, const consensus_settings& settings) {
  thread_local report_group group; // so that nothing is allocated per item
  consensus_record made;
  made.uid = uid;
  made.status.uid = uid;
  made.changed_ms = now_ms;
  if (latest.empty())
    return made;
  group_reports(latest, now_ms, settings, group);
  if (group.named)
    made.hotkey = latest[*group.named].status->hotkey;
  for (const auto i : group.members) {
    made.validators.push_back(latest[i].validator_uid);
    made.newest_ms = std::max(made.newest_ms, latest[i].received_ms);
  }
  std::sort(made.validators.begin(), made.validators.end());
  made.reports_used = static_cast<uint32_t>(group.members.size());
  if (group.members.size() < settings.min_validators) {
    serve_single(latest, group, now_ms, settings, made);
    return made;
  }
  group_merge{latest, group, settings, made}.run();
  const auto measure = measure_consensus(group.mean_confidence, group.members.size(),
                                         made.conflicts.size(), made.compared_fields, settings);
  made.conflict_ratio = measure.conflict_ratio;
  made.confidence = measure.confidence;
  const auto most = thresholds_of(group.mean_reputation, settings).max_conflict;
  made.state
    = made.conflict_ratio <= most + 1e-12 ? consensus_state::agreed : consensus_state::conflicted;
  return made;
}

} // namespace sluice
