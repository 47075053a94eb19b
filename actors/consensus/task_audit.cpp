#include "actors/consensus/task_audit.hpp"

#include "actors/audit_check.hpp"
#include "rules/consensus/best_response.hpp"
#include "storage/consensus/task_tables.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <string>

namespace sluice {

namespace {

namespace tables = storage::tables;

/// What the stored tasks show of one miner's work.
struct counted_work {
  uint64_t answered = 0;
  uint64_t missed = 0;
};

void check_responses(audit_check& check, const task_record& x) {
  auto judged = x.responses;
  judge_responses(judged, consensus_task_terms{});
  for (size_t i = 0; i < judged.size(); ++i) {
    const auto& stored = x.responses[i];
    // What a lone response is worth is a setting, which may have changed.
    if (judged.size() > 1 || stored.rating)
      check.same("accuracy of task " + x.id + ", miner " + std::to_string(stored.uid.value),
                 stored.accuracy, judged[i].accuracy);
    check.same(
      "answers of miner " + stored.key.value + " to task " + x.id, uint64_t{1},
      static_cast<uint64_t>(std::ranges::count(x.responses, stored.key, &task_response::key)));
  }
  if (x.best) {
    const auto* best = best_of(x);
    double highest = 0;
    for (const auto& one : x.responses)
      highest = std::max(highest, one.score);
    check.same("score of the best response of task " + x.id, best ? best->score : -1, highest);
  }
}

void count_work(std::map<hotkey, counted_work>& all, const task_record& x) {
  const bool counts = is_terminal(x.state) && x.completed_ms != 0;
  for (const auto& one : x.responses)
    all[one.key].answered += counts ? 1 : 0;
  for (const auto& one : x.assignments)
    all[one.key].missed += one.state == assignment_state::missed ? 1 : 0;
}

/// Whose numbers are exact; else they may only be more, because tasks have been erased.
void check_work(audit_check& check, const hotkey& key, const miner_work& stored,
                const counted_work& counted, bool exact) {
  const auto missed = stored.all.total - stored.answered;
  const auto at_least
    = [exact](uint64_t x, uint64_t least) { return exact ? x : std::min(x, least); };
  check.same("answers of " + key.value, at_least(stored.answered, counted.answered),
             counted.answered);
  check.same("missed assignments of " + key.value, at_least(missed, counted.missed),
             counted.missed);
}

} // namespace

result<audit_finding> audit_tasks(const storage::data_dir& disk) {
  audit_check check{{"tasks of consensus", "", 0}};
  std::map<hotkey, counted_work> counted;
  uint64_t tasks = 0;
  uint64_t last_number = 0;
  std::optional<fault> bad;
  auto read
    = tables::consensus_tasks.for_each(disk, [&](const std::string& id, const task_record& x) {
        const auto place = tables::consensus_task_places.find(disk, place_of(x));
        if (!place)
          bad = place.error();
        else
          check.same("place of task " + id, place->value_or(task_summary{}).number, x.number);
        ++tasks;
        last_number = std::max(last_number, x.number);
        check_responses(check, x);
        count_work(counted, x);
        return !bad;
      });
  if (!read || bad)
    return bad ? *bad : read.error();
  uint64_t places = 0;
  read = tables::consensus_task_places.for_each(disk, [&](auto&&...) { ++places; });
  if (!read)
    return read.error();
  check.same("places of tasks", places, tasks);
  read = tables::consensus_task_work.for_each(disk, [&](const hotkey& key, const miner_work& x) {
    check_work(check, key, x, counted[key], last_number == tasks);
  });
  if (!read)
    return read.error();
  return check.found;
}

} // namespace sluice
