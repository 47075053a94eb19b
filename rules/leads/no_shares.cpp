#include "rules/leads/no_shares.hpp"

namespace sluice {

namespace {

std::string leads_text(uint64_t n) {
  return std::to_string(n) + (n == 1 ? " lead" : " leads");
}

std::string passed_over(const lead_counts& counts) {
  if (counts.leads == 0)
    return "none is stored";
  std::string text = leads_text(counts.leads) + " stored";
  if (counts.skipped_bad_timestamp > 0)
    text += ", " + std::to_string(counts.skipped_bad_timestamp) + " skipped without a usable time";
  if (counts.out_of_window > 0)
    text += ", " + std::to_string(counts.out_of_window) + " outside of the window";
  if (counts.duplicates > 0)
    text += ", " + std::to_string(counts.duplicates) + " duplicates";
  if (counts.used > 0)
    text += ", " + std::to_string(counts.used) + " without curator and source";
  return text;
}

} // namespace

std::string why_no_shares(const share_report& report, const mapped_shares& mapped, uint64_t days) {
  if (report.status == share_status::no_data)
    return "no_data: no lead counts in the last " + std::to_string(days) + " days ("
           + passed_over(report.counts)
           + "); a buyer's request or `sluice leads import FILE` brings some";
  if (mapped.skip.empty())
    return {};
  constexpr size_t names_shown = 5;
  std::string names;
  for (size_t i = 0; i < mapped.dropped.size() && i < names_shown; ++i)
    names += (names.empty() ? "" : ", ") + mapped.dropped[i].value;
  if (mapped.dropped.size() > names_shown)
    names += " and " + std::to_string(mapped.dropped.size() - names_shown) + " more";
  return mapped.skip + (names.empty() ? "" : ": " + names);
}

} // namespace sluice
