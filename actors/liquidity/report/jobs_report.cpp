#include "actors/liquidity/report/jobs_report.hpp"

#include "actors/liquidity/report/jobs_json.hpp"
#include "actors/liquidity/report/jobs_lines.hpp"
#include "actors/liquidity/report/jobs_page.hpp"

#include <nlohmann/json.hpp>

namespace sluice::report {

std::vector<std::pair<std::string, std::string>> jobs_report::facts() const {
  std::vector<std::pair<std::string, std::string>> all;
  for (const auto& x : memory_.feeds())
    all.emplace_back(all.empty() ? "jobs" : "", x);
  return all;
}

std::string jobs_report::draw_step(const step_report& step, const page& on) const {
  return draw_jobs(step, memory_, on);
}

std::string jobs_report::draw_summary(const page& on) const {
  return draw_jobs_summary(memory_, on);
}

void jobs_report::add_to_start_line(line& out) const {
  out.add("jobs", memory_.configured().size());
}

std::string jobs_report::start_lines() const {
  return feed_lines(memory_);
}

std::string jobs_report::step_lines(const step_report& step) const {
  return jobs_lines(step, memory_);
}

std::string jobs_report::summary_lines() const {
  return jobs_summary_lines(memory_);
}

void jobs_report::add_to_start(json& out) const {
  out["jobs"] = configured_jobs_json(memory_);
  out["feeds"] = memory_.feeds();
}

std::string
jobs_report::step_json(uint64_t number, const step_report& step, const json_extras& extras) const {
  return jobs_json(number, step, memory_, extras);
}

void jobs_report::add_to_summary(json& out) const {
  out["jobs"] = jobs_summary_json(memory_);
}

} // namespace sluice::report
