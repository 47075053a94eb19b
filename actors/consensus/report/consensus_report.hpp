/// The consensus mechanism's part of the report of a run: what each step saw, and how it stands.
#pragma once

#include "actors/report/mechanism_report.hpp"
#include "messages/consensus/intake.hpp"

#include <optional>

namespace sluice::report {

class consensus_report final : public mechanism_report {
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
  std::string fact_;                   // by which rules, for people; "": not configured
  std::optional<consensus_step> last_; // none: no step yet
  uint64_t reports_ = 0;               // in this run, as the next three
  uint64_t submitted_ = 0;             // tasks
  uint64_t completed_ = 0;             // of these and earlier ones
  uint64_t answered_ = 0;              // answers of miners
};

} // namespace sluice::report
