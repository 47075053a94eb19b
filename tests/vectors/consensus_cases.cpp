#include "rules/consensus/report_book.hpp"
#include "rules/consensus/task_select.hpp"
#include "tests/vectors/consensus_values.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <tuple>

namespace sluice::vectors {

namespace {

/// What a case's file holds; reports by time, tasks in the order in which they are handed out.
struct consensus_case {
  consensus_settings settings;
  uint64_t now_ms = 0;
  std::vector<json> reports;
  std::vector<json> tasks; // pending ones
};

size_t priority_of(const json& task) {
  constexpr std::array<std::string_view, 4> names{"urgent", "high", "normal", "low"};
  const auto name = task.value("priority", std::string{"normal"});
  return static_cast<size_t>(std::find(names.begin(), names.end(), name) - names.begin());
}

bool is_before(const json& a, const json& b) {
  const auto key = [](const json& x) {
    return std::tuple{priority_of(x), x.at("created_at").get<double>(),
                      x.at("task_id").get<std::string>()};
  };
  return key(a) < key(b);
}

consensus_case read_consensus_case(const std::filesystem::path& folder) {
  std::ifstream file{folder / "input.jsonl"};
  if (!file)
    throw std::runtime_error(folder.string() + "/input.jsonl: cannot be read");
  consensus_case made;
  for (std::string line; std::getline(file, line);) {
    if (line.empty())
      continue;
    auto x = json::parse(line);
    const auto kind = x.at("kind").get<std::string>();
    if (kind == "settings") {
      auto& settings = made.settings;
      made.now_ms = ms_of(x.at("now"));
      settings.window_s = x.value("window_s", settings.window_s);
      settings.min_validators = x.value("min_consensus_validators", settings.min_validators);
      settings.max_conflict = x.value("max_conflict_threshold", settings.max_conflict);
    } else if (kind == "report") {
      made.reports.push_back(std::move(x));
    } else if (kind == "task" && x.at("status") == "pending") {
      made.tasks.push_back(std::move(x));
    }
  }
  std::stable_sort(made.reports.begin(), made.reports.end(), [](const json& a, const json& b) {
    return a.at("received_at").get<double>() < b.at("received_at").get<double>();
  });
  std::stable_sort(made.tasks.begin(), made.tasks.end(), is_before);
  return made;
}

/// One answer per report.
json take_reports(report_book& book, const std::vector<json>& reports) {
  auto answers = json::array();
  for (const auto& x : reports) {
    json answer{{"validator_uid", x.at("validator_uid")}, {"epoch", x.at("epoch")}};
    auto list = statuses_of(x.at("miner_statuses"));
    answer["success"] = list.is_list;
    if (list.is_list) {
      status_report report;
      report.validator_uid = x.at("validator_uid").get<uint16_t>();
      report.epoch = x.at("epoch").get<uint64_t>();
      report.received_ms = ms_of(x.at("received_at"));
      report.skipped = list.skipped;
      report.statuses = std::move(list.statuses);
      book.prepare(report);
      const auto put = book.put(std::move(report));
      if (!put)
        throw std::runtime_error(put.error().what);
      answer["miners_processed"] = put->miners_processed;
      answer["consensus_updated"] = put->consensus_updated;
    }
    answers.push_back(std::move(answer));
  }
  return answers;
}

json miner_of(const consensus_record& x, const std::optional<available_miner>& available,
              const consensus_settings& settings) {
  const bool may_work = available && is_free(*available);
  json made{{"uid", x.uid.value},
            {"state", std::string{name_of(x.state)}},
            {"validators", x.validators},
            {"reports_used", x.reports_used},
            {"eligible", may_work},
            {"availability", may_work ? json(availability_of(*available, settings)) : json()}};
  if (x.state != consensus_state::stale)
    made["hotkey"] = x.hotkey.empty() ? json() : json(x.hotkey);
  if (!x.has_quorum()) {
    made["fallback"] = x.fallback;
    return made;
  }
  made["status"] = json_of_status(x.status);
  made["conflicts"] = x.conflicts;
  made["compared_fields"] = x.compared_fields;
  made["conflict_ratio"] = x.conflict_ratio;
  made["consensus_confidence"] = x.confidence;
  return made;
}

json assignments_of(const std::vector<json>& tasks, std::vector<available_miner> miners,
                    const consensus_settings& settings) {
  auto made = json::array();
  for (const auto& x : tasks) {
    auto chosen = json::array();
    for (const auto i :
         assign_miners(miners, x.at("task_type").get<std::string>(),
                       x.at("required_miner_count").get<uint64_t>(), 1, {}, settings))
      chosen.push_back(miners[i].uid.value);
    made.push_back({{"task_id", x.at("task_id")},
                    {"status", chosen.empty() ? "pending" : "assigned"},
                    {"miners", chosen}});
  }
  return made;
}

json stats_of(const consensus_statistics& x) {
  return {{"miners_reported", x.miners_reported},
          {"states",
           {{"agreed", x.agreed},
            {"conflicted", x.conflicted},
            {"pending", x.pending},
            {"stale", x.stale}}},
          {"active_validators", x.active_validators},
          {"coverage", x.coverage},
          {"conflict_rate", x.conflict_rate},
          {"mean_confidence", x.mean_confidence},
          {"processing_mode", std::string{processing_mode(x)}}};
}

json consensus_case_result(const std::filesystem::path& folder) {
  const auto input = read_consensus_case(folder);
  report_book book{input.settings};
  auto intake = take_reports(book, input.reports);
  book.expire(input.now_ms);
  auto miners = json::array();
  for (const auto* x : book.records())
    miners.push_back(miner_of(*x, selectable(*x, input.now_ms, input.settings), input.settings));
  return {{"intake", std::move(intake)},
          {"miners", std::move(miners)},
          {"assignments",
           assignments_of(input.tasks, book.selectable_miners(input.now_ms), input.settings)},
          {"stats", stats_of(book.stats(input.now_ms))}};
}

} // namespace

void add_consensus_cases(case_readers& all) {
  all["consensus"] = consensus_case_result;
}

} // namespace sluice::vectors
