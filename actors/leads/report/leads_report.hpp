/// The leads mechanism's part of the report of a run: what each step did, and the shares.
#pragma once

#include "actors/report/mechanism_report.hpp"
#include "messages/leads.hpp"

#include <memory>

namespace sluice::report {

class leads_report final : public mechanism_report {
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
  std::string fact_;                           // what it counts, for people; "": not configured
  std::shared_ptr<const share_report> shares_; // of the last step; null: none yet
  uint64_t requests_ = 0; // in this run, as the next two
  uint64_t delivered_ = 0;
  uint64_t leads_ = 0;
};

} // namespace sluice::report
