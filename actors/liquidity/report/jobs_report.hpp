/// The liquidity mechanism's part of the report of a run: its jobs, their rounds and miners.
#pragma once

#include "actors/liquidity/report/jobs_memory.hpp"
#include "actors/report/mechanism_report.hpp"

namespace sluice::report {

class jobs_report final : public mechanism_report {
public:
  void start(const run_started& first) override { memory_.start(first); }
  void take(const step_report& step) override { memory_.take(step); }
  /// As mechanism_report has it.
  bool is_miner(miner_uid uid) const override { return memory_.is_miner(uid); }

  std::vector<std::pair<std::string, std::string>> facts() const override;
  std::string draw_step(const step_report& step, const page& on) const override;
  std::string draw_summary(const page& on) const override;

  void add_to_start_line(line& out) const override;
  std::string start_lines() const override;
  std::string step_lines(const step_report& step) const override;
  std::string summary_lines() const override;

  void add_to_start(json& out) const override;
  /// `number`: of the step, from 1.
  std::string
  step_json(uint64_t number, const step_report& step, const json_extras& extras) const override;
  void add_to_summary(json& out) const override;

private:
  jobs_memory memory_;
};

} // namespace sluice::report
