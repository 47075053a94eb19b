#include "rules/consensus/stats.hpp"

#include "rules/json_text.hpp"

namespace sluice {

namespace {

consensus_check
at_least(std::string name, double value, double limit, bool is_known, const std::string& advice) {
  consensus_check made;
  made.healthy = !is_known || value >= limit - 1e-12;
  made.says = name + " is " + json_text(value) + ", expected " + json_text(limit) + " or more"
              + (made.healthy ? "" : "; " + advice);
  made.name = std::move(name);
  made.value = value;
  made.limit = limit;
  return made;
}

} // namespace

std::string_view processing_mode(const consensus_statistics& x) {
  return x.by_consensus ? "consensus" : "individual";
}

std::vector<consensus_check>
check_health(const consensus_statistics& x, const health_terms& terms) {
  const bool has_merged = x.agreed + x.conflicted > 0;
  std::vector<consensus_check> all;
  all.push_back(at_least("coverage", x.coverage, terms.coverage_min, x.miners_reported > 0,
                         "see which validators are silent: sluice consensus validators"));
  all.push_back(at_least("participation", static_cast<double>(x.active_validators),
                         static_cast<double>(terms.participation_min), true,
                         "see which validators are silent: sluice consensus validators"));
  consensus_check rate;
  rate.name = "conflict_rate";
  rate.value = x.conflict_rate;
  rate.limit = terms.conflict_rate_max;
  rate.healthy = !has_merged || rate.value <= rate.limit + 1e-12;
  rate.says = rate.name + " is " + json_text(rate.value) + ", expected " + json_text(rate.limit)
              + " or less"
              + (rate.healthy ? "" : "; see who contradicts whom: sluice consensus conflicts");
  all.push_back(std::move(rate));
  all.push_back(at_least("mean_confidence", x.mean_confidence, terms.mean_confidence_min,
                         has_merged, "see what reports lack: sluice consensus conflicts"));
  return all;
}

} // namespace sluice
