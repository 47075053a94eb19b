#include "rules/events/statistics.hpp"

#include <algorithm>
#include <utility>

namespace sluice {

void running_mean::add(double sample) {
  constexpr double kept = 0.9;
  value = samples == 0 ? sample : kept * value + (1 - kept) * sample;
  ++samples;
}

double avg_processing_time(std::span<const double> samples) {
  running_mean mean;
  for (const auto x : samples)
    mean.add(x);
  return mean.value;
}

event_history::event_history(size_t size) : max_(std::min(size, event_limits::history_max)) {}

void event_history::add(event_record x) {
  if (max_ == 0)
    return;
  if (kept_.size() == max_)
    kept_.pop_front();
  kept_.push_back(std::move(x));
}

std::vector<event_record>
event_history::find(const std::string& type, uint64_t after, size_t limit) const {
  const auto most = std::min(limit, event_limits::listed_max);
  std::vector<event_record> found;
  for (auto at = kept_.rbegin(); at != kept_.rend() && found.size() < most; ++at) {
    if (at->number <= after)
      break;
    if (type.empty() || at->type == type)
      found.push_back(*at);
  }
  std::ranges::reverse(found);
  return found;
}

} // namespace sluice
