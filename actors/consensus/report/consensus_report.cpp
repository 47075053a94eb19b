#include "actors/consensus/report/consensus_report.hpp"

#include "actors/report/json_event.hpp"
#include "io/text/numbers.hpp"
#include "io/text/paint.hpp"
#include "io/text/text.hpp"
#include "rules/consensus/node_settings.hpp"

#include <nlohmann/json.hpp>

namespace sluice::report {

namespace {

const consensus_detail* consensus_detail_of(const step_report& step) {
  return dynamic_cast<const consensus_detail*>(step.detail.get());
}

std::string counted_things(uint64_t n, const char* what) {
  return std::to_string(n) + ' ' + what + (n == 1 ? "" : "s");
}

/// How the records stand, as two lines.
std::string drawn_consensus(const consensus_step& x, const page& on) {
  const auto& s = x.statistics;
  const std::vector<std::string> records{"of " + counted_things(s.miners_reported, "miner"),
                                         std::to_string(s.agreed) + " agreed",
                                         std::to_string(s.conflicted) + " conflicted",
                                         std::to_string(s.pending) + " pending",
                                         std::to_string(s.stale) + " stale",
                                         "mean confidence " + fixed(s.mean_confidence, 3),
                                         counted_things(s.active_validators, "active validator")};
  auto text = flow(records, on.columns, on.letters) + '\n';
  const auto& t = x.tasks;
  if (t.step == 0)
    return text;
  const std::vector<std::string> tasks{
    counted_things(t.submitted, "task") + " submitted", counted_things(t.assigned, "assignment"),
    counted_things(t.answered, "answer"), std::to_string(t.completed) + " completed",
    std::to_string(t.waiting) + " waiting"};
  return text + flow(tasks, on.columns, on.letters) + '\n';
}

json statistics_json(const consensus_statistics& s) {
  return {{"miners_reported", s.miners_reported},
          {"agreed", s.agreed},
          {"conflicted", s.conflicted},
          {"pending", s.pending},
          {"stale", s.stale},
          {"active_validators", s.active_validators},
          {"coverage", s.coverage},
          {"conflict_rate", s.conflict_rate},
          {"mean_confidence", s.mean_confidence}};
}

json tasks_json(const task_turn_report& t) {
  return {{"submitted", t.submitted}, {"assigned", t.assigned},   {"answered", t.answered},
          {"refused", t.refused},     {"completed", t.completed}, {"ended", t.ended},
          {"waiting", t.waiting}};
}

} // namespace

void consensus_report::start(const run_started& first) {
  const auto at = first.mechanisms.find(std::string{consensus_name});
  const auto* settings
    = at == first.mechanisms.end() ? nullptr : at->second.find<consensus_node_settings>();
  if (settings)
    fact_ = std::to_string(settings->rules.min_validators) + " or more validators, by "
            + std::string{name_of(settings->rules.policy)} + ", reports of "
            + std::to_string(settings->rules.window_s) + " s";
}

void consensus_report::take(const step_report& step) {
  const auto* x = consensus_detail_of(step);
  if (!x)
    return;
  last_ = x->step;
  reports_ += x->step.reports;
  submitted_ += x->step.tasks.submitted;
  completed_ += x->step.tasks.completed;
  answered_ += x->step.tasks.answered;
}

std::vector<std::pair<std::string, std::string>> consensus_report::facts() const {
  if (fact_.empty())
    return {};
  return {{"reports", fact_}};
}

std::string consensus_report::draw_step(const step_report& step, const page& on) const {
  const auto* x = consensus_detail_of(step);
  if (!x)
    return {};
  std::vector<std::string> parts{"consensus", counted_things(x->step.reports, "report"),
                                 counted_things(x->step.items, "status") + " of miners"};
  if (x->step.silent > 0)
    parts.push_back(counted_things(x->step.silent, "validator") + " silent");
  return paint(flow(parts, on.columns, on.letters), tone::strong, on.color) + '\n'
         + drawn_consensus(x->step, on) + '\n';
}

std::string consensus_report::draw_summary(const page& on) const {
  if (!last_)
    return {};
  const std::vector<std::string> parts{
    "consensus", counted_things(reports_, "report"), counted_things(submitted_, "task"),
    counted_things(answered_, "answer"), std::to_string(completed_) + " completed"};
  return paint(flow(parts, on.columns, on.letters), tone::strong, on.color) + '\n'
         + drawn_consensus(*last_, on) + '\n';
}

std::string consensus_report::step_lines(const step_report& step) const {
  const auto* x = consensus_detail_of(step);
  if (!x)
    return {};
  const auto& s = x->step.statistics;
  const auto& t = x->step.tasks;
  return line{"consensus"}
    .add("reports", x->step.reports)
    .add("items", x->step.items)
    .add("silent", x->step.silent)
    .add("miners", s.miners_reported)
    .add("agreed", s.agreed)
    .add("conflicted", s.conflicted)
    .add("pending", s.pending)
    .add("stale", s.stale)
    .add("coverage", fixed(s.coverage, 4))
    .add("mean_confidence", fixed(s.mean_confidence, 4))
    .add("submitted", t.submitted)
    .add("assigned", t.assigned)
    .add("answered", t.answered)
    .add("completed", t.completed)
    .add("waiting", t.waiting)
    .end();
}

std::string consensus_report::summary_lines() const {
  if (!last_)
    return {};
  return line{"consensus_total"}
    .add("reports", reports_)
    .add("tasks", submitted_)
    .add("answers", answered_)
    .add("completed", completed_)
    .end();
}

std::string consensus_report::step_json(uint64_t number, const step_report& step,
                                        const json_extras& extras) const {
  const auto* x = consensus_detail_of(step);
  if (!x)
    return {};
  auto out = json_event("consensus", extras);
  out["lap"] = number;
  out["reports"] = x->step.reports;
  out["items"] = x->step.items;
  out["silent"] = x->step.silent;
  out["statistics"] = statistics_json(x->step.statistics);
  out["tasks"] = tasks_json(x->step.tasks);
  return json_line(out);
}

void consensus_report::add_to_summary(json& out) const {
  if (!last_)
    return;
  out["consensus"] = {{"reports", reports_},
                      {"tasks", submitted_},
                      {"answers", answered_},
                      {"completed", completed_},
                      {"statistics", statistics_json(last_->statistics)}};
}

} // namespace sluice::report
