#include "rules/consensus/availability.hpp"
#include "rules/consensus/best_response.hpp"
#include "rules/consensus/confidence.hpp"
#include "rules/consensus/merge.hpp"
#include "rules/consensus/ranking.hpp"
#include "rules/consensus/report_book.hpp"
#include "rules/consensus/task_select.hpp"
#include "rules/consensus/tracker.hpp"
#include "tests/vectors/consensus_values.hpp"

#include <algorithm>
#include <set>

namespace sluice::vectors {

namespace {

std::vector<double> numbers_of(const json& list) {
  return list.get<std::vector<double>>();
}

json confidence(const json& input) {
  std::set<std::string> names;
  for (const auto& x : input.at("fields_present"))
    names.insert(x.get<std::string>());
  present_fields fields;
  fields.uid = names.contains("uid");
  fields.hotkey = names.contains("hotkey");
  fields.stake = names.contains("stake");
  fields.is_serving = names.contains("is_serving");
  fields.performance_score = names.contains("performance_score");
  fields.current_load = names.contains("current_load");
  fields.specialization = names.contains("task_type_specialization");
  const auto& age = input.at("last_seen_age_s");
  std::optional<int64_t> age_ms;
  if (age.is_number())
    age_ms = std::llround(age.get<double>() * 1000);
  return confidence_of(fields, age_ms);
}

json majority_vote(const json& input) {
  const auto& values = input.at("values");
  const auto weights = numbers_of(input.at("weights"));
  const auto times = numbers_of(input.at("timestamps"));
  std::vector<std::string> keys;
  for (const auto& x : values)
    keys.push_back(x.dump());
  std::vector<vote_entry> entries;
  for (size_t i = 0; i < keys.size(); ++i)
    entries.push_back({keys[i], weights.at(i),
                       static_cast<uint64_t>(std::llround(times.at(i) * 1000)),
                       static_cast<uint16_t>(i)});
  const auto vote = weighted_vote(entries, consensus_settings{}.vote_share);
  return {{"value", values.at(vote.winner)}, {"conflict", vote.conflict}};
}

json most_recent(const json& input) {
  const auto field = input.at("field").get<std::string>();
  std::vector<vote_entry> entries;
  std::vector<json> values;
  for (const auto& x : input.at("reports")) {
    const auto& status = x.at("status");
    if (!status.contains(field))
      continue;
    entries.push_back(
      {{}, x.at("conf").get<double>(), ms_of(x.at("ts")), x.at("validator").get<uint16_t>()});
    values.push_back(status.at(field));
  }
  if (values.empty())
    return nullptr;
  return values.at(newest_of_high(entries, consensus_settings{}.high_confidence));
}

json consensus_confidence(const json& input) {
  const auto confidences = numbers_of(input.at("confidences"));
  const std::vector<double> equal(confidences.size(), 1.0);
  const auto measure = measure_consensus(
    weighted_mean(confidences, equal), input.at("validators").get<size_t>(),
    input.at("conflict_fields").get<size_t>(), input.at("compared_fields").get<size_t>());
  return {{"conflict_ratio", measure.conflict_ratio},
          {"confidence", measure.confidence},
          {"eligible", measure.eligible}};
}

/// Reports in the order of their times, each a list of one.
report_book book_of(const json& reports, const consensus_settings& settings) {
  auto sorted = reports.get<std::vector<json>>();
  std::stable_sort(sorted.begin(), sorted.end(), [](const json& a, const json& b) {
    return a.at("ts").get<double>() < b.at("ts").get<double>();
  });
  report_book book{settings};
  for (const auto& x : sorted) {
    status_report report;
    report.validator_uid = x.at("validator_uid").get<uint16_t>();
    report.received_ms = ms_of(x.at("ts"));
    report.statuses = statuses_of(json::array({x.at("status")})).statuses;
    book.prepare(report);
    if (const auto put = book.put(std::move(report)); !put)
      throw std::runtime_error(put.error().what);
  }
  return book;
}

json consensus(const json& input) {
  consensus_settings settings;
  settings.window_s = input.value("window_s", settings.window_s);
  settings.min_validators = input.value("min_consensus_validators", settings.min_validators);
  auto book = book_of(input.at("reports"), settings);
  book.expire(ms_of(input.at("now")));
  const auto all = book.records();
  const auto* record = all.empty() ? nullptr : all.front();
  if (record == nullptr || record->reports_used == 0)
    return {{"consensus", nullptr}, {"reports_in_window", 0}};
  if (!record->has_quorum())
    return {{"consensus", nullptr},
            {"distinct_validators", record->validators.size()},
            {"required", settings.min_validators}};
  const auto status = json_of_status(record->status);
  json made{{"validators", record->validators},
            {"reports_used", record->reports_used},
            {"conflict_ratio", record->conflict_ratio},
            {"consensus_confidence", record->confidence}};
  for (const auto* name : {"stake", "hotkey", "is_serving", "performance_score", "current_load"})
    if (status.contains(name))
      made[name] = status.at(name);
  if (status.contains("is_serving"))
    made["is_serving_conflict"]
      = std::binary_search(record->conflicts.begin(), record->conflicts.end(), "is_serving");
  return made;
}

json chosen_miners(const json& input) {
  std::vector<task_choice> all;
  for (const auto& x : input.at("miners"))
    all.push_back({{x.at("uid").get<uint16_t>()},
                   x.at("score").get<double>(),
                   x.at("load").get<double>(),
                   x.at("cap").get<double>(),
                   task_types_in(x.at("spec"))});
  auto chosen = json::array();
  for (const auto i : select_miners(all, input.at("task_type").get<std::string>(),
                                    std::max<size_t>(1, input.at("required").get<size_t>())))
    chosen.push_back(all[i].uid.value);
  return chosen;
}

json best_miner(const json& input) {
  std::vector<compared_response> all;
  for (const auto& x : input.at("responses"))
    all.push_back({{x.at("miner").get<uint16_t>()},
                   x.at("accuracy").get<double>(),
                   x.at("speed").get<double>(),
                   x.at("time").get<double>() * 1000});
  const auto best = best_response(all, {});
  return best ? json(all[*best].uid.value) : json(nullptr);
}

json performance(const json& input) {
  performance_basis x;
  x.total = input.at("total").get<uint64_t>();
  x.successes = input.at("ok").get<uint64_t>();
  x.avg_s = input.at("avg_s").get<double>();
  x.recent_rate = input.at("recent").get<double>();
  x.type_total = input.at("spec_total").get<uint64_t>();
  x.type_rate = input.at("spec_rate").get<double>();
  x.load = input.at("load").get<double>();
  x.capacity = input.at("capacity").get<double>();
  return tracker_performance(x);
}

json composite(const json& input) {
  ranking_basis x;
  x.stake = input.at("stake").get<double>();
  x.max_stake = input.at("max_stake").get<double>();
  x.performance = input.at("performance").get<double>();
  x.load = input.at("load").get<double>();
  x.capacity = input.at("capacity").get<double>();
  x.type_total = input.at("spec_total").get<uint64_t>();
  x.type_rate = input.at("spec_rate").get<double>();
  return tracker_composite(x);
}

} // namespace

void add_consensus_operations(operations& all) {
  all[{"violet", "confidence"}] = confidence;
  all[{"violet", "weighted_average"}] = [](const json& input) -> json {
    return weighted_mean(numbers_of(input.at("values")), numbers_of(input.at("weights")));
  };
  all[{"violet", "majority_vote"}] = majority_vote;
  all[{"violet", "most_recent_high_confidence"}] = most_recent;
  all[{"violet", "consensus_confidence"}] = consensus_confidence;
  all[{"violet", "consensus"}] = consensus;
  all[{"violet", "availability"}] = [](const json& input) -> json {
    return boosted_availability(input.at("performance").get<double>(),
                                input.at("load").get<double>(), input.at("capacity").get<double>(),
                                input.at("consensus_confidence").get<double>());
  };
  all[{"violet", "availability_full"}] = [](const json& input) -> json {
    return full_availability(input.at("performance").get<double>(), input.at("load").get<double>(),
                             input.at("capacity").get<double>(), input.at("stake").get<double>(),
                             input.at("last_seen_age_s").get<double>());
  };
  all[{"violet", "select_miners"}] = chosen_miners;
  all[{"violet", "best_response"}] = best_miner;
  all[{"violet", "tracker_performance"}] = performance;
  all[{"violet", "tracker_composite"}] = composite;
}

} // namespace sluice::vectors
