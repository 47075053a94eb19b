#include "actors/leads/stored_flow.hpp"

#include "storage/leads/steps.hpp"
#include "storage/leads/tables.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace sluice {

namespace tables = storage::tables;

namespace {

/// The last step's attempt, when it is open.
result<std::optional<lead_step>> step_with_open_attempt(const storage::data_dir& disk) {
  const auto last = tables::lead_steps.last(disk);
  if (!last)
    return last.error();
  if (!*last || (*last)->second.attempt == 0)
    return std::optional<lead_step>{};
  const auto row = tables::lead_publishes.find(disk, (*last)->second.attempt);
  if (!row)
    return row.error();
  const bool open = !*row || (*row)->result == publish_end::open;
  return open ? std::optional{(*last)->second} : std::nullopt;
}

/// The flow that had begun this attempt, by the same events; none when these settings would not
/// have begun it.
std::optional<stored_flow_state>
replayed(const flow_record& stored, const flow_terms& terms, const lead_step& step) {
  auto before = stored;
  before.attempts = step.attempt - 1;
  const auto at_ms = static_cast<uint64_t>(step.time_us / 1000);
  stored_flow_state made{curation_flow{terms, before, at_ms}, {}};
  flow_actions all;
  const auto take = [&all](flow_actions more) { all.insert(all.end(), more.begin(), more.end()); };
  if (step.trigger == publish_trigger::curated) {
    constexpr uint64_t number = 0; // nobody else's
    take(made.flow.curated(number, at_ms));
    take(made.flow.stored(number, at_ms));
    take(made.flow.replied(number, at_ms));
  } else {
    take(made.flow.tick(at_ms));
  }
  for (const auto& x : all)
    if (x.what == flow_action::kind::publish)
      made.attempt = {x.number, step.trigger};
    else if (x.what == flow_action::kind::pause_sourced
             || x.what == flow_action::kind::resume_sourced)
      made.actions.push_back(x);
  if (made.attempt.number != step.attempt || !made.flow.publish_open())
    return std::nullopt;
  return made;
}

} // namespace

result<stored_flow_state>
stored_flow(const storage::data_dir& disk, const flow_terms& terms, uint64_t now_ms) {
  const auto row = tables::lead_flow.find(disk, tables::lead_flow_key);
  if (!row)
    return row.error();
  const auto stored = row->value_or(flow_record{});
  const auto step = step_with_open_attempt(disk);
  if (!step)
    return step.error();
  if (*step)
    if (auto made = replayed(stored, terms, **step))
      return *std::move(made);
  return stored_flow_state{curation_flow{terms, stored, now_ms}, {}};
}

} // namespace sluice
