#include "actors/metrics/readiness.hpp"

#include "actors/observed/actor_stats.hpp"

namespace sluice {

namespace {

bool has_begun_a_step(const slot_view& conductor) {
  if (!conductor.stats)
    return false;
  const auto figures = conductor.stats->figures();
  const auto steps = figures.counts.find("steps");
  return steps != figures.counts.end() && steps->second > 0;
}

} // namespace

std::optional<std::string> why_not_ready(const std::shared_ptr<actor_slot>& root) {
  const auto node = root->look();
  if (!node.stats)
    return "the node is starting";
  bool begun = false;
  for (const auto& place : node.stats->slots()) {
    const auto child = place->look();
    if (child.state != slot_state::running)
      return node.name + '/' + child.name + " is " + std::string{name_of(child.state)}
             + (child.last_error.empty() ? "" : ": " + child.last_error);
    begun = begun || (child.name == "conductor" && has_begun_a_step(child));
  }
  if (!begun)
    return "the first step has not begun";
  return {};
}

} // namespace sluice
