/// The sports mechanism's part of the report of a run: what each step did, and where miners stand.
#pragma once

#include "actors/report/mechanism_report.hpp"
#include "messages/sports/intake.hpp"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace sluice::report {

class sports_report final : public mechanism_report {
public:
  void start(const run_started& first) override;
  void take(const step_report& step) override;
  std::vector<std::pair<std::string, std::string>> facts() const override;
  std::string draw_step(const step_report& step, const page& on) const override;
  std::string draw_summary(const page& on) const override;

  std::string step_lines(const step_report& step) const override;
  std::string summary_lines() const override;

  /// `number`: of the step, from 1.
  std::string
  step_json(uint64_t number, const step_report& step, const json_extras& extras) const override;
  void add_to_summary(json& out) const override;

private:
  std::string fact_;                              // what it plays, for people; "": not configured
  std::shared_ptr<const sports_scoring> scoring_; // the last one; null: none yet
  sports_step all_;                               // sums of this run's steps
  uint64_t attempts_ = 0;
};

} // namespace sluice::report
