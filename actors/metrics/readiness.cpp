#include "actors/metrics/readiness.hpp"

#include "actors/observed/card.hpp"

namespace sluice {

namespace {

bool has_begun_a_step(const seat_view& conductor) {
  if (!conductor.card)
    return false;
  const auto figures = conductor.card->figures();
  const auto steps = figures.counts.find("steps");
  return steps != figures.counts.end() && steps->second > 0;
}

} // namespace

std::optional<std::string> why_not_ready(const std::shared_ptr<card_seat>& root) {
  const auto node = root->look();
  if (!node.card)
    return "the node is starting";
  bool begun = false;
  for (const auto& place : node.card->seats()) {
    const auto child = place->look();
    if (child.state != seat_state::running)
      return node.name + '/' + child.name + " is " + std::string{word(child.state)}
             + (child.last_error.empty() ? "" : ": " + child.last_error);
    begun = begun || (child.name == "conductor" && has_begun_a_step(child));
  }
  if (!begun)
    return "the first step has not begun";
  return {};
}

} // namespace sluice
