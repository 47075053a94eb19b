#include "rules/consensus/confidence.hpp"

#include <algorithm>

namespace sluice {

double confidence_of(const present_fields& fields, std::optional<int64_t> age_ms,
                     const confidence_terms& terms) {
  const auto missing
    = static_cast<double>(!fields.uid + !fields.hotkey + !fields.stake + !fields.is_serving);
  const auto present
    = static_cast<double>(fields.performance_score + fields.current_load + fields.specialization);
  double x = 1.0 - terms.missing * missing + terms.present * present;
  if (age_ms && *age_ms >= -static_cast<int64_t>(terms.future_s) * 1000) {
    if (*age_ms < static_cast<int64_t>(terms.fresh_s) * 1000)
      x += terms.fresh;
    else if (*age_ms < static_cast<int64_t>(terms.recent_s) * 1000)
      x += terms.recent;
  }
  return std::clamp(x, terms.lowest, 1.0);
}

double confidence_of(const miner_status& x, uint64_t received_ms, const confidence_terms& terms) {
  present_fields fields;
  fields.hotkey = !x.hotkey.empty();
  fields.stake = x.stake.has_value();
  fields.is_serving = x.is_serving.has_value();
  fields.performance_score = x.performance_score.has_value();
  fields.current_load = x.current_load.has_value();
  fields.specialization = !x.specialization.empty();
  std::optional<int64_t> age;
  if (!x.last_seen.empty())
    if (const auto seen = last_seen_ms(x.last_seen))
      age = static_cast<int64_t>(received_ms) - *seen;
  return confidence_of(fields, age, terms);
}

std::string_view confidence_band(double x) {
  if (x >= 0.9)
    return "high";
  if (x >= 0.7)
    return "medium";
  return x >= 0.5 ? "low" : "very low";
}

} // namespace sluice
